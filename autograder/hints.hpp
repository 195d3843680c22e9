// From the relations that hold in single cases to the one sentence on a component that they support, or to none: a
// wrong hint is worse than none. Pure.
#pragma once

#include <string>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/fixture.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Where a case is from.
struct Homework {
  const Assignment& assignment;
  const Component& component;
  std::vector<const Case*> earlier{};  ///< cases that the same process ran before
};

/// Notes in the first mismatch of a case what the wrong output is: one of the case's suspects, or a relation. `actual`
/// is what the case's output of that name is, of the same type as what is expected.
void note_relations(const Case& one, const Homework& homework, const Value& actual, Mismatch& mismatch);

/// Sets the hint on what the first failed case gets wrong first, where one slip explains it. Of the cases that get the
/// same output wrong first, a relation has to hold in all; a suspect in one, and none of them may deny it. Cases in
/// which something else goes wrong first are left out. A suspect that one operation shows is not said of another that
/// is given the output. Where nothing explains, an exception may tell by itself. `cases` are those of the component's
/// results, in their order: a suspect that would have got wrong what one of the same operation got right is none.
void set_hints(ComponentResult& component, const std::vector<const Case*>& cases = {});

}  // namespace autograder
