// The hand-ins of a class on a cluster that have no record yet: which task has each, and what is to be done when that
// has ended without one. Pure: the queue and the time are given.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograder/cluster_run.hpp"
#include "autograder/slurm.hpp"

namespace autograder {

/// Slurm's tasks by the numbers of job and task in the run; without a task's: all of the job's that are not there.
using Tasks = std::map<std::pair<std::size_t, std::optional<std::size_t>>, QueuedTask>;

struct OutstandingHandin {
  Pending pending;
  std::optional<Place> place;                                  ///< in the last job that lists it
  std::size_t task = 0;                                        ///< of that job
  std::size_t losses = 0;                                      ///< tasks that have ended without its record
  std::optional<std::chrono::steady_clock::time_point> ended;  ///< when its task was first seen to have ended well
};

/// What tasks that have ended left undone.
struct Losses {
  std::vector<Pending> again;         ///< to be submitted once more
  std::vector<std::string> given_up;  ///< names of those that were lost kAttempts times
  std::size_t cancelled = 0;          ///< whose task somebody has ended: not for us to begin again
};

class Outstanding {
 public:
  /// How often a hand-in is submitted.
  static constexpr std::size_t kAttempts = 3;

  explicit Outstanding(const std::vector<Pending>& pending);

  bool empty() const { return handins_.empty(); }
  std::size_t size() const { return handins_.size(); }
  const std::map<std::string, OutstandingHandin>& handins() const { return handins_; }

  /// Notes that a job has them, as far as it lists what they are today and the batch has not taken it already.
  void list(std::size_t number, const JobArray& job, const std::function<bool(const Place&)>& is_taken);
  /// Notes that no job has any.
  void unlist();
  void remove(const std::string& name) { handins_.erase(name); }

  /// Those that no task has which may still bring a record.
  std::vector<Pending> idle(const Tasks& tasks) const;

  /// What has been lost since the last call.
  Losses take_stock(const Tasks& tasks, std::chrono::steady_clock::time_point now);

 private:
  std::map<std::string, OutstandingHandin> handins_;
};

/// The task that has the hand-in; null where Slurm knows none.
const QueuedTask* task_of(const OutstandingHandin& one, const Tasks& tasks);

}  // namespace autograder
