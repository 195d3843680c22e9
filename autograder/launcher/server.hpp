// A server of workers: one process that has loaded the libraries which every worker needs, and forks a worker for each
// request (protocol.hpp). Loading them is most of what the start of a worker takes.
#pragma once

#include "autograder/launcher/options.hpp"

namespace launcher {

/// Loads the worker and runs it: student code runs from here on. Returns its exit code.
int run_worker(char** program);

/// Serves until the grader closes the socket. Returns an exit code where it cannot begin.
int serve(const Options& options);

}  // namespace launcher
