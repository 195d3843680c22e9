// Grades a class on a cluster: submits the hand-ins to Slurm, takes in what its tasks have written, submits again what
// was lost, and comes back to its jobs after it was ended itself.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "autograder/executor.hpp"

namespace autograder {

struct SlurmOptions {
  std::filesystem::path out;           ///< the batch's, on a folder that all nodes share
  std::vector<std::string> command;    ///< what grades a task's hand-ins: the grader's program, `shard`, …
  std::vector<std::string> arguments;  ///< that decide how, for the end of that command
  std::size_t shard = 0;               ///< hand-ins a task, as shard_for() wants them
  std::size_t cpus = 1;                ///< of a task, which grades so many hand-ins at a time
  std::vector<std::string> sbatch;     ///< options for sbatch
};

/// Grades them all. A hand-in whose task ended without its record is submitted again, alone in a task; after the third
/// time it is recorded as a failure of the grader, with the task's log in the message. Throws GraderError where Slurm
/// takes no job or does not answer, where no task could begin, or where somebody has cancelled the tasks; UsageError
/// where jobs are under way that grade with other options. In each case it can be started again and loses nothing.
void grade_on_slurm(const SlurmOptions& options, const std::vector<Pending>& pending, const Listener& tell);

/// How many of so many hand-ins a task has: as many as are wanted, or, where that is 0, so many that there are at most
/// a hundred tasks and all of a task's processors have something to do; never more tasks than Slurm takes. Pure.
std::size_t shard_for(std::size_t handins, std::size_t wanted, std::size_t cpus);

}  // namespace autograder
