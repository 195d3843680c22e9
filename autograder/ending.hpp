// How a child process ended, and how that is found out: from the kernel, or in a sandbox from the launcher's report.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace autograder {

struct Exited {
  int code = 0;
};
struct Signalled {
  int number = 0;
};
struct TimedOut {
  bool by_processor_time = false;  ///< else by elapsed time
};
struct MemoryLimit {};  ///< on resident memory; what passes the limit on address space is refused memory instead
struct OutputLimit {
  const char* stream = "";  ///< "standard output", "standard error" or "descriptor 3"
};

using Ending = std::variant<Exited, Signalled, TimedOut, MemoryLimit, OutputLimit>;

/// "exit code 2", "signal 11 (Segmentation fault)", ...
std::string describe(const Ending& ending);

/// What the kernel says of a process that ended by itself.
struct ProcessEnd {
  bool signalled = false;
  int number = 0;  ///< exit code or signal
  double cpu_seconds = 0.0;
};

/// Tells the limit on processor time from other ends. The kernel sends SIGXCPU at `soft_cpu_seconds` at the earliest
/// and SIGKILL at `cpu_seconds`; a program can also send either to itself.
Ending ending_of(const ProcessEnd& end, double soft_cpu_seconds, double cpu_seconds);

/// What the launcher wrote on its descriptor; see launcher/launcher.cpp.
struct LauncherReport {
  std::string failure;            ///< not empty: why nothing was started
  std::optional<ProcessEnd> end;  ///< missing: the launcher was killed before it could tell
};

/// Returns nothing where the launcher did not come so far as to confine anything.
std::optional<LauncherReport> read_launcher_report(std::string_view text);

}  // namespace autograder
