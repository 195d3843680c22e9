// `grade --watch`: stays, and grades again whenever a source of the hand-in is saved. Prints.
#pragma once

#include <string>
#include <vector>

#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"

namespace autograder {

struct WatchOptions {
  GradeOptions grade;  ///< the hand-in is a folder
  Feedback feedback = Feedback::automatic;
  std::vector<std::string> reports;  ///< destinations, as for deliver(); written again by each run
};

/// Shows the report on standard output, again and again: on a terminal in the place of the last one, else below it. A
/// run that fails by the grader's doing is shown, and ends nothing. Ends by an interruption only, or by throwing:
/// UsageError for options that do not go with watching, for what the first run finds wrong with them, and when the
/// hand-in's folder is gone; GraderError where the folder cannot be watched or nothing can be printed.
[[noreturn]] void watch(const WatchOptions& options, const Machine& machine);

}  // namespace autograder
