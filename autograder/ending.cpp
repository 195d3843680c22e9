// See ending.hpp.
#include "autograder/ending.hpp"

#include <signal.h>

#include <cstring>
#include <sstream>

namespace autograder {

namespace {

/// For limits the kernel counts ticks, for accounts it measures: on a busy machine the two differ by tens of percents.
/// A program that only pretends to have used up its time has used next to nothing.
constexpr double kSurelyUsed = 0.5;

}  // namespace

std::string describe(const Ending& ending) {
  if (const auto* exited = std::get_if<Exited>(&ending)) return "exit code " + std::to_string(exited->code);
  if (const auto* signalled = std::get_if<Signalled>(&ending)) {
    return "signal " + std::to_string(signalled->number) + " (" + strsignal(signalled->number) + ")";
  }
  if (const auto* late = std::get_if<TimedOut>(&ending)) {
    return late->by_processor_time ? "the limit on processor time" : "the limit on elapsed time";
  }
  if (std::holds_alternative<MemoryLimit>(ending)) return "the limit on memory";
  return std::string("the limit on ") + std::get<OutputLimit>(ending).stream;
}

Ending ending_of(const ProcessEnd& end, double soft_cpu_seconds, double cpu_seconds) {
  if (!end.signalled) return Exited{end.number};
  const bool by_soft = end.number == SIGXCPU && end.cpu_seconds >= kSurelyUsed * soft_cpu_seconds;
  const bool by_hard = end.number == SIGKILL && end.cpu_seconds >= kSurelyUsed * cpu_seconds;
  if (by_soft || by_hard) return TimedOut{.by_processor_time = true};
  return Signalled{end.number};
}

std::optional<LauncherReport> read_launcher_report(std::string_view text) {
  if (text.empty()) return std::nullopt;
  LauncherReport report;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "failed") report.failure = line.size() > 7 ? line.substr(7) : "for no known reason";
    ProcessEnd end{kind == "signalled"};
    if ((kind == "exited" || kind == "signalled") && words >> end.number >> end.cpu_seconds) report.end = end;
  }
  return report;
}

}  // namespace autograder
