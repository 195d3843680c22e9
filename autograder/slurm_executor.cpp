// See slurm_executor.hpp.
#include "autograder/slurm_executor.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "autograder/class_reports.hpp"
#include "autograder/command.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/interruption.hpp"
#include "autograder/outstanding.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

/// Slurm's default for the size of an array is 1001.
constexpr std::size_t kMostTasks = 1000;
/// Where nobody says how many hand-ins a task has.
constexpr std::size_t kUsualTasks = 100;

/// A controller that is started again is back sooner.
constexpr std::chrono::minutes kPatience{30};

/// When to look next at what another system does: soon at first, later the longer it takes.
class Pace {
 public:
  using Seconds = std::chrono::duration<double>;

  Pace(double first, double longest) : seconds_(first), longest_(longest) {}
  Clock::duration next() {
    const Seconds now(seconds_);
    seconds_ = std::min(longest_, seconds_ * 1.25);
    return std::chrono::duration_cast<Clock::duration>(now);
  }

 private:
  double seconds_, longest_;
};

class Coordinator {
 public:
  Coordinator(const SlurmOptions& options, const std::vector<Pending>& pending, const Listener& tell)
      : options_(options), tell_(tell), outstanding_(pending) {}

  void run() {
    if (!come_back()) begin();
    submit(outstanding_.idle(tasks_), options_.shard);
    Pace files(0.1, 1), queue(0.2, 10);
    Clock::time_point look_at = Clock::now() + queue.next();
    while (!outstanding_.empty()) {
      std::this_thread::sleep_for(files.next());
      take_results();
      if (Clock::now() < look_at) continue;
      look();
      look_at = Clock::now() + queue.next();
    }
    run_->end(has_given_up_ ? ClusterRun::Logs::kept : ClusterRun::Logs::removed);
    say_when_interrupted("");
  }

 private:
  /// What a task runs: the same for all of a run, which it tells from others.
  std::string script_of(const ClusterRun& run) const {
    std::string text = "#!/bin/sh\n# A task of `autograder batch --executor slurm`.\nexec";
    for (const std::string& word : options_.command) text += " " + shell_quoted(word);
    text += " " + shell_quoted(run.folder()) + " \"$1\" \"$SLURM_ARRAY_TASK_ID\" --jobs \"$SLURM_CPUS_PER_TASK\"";
    for (const std::string& word : options_.arguments) text += " " + shell_quoted(word);
    return text + "\n";
  }

  void begin() {
    run_ = ClusterRun::make(options_.out);
    run_->write_script(script_of(*run_));
  }

  /// Takes up the run of an earlier start, with what has become of it. Returns whether there was one to take up.
  bool come_back() {
    run_ = ClusterRun::find(options_.out);
    if (!run_) return false;
    const std::map<std::size_t, JobArray> jobs = run_->jobs();
    last_job_ = jobs.size();
    if (!jobs.empty()) ask_for_tasks();
    if (run_->script() != script_of(*run_)) {
      leave();
      return false;
    }
    for (const auto& [number, job] : jobs) {
      outstanding_.list(number, job, [this](const Place& place) { return run_->is_taken(place); });
    }
    set_farewell();
    const std::size_t before = outstanding_.size();
    take_results();
    if (!jobs.empty()) {
      tell_.note("Came back to Slurm's jobs of an earlier start: they have graded " +
                 std::to_string(before - outstanding_.size()) + " hand-ins, and have " +
                 std::to_string(outstanding_.size() - outstanding_.idle(tasks_).size()) + " under way");
    }
    return true;
  }

  /// What was graded with other options is not what is asked for now.
  void leave() {
    for (const auto& [numbers, task] : tasks_) {
      if (task.has_ended()) continue;
      throw UsageError("the output folder " + options_.out.string() + ": Slurm's job " + task.job +
                       " still grades for it, with other options. Start the batch with those, which are in " +
                       run_->script_file().string() + ", or end the job first: scancel " + task.job);
    }
    run_->end(ClusterRun::Logs::removed);
    tasks_.clear();
    last_job_ = 0;
  }

  std::vector<std::string> job_names() const {
    std::vector<std::string> names;
    for (std::size_t job = 1; job <= last_job_; ++job) names.push_back(run_->job_name(job));
    return names;
  }

  void ask_for_tasks() {
    const std::vector<std::string> names = job_names();
    Tasks tasks;
    for (const QueuedTask& task : slurm_.queue(names)) {
      const auto name = std::find(names.begin(), names.end(), task.name);
      if (name != names.end()) tasks[{name - names.begin() + 1, task.number}] = task;
    }
    tasks_ = std::move(tasks);
  }

  /// The list first: a job that nobody has noted could not be found again, nor would it know what to grade.
  void submit(const std::vector<Pending>& handins, std::size_t shard) {
    if (handins.empty()) return;
    const JobArray list{shard_for(handins.size(), shard, options_.cpus), handins};
    run_->add(++last_job_, list);
    set_farewell();
    ArrayJob job;
    job.name = run_->job_name(last_job_);
    job.script = run_->script_file();
    job.arguments = {std::to_string(last_job_)};
    job.tasks = list.tasks();
    job.cpus = options_.cpus;
    job.log = run_->log_files(last_job_);
    job.options = options_.sbatch;
    const std::string number = submit_or_take_back(job);
    outstanding_.list(last_job_, list, [](const Place&) { return false; });
    tell_.note("Submitted to Slurm: " + std::to_string(handins.size()) + " hand-ins as job " + number +
               ", tasks: " + std::to_string(job.tasks));
  }

  std::string submit_or_take_back(const ArrayJob& job) {
    try {
      return slurm_.submit(job);
    } catch (const GraderError& error) {
      if (const std::optional<std::string> number = number_of(job)) return *number;
      run_->remove(last_job_);
      if (last_job_ == 1) run_->end(ClusterRun::Logs::removed);
      throw GraderError(std::string(error.what()) + "\nWhat is graded is kept: mend that, and start the batch again.");
    }
  }

  /// A controller that answered too late may have taken the job.
  std::optional<std::string> number_of(const ArrayJob& job) const {
    try {
      const std::vector<QueuedTask> tasks = slurm_.queue({job.name});
      return tasks.empty() ? std::nullopt : std::optional(tasks.front().job);
    } catch (const GraderError&) {
      return std::nullopt;
    }
  }

  void set_farewell() const {
    std::string names;
    for (const std::string& name : job_names()) names += (names.empty() ? "" : ",") + name;
    say_when_interrupted(
        "Slurm's jobs go on. The same command comes back to them; this ends them: scancel --name=" + names + "\n");
  }

  void take_results() {
    std::vector<std::string> done;
    for (const auto& [name, one] : outstanding_.handins()) {
      const std::optional<Record> record = one.place ? run_->result(*one.place) : std::nullopt;
      if (!record) continue;
      tell_.finish(*record);
      run_->mark_taken(*one.place);
      done.push_back(name);
    }
    for (const std::string& name : done) outstanding_.remove(name);
  }

  /// Asks Slurm what has become of the tasks, and acts on it.
  void look() {
    try {
      ask_for_tasks();
      silent_since_.reset();
    } catch (const GraderError& error) {
      bear_silence(error);
      return;
    }
    take_results();  // what a task has written before it ended
    for (const auto& [numbers, task] : tasks_) {
      if (task.is_held_back()) slurm_.start_now(task);
    }
    say_why_it_waits();
    see_to_losses();
  }

  void bear_silence(const GraderError& error) {
    if (!silent_since_) {
      silent_since_ = Clock::now();
      tell_.note(std::string(error.what()) + ". Asking again");
    } else if (Clock::now() - *silent_since_ > kPatience) {
      throw GraderError(std::string(error.what()) + ". The jobs may go on: start the batch again when Slurm answers.");
    }
  }

  void say_why_it_waits() {
    std::size_t waiting = 0;
    std::string why;
    for (const auto& [numbers, task] : tasks_) {
      if (task.has_ended()) continue;
      if (task.state != "PENDING") return;
      ++waiting;
      why = task.reason;
    }
    // Slurm has not thought about it yet.
    if (waiting == 0 || why == "None" || why == why_it_waits_) return;
    why_it_waits_ = why;
    tell_.note("No task runs; waiting in Slurm's queue: " + std::to_string(waiting) + " (" + why + ")");
  }

  void see_to_losses() {
    if (outstanding_.empty()) return;
    require_begun();
    const Losses losses = outstanding_.take_stock(tasks_, Clock::now());
    for (const std::string& name : losses.given_up) give_up(outstanding_.handins().at(name));
    submit(losses.again, 1);  // each alone: one of them may be what ends a task
    if (losses.cancelled > 0 && losses.cancelled == outstanding_.size()) {
      throw GraderError("grading on the cluster: somebody has cancelled Slurm's tasks, and " +
                        std::to_string(losses.cancelled) +
                        " hand-ins are not graded. The same command submits them again.");
    }
  }

  /// Where all tasks have failed before they could begin, no hand-in is to blame, and another try would end as this
  /// one.
  void require_begun() {
    const bool all_failed = !tasks_.empty() && std::all_of(tasks_.begin(), tasks_.end(), [&](const auto& entry) {
      const auto& [numbers, task] = entry;
      return task.state == "FAILED" && !run_->has_begun(numbers.first, numbers.second.value_or(0));
    });
    if (!all_failed) return;
    const auto& [job, task] = tasks_.rbegin()->first;
    const fs::path log = run_->log_file(job, task.value_or(0));
    const std::string said = run_->last_words(job, task.value_or(0));
    run_->end(ClusterRun::Logs::kept);
    throw GraderError("grading on the cluster: no task could begin. " +
                      (said.empty() ? "None has written " + log.string() +
                                          ": is that on a folder that all nodes share, and may you write there?"
                                    : log.string() + " ends with:\n" + said));
  }

  void give_up(const OutstandingHandin& one) {
    const QueuedTask* task = task_of(one, tasks_);
    Record record = begin_record(one.pending);
    record.message =
        "its tasks on the cluster ended without a result, the last of " + std::to_string(Outstanding::kAttempts) + " " +
        (task ? "as " + task->state + " (" + task->reason + ") on node " + task->node : "unknown to Slurm") +
        "; log: " + run_->log_file(one.place->job, one.task).string();
    record.reports = render_failure(one.pending.submission.path.filename().string(), "");
    sign(record);
    has_given_up_ = true;
    tell_.finish(record);
    outstanding_.remove(record.name);
  }

  const SlurmOptions& options_;
  const Listener& tell_;
  const Slurm slurm_;
  Outstanding outstanding_;
  std::optional<ClusterRun> run_;
  std::size_t last_job_ = 0;
  Tasks tasks_;  ///< when Slurm was last asked
  std::optional<Clock::time_point> silent_since_;
  std::string why_it_waits_;
  bool has_given_up_ = false;
};

}  // namespace

std::size_t shard_for(std::size_t handins, std::size_t wanted, std::size_t cpus) {
  const auto in = [&](std::size_t tasks) { return (handins + tasks - 1) / tasks; };
  return std::max(in(kMostTasks), wanted > 0 ? wanted : std::max(cpus, in(kUsualTasks)));
}

void grade_on_slurm(const SlurmOptions& options, const std::vector<Pending>& pending, const Listener& tell) {
  Coordinator(options, pending, tell).run();
}

}  // namespace autograder
