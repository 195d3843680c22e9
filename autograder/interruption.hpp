// Ctrl-C and its like: the grader ends as it is told to, and leaves neither processes nor folders behind.
#pragma once

#include <string>

namespace autograder {

/// From here on SIGINT, SIGTERM and SIGHUP end this process only after its children are dead and its temporary folders
/// removed. To be called before the first thread is started.
void tidy_up_when_interrupted();

/// What to say on standard error before that, from now on.
void say_when_interrupted(const std::string& words);

}  // namespace autograder
