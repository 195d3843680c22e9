// What the sandbox costs: how long a worker takes to start and answer, and a whole grade of the solution, which
// is in the cache, in each tier. Prints medians, all taken side by side in this run. See scripts/benchmark_sandbox.sh.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "autograder/tests/course.hpp"
#include "autograder/tests/tiers.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <typename Work>
double milliseconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// The smallest tool there is, in the sandbox.
Command nothing() {
  Command command;
  command.arguments = {"/bin/true"};
  command.folder = "/";
  return command;
}

struct Figures {
  std::vector<double> tool, first, next, grade;
};

GradeOptions options_for(const Sandbox& sandbox) {
  GradeOptions options;
  options.handin = course_folder() / "reference" / "mytorch";
  options.root = course_folder();
  options.assignment = "mytorch";
  options.jobs = 2;
  options.sandbox = sandbox;
  options.cache = test_cache();
  return options;
}

/// Starts a worker and waits for its first answer.
void start_once(const StartWorker& start) {
  const auto worker = start();
  worker->ask(R"({"component": "", "operation": "", "given": {}})");
}

void measure(const Sandbox& sandbox, const Workbench& bench, Figures& figures) {
  const Machine machine = local_machine(sandbox);
  for (int i = 0; i < 10; ++i) {
    figures.tool.push_back(milliseconds([&] { run_confined(nothing(), sandbox); }));
    StartWorker start;
    figures.first.push_back(milliseconds([&] {
      start = machine.workers(bench.built.worker, bench.course.assignment.limits, {});
      start_once(start);
    }));
    figures.next.push_back(milliseconds([&] { start_once(start); }));
  }
  figures.grade.push_back(milliseconds([&] {
    if (autograder::grade(options_for(sandbox), machine).score != 100.0) std::puts("the solution lost points");
  }));
}

}  // namespace

int main() {
  constexpr int rounds = 7;
  std::vector<Figures> all(tiers().size());
  for (int round = 0; round <= rounds; ++round) {
    for (std::size_t i = 0; i < tiers().size(); ++i) {
      const Sandbox& sandbox = tiers()[i];
      const TemporaryFolder folder(sandbox.user);
      const Machine machine = local_machine(sandbox);
      const auto bench = std::get<Workbench>(prepare(options_for(sandbox), machine, folder.path()));
      // The first round fills the cache of objects and of pages, and is not counted.
      Figures first;
      measure(sandbox, bench, round == 0 ? first : all[i]);
    }
  }
  std::puts(
      "tier   start of a tool   start of a worker, to its first answer: first, next   whole grade, from the cache");
  for (std::size_t i = 0; i < tiers().size(); ++i) {
    std::printf("%-6s %12.1f ms %40.1f ms %8.1f ms %28.0f ms\n", name_of(tiers()[i].tier), median(all[i].tool),
                median(all[i].first), median(all[i].next), median(all[i].grade));
  }
}
