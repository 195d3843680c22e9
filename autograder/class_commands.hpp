// The commands for a class: batch, gradebook, and what the tasks of a batch on a cluster run.
#pragma once

#include "autograder/command_line.hpp"

namespace autograder {

/// Adds `batch`, `gradebook` and, hidden, `shard`.
void add_class_commands(CLI::App& app, Options& options);

/// Run the commands, and return their exit codes. Throw UsageError in a grader that was built without a journal.
int run_class(const Options& options);
int run_gradebook(const Options& options);
int run_shard(const Options& options);

}  // namespace autograder
