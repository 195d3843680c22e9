// The command line. What goes wrong and is caught nowhere else ends here, as a message and an exit code.
#pragma once

namespace autograder {

/// Runs `autograder <command>` and returns its exit code: 0 a report was written, 1 the score is under --fail-under,
/// 2 usage, 3 the grader failed and there is no score.
int run_command_line(int argc, char** argv);

}  // namespace autograder
