// See outstanding.hpp.
#include "autograder/outstanding.hpp"

namespace autograder {

namespace {

using TimePoint = std::chrono::steady_clock::time_point;

/// A network file system shows a new file to other machines after a minute at the latest (acdirmax of nfs(5)).
constexpr std::chrono::seconds kLate{90};

/// Whether the record will not come any more, and nobody wanted that.
bool is_lost(OutstandingHandin& one, const QueuedTask* task, TimePoint now) {
  if (!one.place || (task && (!task->has_ended() || task->state == "CANCELLED"))) return false;
  if (task && task->state != "COMPLETED") return true;
  // It ended well, or Slurm has forgotten it: the record may be on its way.
  if (!one.ended) one.ended = now;
  return now - *one.ended > kLate;
}

}  // namespace

Outstanding::Outstanding(const std::vector<Pending>& pending) {
  for (const Pending& one : pending) handins_[one.submission.name].pending = one;
}

void Outstanding::list(std::size_t number, const JobArray& job, const std::function<bool(const Place&)>& is_taken) {
  for (std::size_t index = 0; index < job.handins.size(); ++index) {
    const auto found = handins_.find(job.handins[index].submission.name);
    if (found == handins_.end()) continue;
    OutstandingHandin& one = found->second;
    const Place place{number, index};
    const bool is_same = job.handins[index].state.digest == one.pending.state.digest;
    one.place = is_same && !is_taken(place) ? std::optional(place) : std::nullopt;
    one.task = index / job.shard;
    one.ended.reset();
  }
}

void Outstanding::unlist() {
  for (auto& [name, one] : handins_) one.place.reset();
}

std::vector<Pending> Outstanding::idle(const Tasks& tasks) const {
  std::vector<Pending> idle;
  for (const auto& [name, one] : handins_) {
    const QueuedTask* task = task_of(one, tasks);
    if (!task || (task->has_ended() && task->state != "COMPLETED")) idle.push_back(one.pending);
  }
  return idle;
}

Losses Outstanding::take_stock(const Tasks& tasks, TimePoint now) {
  Losses losses;
  for (auto& [name, one] : handins_) {
    const QueuedTask* task = task_of(one, tasks);
    if (task && task->state == "CANCELLED") ++losses.cancelled;
    if (!is_lost(one, task, now)) continue;
    if (++one.losses < kAttempts) {
      losses.again.push_back(one.pending);
    } else {
      losses.given_up.push_back(name);
    }
  }
  return losses;
}

const QueuedTask* task_of(const OutstandingHandin& one, const Tasks& tasks) {
  if (!one.place) return nullptr;
  auto found = tasks.find({one.place->job, one.task});
  if (found == tasks.end()) found = tasks.find({one.place->job, std::nullopt});
  return found == tasks.end() ? nullptr : &found->second;
}

}  // namespace autograder
