// See run.hpp.
#include "autograder/run.hpp"

#include <algorithm>
#include <chrono>

namespace autograder {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

class WorkerProcess : public Worker {
 public:
  WorkerProcess(std::unique_ptr<Child> child, const CaseLimits& limits)
      : child_(std::move(child)),
        case_seconds_(static_cast<double>(limits.case_wall_seconds)),
        left_seconds_(static_cast<double>(limits.component_wall_seconds)) {}

  std::variant<std::string, Ending> ask(const std::string& request) override {
    const auto begin = Clock::now();
    auto reply = child_->ask(request, std::max(0.0, std::min(case_seconds_, left_seconds_)));
    left_seconds_ -= seconds_since(begin);
    return reply;
  }
  std::string take_output() override { return child_->take_output() + child_->take_errors(); }

 private:
  std::unique_ptr<Child> child_;
  double case_seconds_;
  double left_seconds_;  ///< of the component's, which only run while it is asked
};

/// Runs those of `cases` that are scored, or those that are not.
void run_some(const std::vector<const Case*>& cases, Scored which, const StartWorker& start, const TakeRun& take) {
  std::unique_ptr<Worker> worker;
  const Case* ended_in = nullptr;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (cases[i]->scored != which) continue;
    if (ended_in) {
      take(i, {NotRun{ended_in->name}, 0.0, ""});
      continue;
    }
    const auto begin = Clock::now();
    if (!worker) worker = start();
    auto reply = worker->ask(cases[i]->request);
    CaseRun run;
    run.seconds = seconds_since(begin);
    run.output = worker->take_output();
    if (auto* line = std::get_if<std::string>(&reply)) {
      run.outcome = std::move(*line);
    } else {
      run.outcome = std::get<Ending>(reply);
      ended_in = cases[i];
    }
    take(i, std::move(run));
  }
}

}  // namespace

void run_cases(const std::vector<const Case*>& cases, const StartWorker& start, const TakeRun& take) {
  run_some(cases, Scored::yes, start, take);
  run_some(cases, Scored::no, start, take);
}

CaseRun run_case(const Case& one, const StartWorker& start) {
  CaseRun only;
  run_cases({&one}, start, [&](std::size_t, CaseRun run) { only = std::move(run); });
  return only;
}

StartWorker start_workers(const WorkerProgram& program, const CaseLimits& limits, const Workload& load,
                          const Sandbox& sandbox) {
  Command command;
  command.program = Program::worker;
  // The worker lowers its own limit on processor time before each case; the one on the process is for all of them.
  command.arguments = {program.file.string(), std::to_string(limits.case_cpu_seconds)};
  command.folder = program.file.parent_path();
  command.readable = {program.file};
  command.libraries = program.libraries;
  if (!program.own_library.empty()) {
    command.readable.push_back(program.own_library);
    command.libraries.push_back(program.own_library);
  }
  // A fresh heap is full of zeros, which hides a member that was never initialised: glibc fills what it hands out with
  // 0xC0 (the complement of 63), which is -8577.5 as a double; its per-thread cache would not.
  command.environment = {"LC_ALL=C", "OPENBLAS_NUM_THREADS=1",
                         "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=63"};
  command.launcher = program.sanitized_launcher;
  command.limits.cpu_seconds = limits.case_cpu_seconds * (load.cases + 1);
  command.limits.cpu_case_seconds = limits.case_cpu_seconds;
  // A sanitizer reserves terabytes of address space: there, what is in use is watched.
  const bool is_sanitized = !program.sanitized_launcher.empty();
  (is_sanitized ? command.limits.resident_bytes : command.limits.memory_bytes) = limits.memory_mb << 20;
  command.limits.output_bytes = limits.output_mb << 20;
  command.limits.answer_bytes = limits.answer_mb << 20;
  // They are one user's, and counted together.
  command.limits.processes = limits.threads * load.workers;
  command.limits.open_files = limits.open_files;
  command.limits.file_bytes = std::size_t{1} << 20;  // an operation writes no files; a core is none of ours
  const std::shared_ptr<WorkerServer> server = open_server(command, sandbox);
  return [server, limits] { return std::make_unique<WorkerProcess>(server->start(), limits); };
}

}  // namespace autograder
