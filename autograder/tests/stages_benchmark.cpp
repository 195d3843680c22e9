// Where the time of one grade goes: prints seconds of each stage, with one job, from an empty cache and from a full
// one. Usage: stages_benchmark HANDIN CACHE, the latter a folder to be. See scripts/benchmark.sh.
#include <chrono>
#include <cstdio>
#include <map>

#include "autograder/object_cache.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/tests/tiers.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

using Clock = std::chrono::steady_clock;

/// Seconds by what they were spent on.
using Account = std::map<std::string, double>;

/// Notes how long it lived.
class Timed {
 public:
  Timed(Account& account, std::string what) : account_(account), what_(std::move(what)) {}
  ~Timed() { account_[what_] += std::chrono::duration<double>(Clock::now() - begin_).count(); }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  Account& account_;
  std::string what_;
  Clock::time_point begin_ = Clock::now();
};

/// A worker whose answers are waited for on the clock.
class TimedWorker : public Worker {
 public:
  TimedWorker(std::unique_ptr<Worker> worker, Account& account) : worker_(std::move(worker)), account_(account) {}
  ~TimedWorker() override {
    const Timed timed(account_, "run");
    worker_.reset();
  }
  std::variant<std::string, Ending> ask(const std::string& request) override {
    const Timed timed(account_, "run");
    return worker_->ask(request);
  }
  std::string take_output() override { return worker_->take_output(); }

 private:
  std::unique_ptr<Worker> worker_;
  Account& account_;
};

/// Compilers are told to stop before linking.
std::string purpose_of(const Command& command) {
  for (const std::string& word : command.arguments) {
    if (word == "-c") return "compile";
    if (word == "-shared") return "link";
  }
  return "isolate";
}

Machine timed_machine(const Sandbox& sandbox, Account& account) {
  const Machine real = local_machine(sandbox);
  Machine timed = real;
  timed.run = [real, &account](const Command& command) {
    const Timed clock(account, purpose_of(command));
    return real.run(command);
  };
  timed.workers = [real, &account](const WorkerProgram& program, const CaseLimits& limits, const Workload& load) {
    const Timed clock(account, "run");
    const StartWorker start = real.workers(program, limits, load);
    return [start, &account]() -> std::unique_ptr<Worker> {
      const Timed started(account, "run");
      return std::make_unique<TimedWorker>(start(), account);
    };
  };
  return timed;
}

Account grade_once(const GradeOptions& options) {
  Account account, inner;
  const Machine machine = timed_machine(options.sandbox, inner);
  const TemporaryFolder folder(options.sandbox.user);
  Report report;
  {
    const Timed all(account, "all");
    const auto bench = std::get<Workbench>(prepare(options, machine, folder.path()));
    {
      const Timed assessing(account, "assess");
      report = assess(bench, options, machine);
    }
    const Timed writing(account, "report");
    json_report(report), text_report(report, Colour::off), markdown_report(report);
  }
  if (report.score != 100.0) std::puts("the solution lost points");
  account.insert(inner.begin(), inner.end());
  account["compare"] = account["assess"] - account["run"];
  account["rest"] = account["all"] - account["assess"] - account["report"] - account["compile"] - account["isolate"] -
                    account["link"];
  return account;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: stages_benchmark HANDIN CACHE\n", stderr), 2;
  GradeOptions options;
  options.handin = argv[1];
  options.root = course_folder();
  options.assignment = "mytorch";
  options.sandbox = tiers().front();
  options.cache = std::make_shared<ObjectCache>(argv[2], std::uintmax_t{1} << 30);
  const std::vector<std::string> stages{"all", "compile", "isolate", "link", "run", "compare", "report", "rest"};
  std::printf("%-30s", "where the time goes, one job");
  for (const std::string& stage : stages) std::printf("%9s", stage.c_str());
  for (const char* title : {"nothing built before", "everything built before"}) {
    Account account = grade_once(options);
    std::printf("\n%-30s", title);
    for (const std::string& stage : stages) std::printf("%9.3f", account[stage]);
  }
  std::puts(" s");
}
