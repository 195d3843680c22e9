// Slurm by its commands: sbatch, squeue, scontrol. Knows nothing of grading.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace autograder {

/// Many tasks of one kind, which differ in their number: 0, 1, …
struct ArrayJob {
  std::string name;                    ///< by which the queue is asked for it
  std::filesystem::path script;        ///< what each task runs
  std::vector<std::string> arguments;  ///< of the script
  std::size_t tasks = 0;
  std::size_t cpus = 1;              ///< of a task
  std::filesystem::path log;         ///< of a task, followed by its number and ".txt"
  std::vector<std::string> options;  ///< the user's own of sbatch
};

/// A task as Slurm sees it.
struct QueuedTask {
  std::string name;                   ///< of its job
  std::string job;                    ///< its number
  std::optional<std::size_t> number;  ///< of the task; none: all of its job's that are not listed by themselves
  std::string state;                  ///< in Slurm's words: PENDING, RUNNING, COMPLETED, …
  std::string reason;                 ///< why it waits, or what ended it
  std::string node;
  std::size_t restarts = 0;  ///< how often it went back into the queue

  bool has_ended() const;
  /// Sent back into the queue, where it is kept for two minutes, though a node is free.
  bool is_held_back() const { return restarts > 0 && state == "PENDING" && reason == "BeginTime"; }
};

/// The arguments of sbatch: what the job is comes last, and counts. Pure.
std::vector<std::string> sbatch_arguments(const ArrayJob& job);

/// What squeue has printed in the format that Slurm::queue() asks for. Pure. Throws GraderError for anything else.
std::vector<QueuedTask> read_queue(const std::string& text);

class Slurm {
 public:
  /// Finds the commands. Throws GraderError, with the remedy, where there are none.
  Slurm();

  /// Returns the number of the job. Throws GraderError, with what sbatch says, where it was not taken.
  std::string submit(const ArrayJob& job) const;

  /// The tasks of this user's jobs with these names, as far as Slurm still knows them: those that have ended it forgets
  /// after a while. Throws GraderError where Slurm does not answer.
  std::vector<QueuedTask> queue(const std::vector<std::string>& names) const;

  /// Lets a task that is held back run now. Where that is refused, it runs later.
  void start_now(const QueuedTask& task) const;

 private:
  std::filesystem::path sbatch_, squeue_, scontrol_;
};

}  // namespace autograder
