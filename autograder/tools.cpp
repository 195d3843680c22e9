// See tools.hpp.
#include "autograder/tools.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// With less than this left on the disk a failing tool proves nothing: the objects and the worker of one hand-in take
/// up to 40 MiB.
constexpr std::size_t kNeededBytes = std::size_t{48} << 20;

/// A compiler takes some 200 MiB in small pieces. In large pages, asked for 64 MiB at a time, that takes a twentieth less
/// processor time. Only glibc heeds it.
constexpr const char* kLargePages = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864";

/// The compilers find their assembler and linker beside themselves or in the system's folders.
std::vector<std::string> environment_for(const std::string& program, const fs::path& folder) {
  return {"PATH=" + fs::path(program).parent_path().string() + ":/usr/bin:/bin", "LC_ALL=C", "SOURCE_DATE_EPOCH=0",
          "TMPDIR=" + folder.string(), kLargePages};
}

bool was_killed(const Completed& completed) {
  const auto* signalled = std::get_if<Signalled>(&completed.ending);
  return signalled && signalled->number == SIGKILL;
}

bool says_any(const Completed& completed, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return completed.errors.find(word) != std::string::npos; });
}

bool speaks_of_a_full_disk(const Completed& completed) {
  return says_any(completed, {std::strerror(ENOSPC), std::strerror(EDQUOT)});
}

/// Compilers are parents of compilers proper and of linkers, and speak of their ends.
bool speaks_of_a_killed_program(const Completed& completed) {
  return says_any(completed, {"Killed signal terminated program", "unable to execute command: Killed",
                              "linker command failed due to signal", "terminated with signal 9"});
}

/// Not for ever, at least.
bool speaks_of_want(const Completed& completed) {
  return speaks_of_a_full_disk(completed) || speaks_of_a_killed_program(completed) ||
         says_any(completed, {std::strerror(EAGAIN), std::strerror(ENOMEM), "out of memory", "memory exhausted",
                              "signal terminated program", std::strerror(ENOENT), "file not found"});
}

}  // namespace

Tools::Tools(const CompileLimits& limits, fs::path folder, const RunCommand& run)
    : limits_(limits), folder_(std::move(folder)), run_(run), kills_before_(out_of_memory_kills()) {}

Completed Tools::run(ToolCall call) const {
  Command command;
  command.environment = environment_for(call.arguments[0], call.writable);
  command.arguments = std::move(call.arguments);
  command.folder = std::move(call.folder);
  command.readable = std::move(call.readable);
  command.writable = std::move(call.writable);
  command.limits.wall_seconds = static_cast<double>(limits_.wall_seconds);
  command.limits.cpu_seconds = limits_.cpu_seconds;
  command.limits.memory_bytes = limits_.memory_mb << 20;
  command.limits.file_bytes = limits_.file_mb << 20;
  command.limits.output_bytes = limits_.output_mb << 20;
  command.limits.processes = limits_.processes;
  command.limits.open_files = limits_.open_files;
  Completed completed = run_(command);
  // A disk that is full for a moment, by another program's doing. What a student made the compiler say, it says again.
  if (!completed.succeeded() && speaks_of_a_full_disk(completed)) completed = run_(command);
  if (!completed.succeeded()) require_health(completed, command.arguments[0]);
  return completed;
}

void Tools::require_health(const Completed& completed, const std::string& tool) const {
  if (!has_room(folder_, kNeededBytes)) {
    throw GraderError("building in " + folder_.string() + ": the disk is full, or a quota used up: there is no room " +
                      "for " + std::to_string(kNeededBytes >> 20) + " MiB. Make some, or set TMPDIR.");
  }
  // A student can make g++ speak of a killed program, but not make the kernel count one more.
  if (was_killed(completed) || (speaks_of_a_killed_program(completed) && out_of_memory_kills() > kills_before_)) {
    throw GraderError("running " + tool + ": something killed it. Did the machine run out of memory? Take fewer " +
                      "--jobs, or a smaller compile_memory_mb in assignment.json.");
  }
}

bool says_the_same_again(const Completed& completed) {
  return completed.succeeded() || (std::holds_alternative<Exited>(completed.ending) && !speaks_of_want(completed));
}

std::string diagnostics_of(const Completed& completed, const std::string& tool) {
  std::string text = completed.errors + completed.output;
  if (!std::holds_alternative<Exited>(completed.ending)) {
    text += (text.empty() || text.ends_with('\n') ? "" : "\n") + tool + " was stopped by " +
            describe(completed.ending) + "\n";
  }
  return text;
}

}  // namespace autograder
