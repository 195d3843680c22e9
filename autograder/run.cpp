// See run.hpp.
#include "autograder/run.hpp"

#include <chrono>

namespace autograder {

namespace {

class WorkerProcess : public Worker {
 public:
  WorkerProcess(std::unique_ptr<Child> child, double case_wall_seconds)
      : child_(std::move(child)), case_wall_seconds_(case_wall_seconds) {}

  std::variant<std::string, Ending> ask(const std::string& request) override {
    return child_->ask(request, case_wall_seconds_);
  }
  std::string take_output() override { return child_->take_output() + child_->take_errors(); }

 private:
  std::unique_ptr<Child> child_;
  double case_wall_seconds_;
};

/// Runs those of `cases` that are scored, or those that are not.
void run_some(const std::vector<const Case*>& cases, Scored which, const StartWorker& start,
              std::vector<CaseRun>& runs) {
  std::unique_ptr<Worker> worker;
  const Case* ended_in = nullptr;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (cases[i]->scored != which) continue;
    CaseRun& run = runs[i];
    if (ended_in) {
      run.outcome = NotRun{ended_in->name};
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    if (!worker) worker = start();
    auto reply = worker->ask(cases[i]->request);
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    run.output = worker->take_output();
    if (auto* line = std::get_if<std::string>(&reply)) {
      run.outcome = std::move(*line);
    } else {
      run.outcome = std::get<Ending>(reply);
      ended_in = cases[i];
    }
  }
}

}  // namespace

std::vector<CaseRun> run_cases(const std::vector<const Case*>& cases, const StartWorker& start) {
  std::vector<CaseRun> runs(cases.size());
  run_some(cases, Scored::yes, start, runs);
  run_some(cases, Scored::no, start, runs);
  return runs;
}

StartWorker start_worker(const std::filesystem::path& program, const CaseLimits& limits, std::size_t cases,
                         const Sandbox& sandbox) {
  Command command;
  command.program = Program::worker;
  // The worker lowers its own limit on processor time before each case; the one on the process is for all of them.
  command.arguments = {program.string(), std::to_string(limits.case_cpu_seconds)};
  command.folder = program.parent_path();
  command.readable = {program};
  // A fresh heap is full of zeros, which hides a member that was never initialised: glibc fills what it hands out with
  // 0xC0 (the complement of 63), which is -8577.5 as a double; its per-thread cache would not.
  command.environment = {"LC_ALL=C", "OPENBLAS_NUM_THREADS=1",
                         "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.perturb=63"};
  command.limits.cpu_seconds = limits.case_cpu_seconds * (cases + 1);
  command.limits.cpu_case_seconds = limits.case_cpu_seconds;
  command.limits.wall_seconds = static_cast<double>(limits.case_wall_seconds * (cases + 1));
  command.limits.memory_bytes = limits.memory_mb << 20;
  command.limits.output_bytes = limits.output_mb << 20;
  command.limits.answer_bytes = limits.answer_mb << 20;
  command.limits.processes = limits.threads;
  command.limits.open_files = limits.open_files;
  command.limits.file_bytes = std::size_t{1} << 20;  // an operation writes no files; a core is none of ours
  return [command, sandbox, wall = static_cast<double>(limits.case_wall_seconds)] {
    return std::make_unique<WorkerProcess>(start_confined(command, sandbox), wall);
  };
}

}  // namespace autograder
