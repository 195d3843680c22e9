// A class that a cluster grades, as it lies in OUT/slurm/<run>/: what the batch, which alone has the journal, and the
// tasks of its jobs tell each other. What is read is made whole by renaming.
//
//   task.sh               what a task runs, and with which options; without it the run is over
//   array-<n>             the hand-ins of job n, task by task (CBOR: names of files need not be UTF-8)
//   begun-<n>-<task>      that task has read all it needs, has a sandbox, and grades
//   result-<n>-<index>    the record of one hand-in of job n: a journal that holds nothing else
//   taken-<n>-<index>     the same, when the batch has it
//   log-<n>-<task>.txt    what that task said
//
// A hand-in is graded by the last job that lists it: the others pass it over.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "autograder/executor.hpp"

namespace autograder {

/// The hand-ins of a job. Its task t has those from t * shard on, `shard` of them or what is left.
struct JobArray {
  std::size_t shard = 1;
  std::vector<Pending> handins;

  std::size_t tasks() const { return (handins.size() + shard - 1) / shard; }
};

/// A hand-in by its place in a job.
struct Place {
  std::size_t job = 0;
  std::size_t index = 0;
};

class ClusterRun {
 public:
  enum class Logs { removed, kept };

  explicit ClusterRun(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The run in an output folder that is not over, if there is one.
  static std::optional<ClusterRun> find(const std::filesystem::path& out);
  /// A new one, under a name that no other has.
  static ClusterRun make(const std::filesystem::path& out);

  const std::filesystem::path& folder() const { return folder_; }
  std::string job_name(std::size_t job) const;
  std::filesystem::path log_file(std::size_t job, std::size_t task) const;
  /// The end of it; empty where there is none.
  std::string last_words(std::size_t job, std::size_t task) const;
  /// Its name up to the task's number.
  std::filesystem::path log_files(std::size_t job) const;
  std::filesystem::path script_file() const { return folder_ / "task.sh"; }

  /// What tasks run; empty where the run is over.
  std::string script() const;
  void write_script(const std::string& script) const;
  /// Ends it: tasks that come or go on later do nothing.
  void end(Logs logs) const;

  /// The jobs, by number. Throws GraderError where a file cannot be read.
  std::map<std::size_t, JobArray> jobs() const;
  std::optional<JobArray> job(std::size_t number) const;
  void add(std::size_t number, const JobArray& job) const;
  void remove(std::size_t number) const;

  /// Whether a task still has to grade this hand-in: the run is not over, nobody has, and no later job lists it.
  bool wants(const Place& place, const std::string& name) const;

  void write_begun(std::size_t job, std::size_t task) const;
  bool has_begun(std::size_t job, std::size_t task) const;

  void write_result(const Place& place, const Record& record) const;
  /// The record, if a task has written it. One that is damaged is removed, and there is none.
  std::optional<Record> result(const Place& place) const;
  void mark_taken(const Place& place) const;
  bool is_taken(const Place& place) const;

 private:
  std::filesystem::path file(const std::string& kind, std::size_t job, std::size_t number) const;

  std::filesystem::path folder_;
};

}  // namespace autograder
