// See slurm.hpp.
#include "autograder/slurm.hpp"

#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "autograder/command.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/process.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// A busy controller keeps its commands waiting, which then give up by themselves.
constexpr double kPatienceSeconds = 300;

/// What is asked of the queue, in the order in which read_queue() takes it apart. "|" ends a column; only the last,
/// which may be an administrator's words, can hold one.
constexpr const char* kColumns = "--Format=Name:|,ArrayJobID:|,ArrayTaskID:|,State:|,RestartCnt:|,NodeList:|,Reason:|";
constexpr std::size_t kColumnCount = 7;

fs::path require_program(const std::string& name) {
  const fs::path program = find_program(name);
  if (!program.empty()) return program;
  throw GraderError("looking for " + name +
                    ": it is not on the PATH. Start the batch where the cluster's commands are, "
                    "on a log-in node; or leave out --executor slurm.");
}

Completed run(const fs::path& program, const std::vector<std::string>& arguments) {
  Command command;
  command.arguments = {program};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  for (char** variable = environ; *variable; ++variable) command.environment.emplace_back(*variable);
  command.limits.wall_seconds = kPatienceSeconds;
  return run_to_end(command);
}

std::string without_line_breaks_at_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// What a command that failed has to say.
std::string words_of(const Completed& completed) {
  const std::string words = without_line_breaks_at_end(completed.errors);
  return words.empty() ? "it ended by " + describe(completed.ending) : words;
}

/// sbatch replaces %a and the like in names of files.
std::string as_pattern(const fs::path& path) {
  std::string pattern;
  for (const char c : path.string()) pattern += c == '%' ? std::string("%%") : std::string(1, c);
  return pattern;
}

/// A job that was cancelled at once has not been taken apart into tasks: "N/A".
std::optional<std::size_t> number_of_task(const std::string& column) {
  if (column == "N/A") return std::nullopt;
  return std::stoul(column);
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns;
  std::istringstream rest(line);
  for (std::string column; std::getline(rest, column, '|');) columns.push_back(column);
  return columns;
}

}  // namespace

bool QueuedTask::has_ended() const {
  static const std::vector<std::string> ends{"BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
                                             "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",  "TIMEOUT"};
  return std::find(ends.begin(), ends.end(), state) != ends.end();
}

std::vector<std::string> sbatch_arguments(const ArrayJob& job) {
  std::vector<std::string> arguments = job.options;
  const auto add = [&](const std::string& argument) { arguments.push_back(argument); };
  add("--parsable");
  add("--job-name=" + job.name);
  add("--array=0-" + std::to_string(job.tasks - 1));
  add("--ntasks=1");
  add("--cpus-per-task=" + std::to_string(job.cpus));
  add("--chdir=/");
  // Back into the queue when a node dies, without losing what was said before.
  add("--requeue");
  add("--open-mode=append");
  add("--output=" + as_pattern(job.log) + "%a.txt");
  add("--propagate=NONE");  // a log-in node's limits are none of a node's
  add(job.script.string());
  arguments.insert(arguments.end(), job.arguments.begin(), job.arguments.end());
  return arguments;
}

std::vector<QueuedTask> read_queue(const std::string& text) {
  std::vector<QueuedTask> tasks;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> columns = columns_of(line);
    QueuedTask task;
    try {
      if (columns.size() < kColumnCount) throw std::invalid_argument("columns");
      task = {columns[0], columns[1], number_of_task(columns[2]), columns[3],
              columns[6], columns[5], std::stoul(columns[4])};
    } catch (const std::exception&) {
      throw GraderError("reading what squeue says: it is not in the format that was asked for: " + line);
    }
    tasks.push_back(task);
  }
  return tasks;
}

Slurm::Slurm()
    : sbatch_(require_program("sbatch")), squeue_(require_program("squeue")), scontrol_(require_program("scontrol")) {}

std::string Slurm::submit(const ArrayJob& job) const {
  const Completed completed = run(sbatch_, sbatch_arguments(job));
  if (completed.succeeded()) {
    // "17", or "17;cluster"
    const std::string words = without_line_breaks_at_end(completed.output);
    return words.substr(0, words.find(';'));
  }
  std::string options;
  for (const std::string& option : job.options) options += " " + option;
  throw GraderError("submitting the job to Slurm (sbatch" + options + "): " + words_of(completed));
}

std::vector<QueuedTask> Slurm::queue(const std::vector<std::string>& names) const {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  const std::string user = "--user=" + std::to_string(getuid());
  // Those that have ended too. One user's jobs are less to ask a controller for than all jobs are.
  const Completed completed = run(squeue_, {"--noheader", "--array", "--states=all", user, "--name=" + list, kColumns});
  if (!completed.succeeded()) throw GraderError("asking Slurm for its queue (squeue): " + words_of(completed));
  return read_queue(completed.output);
}

void Slurm::start_now(const QueuedTask& task) const {
  if (!task.number) return;
  run(scontrol_, {"update", "JobId=" + task.job + "_" + std::to_string(*task.number), "StartTime=now"});
}

}  // namespace autograder
