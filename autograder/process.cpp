// See process.hpp.
#include "autograder/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "autograder/grader_error.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/platform.hpp"
#include "autograder/spawn.hpp"

namespace autograder {

namespace {

using Clock = std::chrono::steady_clock;

/// The launcher says a few words.
constexpr std::size_t kReportBytes = 4096;

/// In the words of bubblewrap or the launcher, which end with the system's.
[[noreturn]] void throw_not_started(const std::string& words) {
  const auto says = [&](const char* part) { return words.find(part) != std::string::npos; };
  for (const int error : {EAGAIN, ENOMEM, EMFILE, ENFILE}) {
    if (says(std::strerror(error))) throw ShortageError(words);
  }
  if (says(launcher::kLowerLimit)) throw ShortageError(words);
  throw GraderError(words);
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Clock::time_point after(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// A child of this process.
class OwnChild : public Process {
 public:
  explicit OwnChild(Spawned& spawned) : pid_(spawned.pid), exit_watch_(std::move(spawned.exit_watch)) {}
  ~OwnChild() override { kill_and_reap(pid_); }

  int exit_watch() const override { return exit_watch_.get(); }

  bool has_ended() override {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == pid_;
  }

  /// Leaves it a zombie: its number stays ours until kill_and_reap().
  void kill() override {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    wait_for_death();
  }

  ProcessEnd end() const override {
    const siginfo_t info = wait_for_death();
    return {info.si_code != CLD_EXITED, info.si_status, cpu_seconds_of(pid_)};
  }

  /// The launcher itself was killed: when the machine ran out of memory, for instance.
  Ending end_without_report() const override { return Signalled{SIGKILL}; }

  /// bubblewrap says it on standard error; nothing of the student's has run.
  std::string words_of_sandbox(const std::string& errors) const override { return errors; }

  std::size_t resident_bytes() const override { return resident_bytes_below(pid_); }

 private:
  siginfo_t wait_for_death() const {
    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0) {
      if (errno != EINTR) throw GraderError(std::string("waiting for a child process: ") + std::strerror(errno));
    }
    return info;
  }

  pid_t pid_;
  Descriptor exit_watch_;
};

}  // namespace

Child::Child(const Command& command, Channel channel) : limits_(command.limits), watched_(command.watched) {
  Spawned spawned = spawn(command, channel);
  process_ = std::make_unique<OwnChild>(spawned);
  take_over(std::move(spawned.pipes));
}

Child::Child(std::unique_ptr<Process> process, Pipes pipes, const Limits& limits)
    : process_(std::move(process)), limits_(limits), watched_(true) {
  take_over(std::move(pipes));
}

void Child::take_over(Pipes pipes) {
  input_ = std::move(pipes.input);
  fcntl(input_.get(), F_SETFL, O_NONBLOCK);
  streams_.push_back(std::make_unique<Stream>(std::move(pipes.output), "standard output", limits_.output_bytes));
  streams_.push_back(std::make_unique<Stream>(std::move(pipes.errors), "standard error", limits_.output_bytes));
  streams_.push_back(std::make_unique<Stream>(std::move(pipes.answers), "descriptor 3", limits_.answer_bytes));
  streams_.push_back(std::make_unique<Stream>(std::move(pipes.report), "descriptor 4", kReportBytes));
}

Child::~Child() = default;

/// Notes how the child ended, which it has done without our help.
void Child::end_by_itself() {
  read_all();
  if (ending_) return;  // over a limit with its last words
  ending_ = watched_ ? reported_ending() : by_itself(process_->end());
}

Ending Child::by_itself(const ProcessEnd& end) const {
  const std::size_t soft = limits_.cpu_case_seconds > 0 ? limits_.cpu_case_seconds : limits_.cpu_seconds;
  return ending_of(end, static_cast<double>(soft), static_cast<double>(limits_.cpu_seconds));
}

void Child::end_by_us(const Ending& ending) {
  process_->kill();
  ending_ = ending;
}

/// How the command ended, in the words of the launcher that watched it.
Ending Child::reported_ending() const {
  const std::optional<LauncherReport> report = read_launcher_report(streams_[3]->text());
  if (!report) {
    std::string words = process_->words_of_sandbox(streams_[1]->text());
    while (!words.empty() && std::strchr(" .\n", words.back())) words.pop_back();
    throw_not_started("starting it: " + (words.empty() ? "it ended without a word" : words));
  }
  if (!report->failure.empty()) throw_not_started("in the sandbox: " + report->failure);
  return report->end ? by_itself(*report->end) : process_->end_without_report();
}

bool Child::write_pending() {
  while (!pending_.empty()) {
    const ssize_t put = ::write(input_.get(), pending_.data(), pending_.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) return true;
    if (put < 0) pending_.clear();  // the child no longer reads; its ending will say why
    if (put > 0) pending_.erase(0, static_cast<std::size_t>(put));
  }
  return false;
}

void Child::read_all() {
  for (const auto& stream : streams_) {
    if (!stream->read_available() && !ending_) end_by_us(OutputLimit{stream->name()});
  }
}

/// Moves bytes in both directions until `done`, the end of the child, or the deadline, at which the child is killed.
void Child::pump(Clock::time_point deadline, const std::function<bool()>& done) {
  while (!ending_ && !done()) {
    std::vector<pollfd> watched;
    if (write_pending()) watched.push_back({input_.get(), POLLOUT, 0});
    for (const auto& stream : streams_) {
      if (stream->is_open()) watched.push_back({stream->descriptor(), POLLIN, 0});
    }
    if (process_->exit_watch() >= 0) watched.push_back({process_->exit_watch(), POLLIN, 0});

    const double remaining = std::chrono::duration<double>(deadline - Clock::now()).count();
    if (remaining <= 0) {
      read_all();
      if (ending_) return;
      if (watched_ && streams_[3]->text().empty()) {
        throw ShortageError("starting the sandbox: it was not ready in time. Is the machine overloaded?");
      }
      end_by_us(TimedOut{});
      read_all();
      return;
    }
    // Without an exit watch the end of the child is looked for every 20 ms; memory in use is, in any case.
    const bool looks_often = process_->exit_watch() < 0 || limits_.resident_bytes > 0;
    const double wait = looks_often ? std::min(remaining, 0.02) : remaining;
    poll(watched.data(), watched.size(), static_cast<int>(std::ceil(wait * 1000)));

    const bool ended = process_->has_ended();
    read_all();  // after looking for the end: what the child wrote before it is then in the pipes
    if (ending_) return;
    if (ended) {
      end_by_itself();
    } else if (limits_.resident_bytes > 0 && process_->resident_bytes() > limits_.resident_bytes) {
      end_by_us(MemoryLimit{});
    }
  }
}

Ending Child::wait() {
  input_.close();
  pump(after(limits_.wall_seconds), [] { return false; });
  return *ending_;
}

std::variant<std::string, Ending> Child::ask(std::string_view line, double wall_seconds) {
  Stream& answers = *streams_[2];
  if (!ending_) {
    pending_ = std::string(line) + "\n";
    pump(after(wall_seconds), [&] { return answers.has_line(); });
  }
  // An answer that was complete before the child ended is an answer; one that came with too much else is none.
  const bool stopped_by_us =
      ending_ && !std::holds_alternative<Exited>(*ending_) && !std::holds_alternative<Signalled>(*ending_);
  if (!answers.has_line() || stopped_by_us) return *ending_;
  return answers.take_line();
}

std::string Child::take_output() { return streams_[0]->take_all(); }

std::string Child::take_errors() { return streams_[1]->take_all(); }

Completed run_to_end(const Command& command) {
  const Clock::time_point start = Clock::now();
  Child child(command, Channel::none);
  Completed completed;
  completed.ending = child.wait();
  completed.output = child.take_output();
  completed.errors = child.take_errors();
  completed.seconds = seconds_since(start);
  return completed;
}

}  // namespace autograder
