// See look.hpp.
#include "autograder/look.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "autograder/delivery.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/show.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// The one case that --show and --debug are about, with its place on the workbench.
const Case& single_case(const Workbench& bench, const std::string& name, const Selection*& chosen) {
  const Case* found = nullptr;
  for (const Selection& selection : bench.selections) {
    if (!selection.why_not.empty()) continue;
    for (const Case* one : selection.cases) {
      if (found) {
        throw UsageError("--case \"" + name + "\" fits \"" + found->name + "\" and \"" + one->name + "\" (" +
                         selection.component->id + "): give more of the name, or --only COMPONENT");
      }
      found = one;
      chosen = &selection;
    }
  }
  if (!found) throw UsageError("no case fits");
  return *found;
}

/// Prints what went wrong in the build of the files that one component needs. Returns whether they all built.
bool files_built(const Workbench& bench, const Component& component) {
  bool all = true;
  for (const BuiltFile& file : bench.built.files) {
    const auto& needed = component.needs_files;
    if (std::find(needed.begin(), needed.end(), bench.course->assignment.find_file(file.file)->place) == needed.end())
      continue;
    if (file.status == BuiltFile::Status::ok) continue;
    all = false;
    std::cout << file.file << (file.status == BuiltFile::Status::missing ? " is missing\n" : " does not build\n")
              << printable(file.diagnostics);
  }
  return all;
}

void debug_case(const Case& one, const Component& component, const fs::path& worker) {
  const fs::path folder = worker.parent_path();
  replace_file(folder / "request.json", one.request + "\n");
  const std::string file = component.needs_files.empty() ? "FILE" : fs::path(component.needs_files.front()).filename();
  std::cout << "gdb with the case \"" << one.name
            << "\". It stops where an exception is thrown: `run`, then `backtrace`.\n"
            << "Or stop earlier, at line 12: `break " << file << ":12`; then `next`, `step`, `print N`, `quit`.\n"
            << std::flush;
  // The processor time is the student's own here: a day.
  const std::string command = "cd " + shell_quoted(folder.string()) +
                              " && exec gdb -q -ex 'set confirm off' -ex 'set breakpoint pending on' -ex 'catch throw' "
                              "-ex 'set environment OPENBLAS_NUM_THREADS 1' -ex 'set args bare -- ./worker.so 86400 < "
                              "request.json 3> answer.json' " +
                              shell_quoted(kLauncherFile);
  const int result = std::system(command.c_str());
  if (result != 0)
    throw GraderError(
        "starting gdb: it ended with an error. Is it installed? On Debian and Ubuntu: apt-get install gdb.");
}

}  // namespace

void look_at_case(const GradeOptions& options, const Machine& machine, Look how, MayShow which) {
  if (options.case_name.empty()) throw UsageError("--show and --debug need --case NAME");
  const TemporaryFolder folder(options.sandbox.user);
  const Sweep at_end(options.sandbox);
  const auto prepared = prepare(options, machine, folder.path());
  if (const auto* refused = std::get_if<Report>(&prepared)) {
    throw UsageError("the hand-in is refused: " + *refused->refused);
  }
  const auto& bench = std::get<Workbench>(prepared);
  if (bench.course->fixtures.visibility == Visibility::withheld && which == MayShow::open_only) {
    throw UsageError("the fixtures " + bench.course->fixtures.name +
                     " are hidden: --show and --debug need --feedback full");
  }
  const Selection* selection = nullptr;
  const Case& one = single_case(bench, options.case_name, selection);
  if (!files_built(bench, *selection->component)) return;
  if (how == Look::debug) return debug_case(one, *selection->component, bench.built.worker.file);
  const CaseRun run = run_case(one, machine.workers(bench.built.worker, bench.course->assignment.limits, {}));
  std::cout << show_case(one, run) << std::flush;
  require_written(std::cout, "to standard output");
}

}  // namespace autograder
