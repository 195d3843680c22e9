// Sections that use what other sections test: is a section wrong in itself, or only because of what it uses?
#pragma once

#include <set>
#include <string>
#include <vector>

#include "autograder/grade.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// Sections that are to be run again with the solution's files for the same prerequisites.
struct Again {
  std::vector<std::string> sections;  ///< ids
  std::vector<std::string> of;        ///< ids of the prerequisites that did not pass
  std::set<std::string> places;       ///< of the files to take from the solution
};

/// The sections that did not pass though they were run, and of which a prerequisite did not pass either. Pure.
std::vector<Again> sections_to_run_again(const Assignment& assignment, const std::vector<SectionResult>& sections);

/// Runs these sections once more, with the solution in the place of the prerequisites, and notes in the report what
/// became of them; under the policy `reference` that gives the points. Nothing that the student's code says in such a
/// run is in the report: it has the solution's code beside it. Without a solution a notice says so.
void look_at_prerequisites(Report& report, const Workbench& bench, const GradeOptions& options, const Machine& machine);

}  // namespace autograder
