// Points: from cases to components, sections and the total. Pure.
#pragma once

#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// The status of a whole: that of its first part that did not pass; a skipped part counts only where no other failed.
Status status_of(const std::vector<Status>& parts);

/// The status of a component, from its scored cases alone.
Status status_of(const std::vector<CaseResult>& cases);

/// Returns the assignment's sections with their points. `components` holds one result for each of the assignment's
/// components, in its order. A section is all or nothing, or each component brings its own points; a component that was
/// skipped brings none.
std::vector<SectionResult> score(const Assignment& assignment, const std::vector<ComponentResult>& components);

/// The sum of the sections' points.
double total(const std::vector<SectionResult>& sections);

}  // namespace autograder
