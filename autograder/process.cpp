// See process.hpp.
#include "autograder/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <mutex>
#include <set>
#include <utility>

#include "autograder/grader_error.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace {

using Clock = std::chrono::steady_clock;

/// Every child that has an owner, so that what a child left behind can be told from another's child. Forking and
/// looking for orphans exclude each other.
struct Owned {
  std::mutex mutex;
  std::set<pid_t> pids;
  std::set<pid_t> inherited;  ///< what this process had before it was the grader: `tee` behind a shell's exec

  std::set<pid_t> spared() const {
    std::set<pid_t> all = pids;
    all.insert(inherited.begin(), inherited.end());
    return all;
  }
};
Owned& owned() {
  static Owned instance;
  return instance;
}

/// Process-wide settings, made before the first child: a write to a child that died is an error, not our death.
void prepare_once() {
  static const bool prepared = [] {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);  // ignored, as some parents leave it, children could not be waited for
    owned().inherited = children();
    adopt_orphans();
    return true;
  }();
  static_cast<void>(prepared);
}

/// A pipe whose ends are out of the way of the descriptors 0 to 3 that a child is given.
std::array<int, 2> open_high_pipe() {
  std::array<int, 2> ends = open_pipe();
  for (int& end : ends) {
    const int high = fcntl(end, F_DUPFD_CLOEXEC, 10);
    if (high < 0) throw GraderError(std::string("opening a pipe: ") + std::strerror(errno));
    close(end);
    end = high;
  }
  return ends;
}

/// The launcher says a few words.
constexpr std::size_t kReportBytes = 4096;

void set_limit(int resource, std::size_t soft, std::size_t hard) {
  const rlimit limit{static_cast<rlim_t>(soft), static_cast<rlim_t>(hard)};
  setrlimit(resource, &limit);
}

/// What Linux gives by default.
constexpr std::size_t kStackBytes = std::size_t{8} << 20;

/// In the child: async-signal-safe calls only, as other threads may hold locks.
void apply(const Limits& limits) {
  // The kernel sends SIGXCPU at the first and SIGKILL at the second.
  set_limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1);
  if (limits.memory_bytes > 0) set_limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
  set_limit(RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes);
  set_limit(RLIMIT_CORE, 0, 0);
  // Whatever the caller's is: a verdict on a deep recursion must not depend on who grades.
  set_limit(RLIMIT_STACK, kStackBytes, kStackBytes);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Clock::time_point after(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

Child::Child(const Command& command, Channel channel) : limits_(command.limits), watched_(command.watched) {
  prepare_once();
  try {
    start(command, channel);
  } catch (...) {
    kill_all();
    throw;
  }
}

void Child::start(const Command& command, Channel channel) {
  std::array<int, 2> input = open_high_pipe(), output = open_high_pipe(), errors = open_high_pipe(),
                     answers = open_high_pipe(), report = open_high_pipe(), failure = open_high_pipe();
  std::vector<char*> arguments = pointers(command.arguments);
  std::vector<char*> environment = pointers(command.environment);
  const std::string folder = command.folder.empty() ? "." : command.folder.string();
  const pid_t parent = getpid();

  {
    const std::scoped_lock lock(owned().mutex);
    pid_ = fork();
    if (pid_ == 0) {
      setsid();
      signal(SIGPIPE, SIG_DFL);
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, nullptr);
      const int given[] = {input[0], output[1], errors[1], channel == Channel::lines ? answers[1] : -1,
                           command.watched ? report[1] : -1};
      for (int i = 0; i < 5; ++i) given[i] >= 0 ? dup2(given[i], i) : close(i);
      // The folder may be one that only this user can enter.
      const bool ready = chdir(folder.c_str()) == 0 && (!command.user || become_user(*command.user));
      const int refusal = errno;
      confine_before_exec(parent, launcher::kStatus + 1);
      errno = refusal;
      if (ready) {
        apply(limits_);
        execve(arguments[0], arguments.data(), environment.data());
      }
      const int reason = errno;
      if (write(failure[1], &reason, sizeof reason) < 0) _exit(126);
      _exit(127);
    }
    if (pid_ > 0) owned().pids.insert(pid_);
  }
  const int fork_error = errno;
  for (int* end : {&input[0], &output[1], &errors[1], &answers[1], &report[1], &failure[1]}) close_if_open(*end);
  input_ = input[1];
  fcntl(input_, F_SETFL, O_NONBLOCK);
  streams_.push_back(std::make_unique<Stream>(output[0], "standard output", limits_.output_bytes));
  streams_.push_back(std::make_unique<Stream>(errors[0], "standard error", limits_.output_bytes));
  streams_.push_back(std::make_unique<Stream>(answers[0], "descriptor 3", limits_.answer_bytes));
  streams_.push_back(std::make_unique<Stream>(report[0], "descriptor 4", kReportBytes));
  if (pid_ < 0) throw GraderError("starting " + command.arguments[0] + ": " + std::strerror(fork_error));

  // The pipe closes at exec; a number in it is the error that prevented one.
  int reason = 0;
  const ssize_t got = ::read(failure[0], &reason, sizeof reason);
  close_if_open(failure[0]);
  if (got == sizeof reason) throw GraderError("starting " + command.arguments[0] + ": " + std::strerror(reason));
  exit_watch_ = open_exit_watch(pid_);
}

Child::~Child() {
  kill_all();
  close_if_open(input_);
}

/// Kills the child with its group, then, whoever owns them now, the processes it left behind.
void Child::kill_all() {
  if (pid_ > 0) {
    // Before the child is reaped: until then nobody else can have its number.
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    const std::scoped_lock lock(owned().mutex);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    owned().pids.erase(pid_);
    kill_orphans(owned().spared());
  }
  pid_ = -1;
  close_if_open(exit_watch_);
}

/// Waits until the child is dead, and leaves it a zombie: its number stays ours until kill_all().
void Child::wait_for_death() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) throw GraderError(std::string("waiting for a child process: ") + std::strerror(errno));
  }
}

/// Notes how the child ended, which it has done without our help.
void Child::end_by_itself() {
  wait_for_death();
  read_all();
  if (ending_) return;  // over a limit with its last words
  if (watched_) {
    ending_ = reported_ending();
    return;
  }
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  ending_ = by_itself({info.si_code != CLD_EXITED, info.si_status, cpu_seconds_of(pid_)});
}

Ending Child::by_itself(const ProcessEnd& end) const {
  const std::size_t soft = limits_.cpu_case_seconds > 0 ? limits_.cpu_case_seconds : limits_.cpu_seconds;
  return ending_of(end, static_cast<double>(soft), static_cast<double>(limits_.cpu_seconds));
}

void Child::end_by_us(const Ending& ending) {
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
  wait_for_death();
  ending_ = ending;
}

/// How the command ended, in the words of the launcher that watched it.
Ending Child::reported_ending() const {
  const std::optional<LauncherReport> report = read_launcher_report(streams_[3]->text());
  if (!report) {
    // What bubblewrap says on standard error; nothing of the student's has run.
    std::string words = streams_[1]->text();
    while (!words.empty() && std::strchr(" .\n", words.back())) words.pop_back();
    throw GraderError("starting it: " + (words.empty() ? "it ended without a word" : words));
  }
  if (!report->failure.empty()) throw GraderError("in the sandbox: " + report->failure);
  // The launcher itself was killed: when the machine ran out of memory, for instance.
  return report->end ? by_itself(*report->end) : Ending(Signalled{SIGKILL});
}

bool Child::write_pending() {
  while (!pending_.empty()) {
    const ssize_t put = ::write(input_, pending_.data(), pending_.size());
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
    if (write_pending()) watched.push_back({input_, POLLOUT, 0});
    for (const auto& stream : streams_) {
      if (stream->is_open()) watched.push_back({stream->descriptor(), POLLIN, 0});
    }
    if (exit_watch_ >= 0) watched.push_back({exit_watch_, POLLIN, 0});

    const double remaining = std::chrono::duration<double>(deadline - Clock::now()).count();
    if (remaining <= 0) {
      read_all();
      if (ending_) return;
      if (watched_ && streams_[3]->text().empty()) {
        throw GraderError("starting the sandbox: it was not ready in time. Is the machine overloaded?");
      }
      end_by_us(TimedOut{});
      read_all();
      return;
    }
    // Without an exit watch the end of the child is looked for every 20 ms; memory in use is, in any case.
    const bool looks_often = exit_watch_ < 0 || limits_.resident_bytes > 0;
    const double wait = looks_often ? std::min(remaining, 0.02) : remaining;
    poll(watched.data(), watched.size(), static_cast<int>(std::ceil(wait * 1000)));

    siginfo_t info{};
    const bool ended =
        waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == pid_;
    read_all();  // after looking for the end: what the child wrote before it is then in the pipes
    if (ending_) return;
    if (ended) {
      end_by_itself();
    } else if (limits_.resident_bytes > 0 && resident_bytes_below(pid_) > limits_.resident_bytes) {
      end_by_us(MemoryLimit{});
    }
  }
}

Ending Child::wait() {
  close_if_open(input_);
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

void kill_children() {
  // Never given back: from here on nobody starts a child, or ends one and goes on.
  owned().mutex.lock();
  for (const pid_t child : owned().pids) {
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
  }
  for (const pid_t child : owned().pids) waitpid(child, nullptr, 0);
  kill_orphans(owned().inherited);
}

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
