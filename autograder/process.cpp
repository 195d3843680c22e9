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
#include "autograder/platform.hpp"

namespace autograder {

namespace {

using Clock = std::chrono::steady_clock;

/// Every child that has an owner, so that what a child left behind can be told from another's child. Forking and
/// looking for orphans exclude each other.
struct Owned {
  std::mutex mutex;
  std::set<pid_t> pids;
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

void close_if_open(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

void set_limit(int resource, std::size_t soft, std::size_t hard) {
  const rlimit limit{static_cast<rlim_t>(soft), static_cast<rlim_t>(hard)};
  setrlimit(resource, &limit);
}

/// In the child: async-signal-safe calls only, as other threads may hold locks.
void apply(const Limits& limits) {
  // The kernel sends SIGXCPU at the first and SIGKILL at the second.
  set_limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1);
  if (limits.memory_bytes > 0) set_limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
  set_limit(RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes);
  set_limit(RLIMIT_CORE, 0, 0);
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

/// One pipe from the child.
struct Child::Stream {
  int descriptor = -1;
  const char* name = "";
  std::size_t limit = 0;    ///< bytes in all, for descriptor 3: waiting to be read
  std::size_t arrived = 0;  ///< bytes in all
  std::string buffer;

  ~Stream() { close_if_open(descriptor); }

  /// Reads what is there without waiting. Returns false when the stream is over its limit.
  bool read_available() {
    char chunk[1 << 16];
    while (descriptor >= 0) {
      const ssize_t got = ::read(descriptor, chunk, sizeof chunk);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return true;
      if (got <= 0) {
        close_if_open(descriptor);
        return true;
      }
      arrived += static_cast<std::size_t>(got);
      buffer.append(chunk, static_cast<std::size_t>(got));
      if (arrived > limit) return false;
    }
    return true;
  }
};

std::string describe(const Ending& ending) {
  if (const auto* exited = std::get_if<Exited>(&ending)) return "exit code " + std::to_string(exited->code);
  if (const auto* signalled = std::get_if<Signalled>(&ending)) {
    return "signal " + std::to_string(signalled->number) + " (" + strsignal(signalled->number) + ")";
  }
  if (const auto* late = std::get_if<TimedOut>(&ending)) {
    return late->by_processor_time ? "the limit on processor time" : "the limit on elapsed time";
  }
  return std::string("the limit on ") + std::get<OutputLimit>(ending).stream;
}

Child::Child(const Command& command, Channel channel) : limits_(command.limits) {
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
                     answers = open_high_pipe(), failure = open_high_pipe();
  std::vector<char*> arguments = pointers(command.arguments);
  std::vector<char*> environment = pointers(command.environment);
  const std::string folder = command.folder.empty() ? "." : command.folder.string();
  const pid_t parent = getpid();
  const int inherited = channel == Channel::lines ? 4 : 3;  // descriptors below this one are the child's

  {
    const std::scoped_lock lock(owned().mutex);
    pid_ = fork();
    if (pid_ == 0) {
      setsid();
      signal(SIGPIPE, SIG_DFL);
      dup2(input[0], 0);
      dup2(output[1], 1);
      dup2(errors[1], 2);
      if (channel == Channel::lines) dup2(answers[1], 3);
      confine_before_exec(parent, inherited);
      if (chdir(folder.c_str()) == 0) {
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
  for (int* end : {&input[0], &output[1], &errors[1], &answers[1], &failure[1]}) close_if_open(*end);
  input_ = input[1];
  fcntl(input_, F_SETFL, O_NONBLOCK);
  const struct {
    int descriptor;
    const char* name;
    std::size_t limit;
  } wanted[] = {{output[0], "standard output", limits_.output_bytes},
                {errors[0], "standard error", limits_.output_bytes},
                {answers[0], "descriptor 3", limits_.answer_bytes}};
  for (const auto& one : wanted) {
    streams_.push_back(std::make_unique<Stream>());
    streams_.back()->descriptor = one.descriptor;
    streams_.back()->name = one.name;
    streams_.back()->limit = one.limit;
    fcntl(one.descriptor, F_SETFL, O_NONBLOCK);
  }
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
    if (!ending_) reap();
    const std::scoped_lock lock(owned().mutex);
    waitpid(pid_, nullptr, 0);
    owned().pids.erase(pid_);
    kill_orphans(owned().pids);
  }
  pid_ = -1;
  close_if_open(exit_watch_);
}

/// Notes how the child ended, waiting for it, and leaves it a zombie: its number stays ours until kill_all().
void Child::reap() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0) {
    if (errno != EINTR) throw GraderError(std::string("waiting for a child process: ") + std::strerror(errno));
  }
  if (info.si_code == CLD_EXITED) {
    ending_ = Exited{info.si_status};
  } else if (info.si_status == SIGXCPU ||
             (info.si_status == SIGKILL && cpu_seconds_of(pid_) >= static_cast<double>(limits_.cpu_seconds))) {
    ending_ = TimedOut{.by_processor_time = true};
  } else {
    ending_ = Signalled{info.si_status};
  }
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
    if (stream->read_available() || ending_) continue;
    kill(-pid_, SIGKILL);
    reap();
    ending_ = OutputLimit{stream->name};
  }
}

/// Moves bytes in both directions until `done`, the end of the child, or the deadline, at which the child is killed.
void Child::pump(Clock::time_point deadline, const std::function<bool()>& done) {
  while (!ending_ && !done()) {
    std::vector<pollfd> watched;
    if (write_pending()) watched.push_back({input_, POLLOUT, 0});
    for (const auto& stream : streams_) {
      if (stream->descriptor >= 0) watched.push_back({stream->descriptor, POLLIN, 0});
    }
    if (exit_watch_ >= 0) watched.push_back({exit_watch_, POLLIN, 0});

    const double remaining = std::chrono::duration<double>(deadline - Clock::now()).count();
    if (remaining <= 0) {
      kill(-pid_, SIGKILL);
      reap();
      read_all();
      ending_ = TimedOut{};
      return;
    }
    // Without an exit watch the end of the child is looked for every 20 ms.
    const double wait = exit_watch_ >= 0 ? remaining : std::min(remaining, 0.02);
    poll(watched.data(), watched.size(), static_cast<int>(std::ceil(wait * 1000)));

    siginfo_t info{};
    const bool ended =
        waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == pid_;
    read_all();  // after looking for the end: what the child wrote before it is then in the pipes
    if (ended && !ending_) reap();
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
    pump(after(wall_seconds), [&] { return answers.buffer.find('\n') != std::string::npos; });
  }
  const auto end = answers.buffer.find('\n');
  // An answer that was complete before the limit was passed or the child ended is an answer.
  const bool stopped_by_us =
      ending_ && (std::holds_alternative<TimedOut>(*ending_) || std::holds_alternative<OutputLimit>(*ending_));
  if (end == std::string::npos || stopped_by_us) return *ending_;
  std::string answer = answers.buffer.substr(0, end);
  answers.buffer.erase(0, end + 1);
  answers.arrived = answers.buffer.size();
  return answer;
}

std::string Child::take_output() { return std::exchange(streams_[0]->buffer, {}); }

std::string Child::take_errors() { return std::exchange(streams_[1]->buffer, {}); }

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
