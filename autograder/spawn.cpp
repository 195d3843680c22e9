// See spawn.hpp.
#include "autograder/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "autograder/grader_error.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace {

/// Every child that has an owner. Forking and looking for orphans exclude each other.
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

/// Process-wide settings, made before the first child: a write to a child that died, or of a file beyond a limit on
/// files, is an error, not our death.
void prepare_once() {
  static const bool prepared = [] {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);  // ignored, as some parents leave it, children could not be waited for
    owned().inherited = children();
    adopt_orphans();
    return true;
  }();
  static_cast<void>(prepared);
}

/// Descriptors of ours, out of the way of those that a child is given.
Pipe moved_high(const std::array<int, 2>& ends) {
  const Descriptor low[] = {Descriptor(ends[0]), Descriptor(ends[1])};
  Pipe pipe;
  for (Descriptor* end : {&pipe.read_end, &pipe.write_end}) {
    *end = Descriptor(fcntl(ends[end == &pipe.write_end], F_DUPFD_CLOEXEC, launcher::kFirstHigh));
    if (!end->is_open()) throw_system_error("opening a pipe", errno);
  }
  return pipe;
}

/// Descriptor 0 of a child, and our end of it.
Pipe open_input(Channel channel) {
  if (channel != Channel::server) return open_high_pipe();
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw_system_error("opening a socket", errno);
  return moved_high(ends);
}

/// A limit as the system has it, and what a shell calls it.
struct SystemLimit {
  int resource;
  rlim_t soft, hard;
  const char* name;
  const char* of_ulimit;
};

/// What Linux gives by default.
constexpr rlim_t kStackBytes = rlim_t{8} << 20;

std::vector<SystemLimit> system_limits(const Limits& limits) {
  // The kernel sends SIGXCPU at the first and SIGKILL at the second.
  std::vector<SystemLimit> all{
      {RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1, "processor time", "t"},
      {RLIMIT_FSIZE, limits.file_bytes, limits.file_bytes, "the size of files", "f"},
      {RLIMIT_CORE, 0, 0, "core dumps", "c"},
      // Whatever the caller's is: a verdict on a deep recursion must not depend on who grades.
      {RLIMIT_STACK, kStackBytes, kStackBytes, "the stack", "s"},
  };
  if (limits.memory_bytes > 0) {
    all.push_back({RLIMIT_AS, limits.memory_bytes, limits.memory_bytes, "address space", "v"});
    all.push_back({RLIMIT_DATA, limits.memory_bytes, limits.memory_bytes, "data", "d"});
  }
  return all;
}

/// What kept a child from becoming its program, as it comes through a pipe.
struct Refusal {
  int error = 0;
  int limit = -1;  ///< which of system_limits(), or -1
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

/// Everything that the child needs, made before it is there: it may call what is async-signal-safe only, as other
/// threads may have held locks.
struct Exec {
  Exec(const Command& command_given, const std::array<int, 5>& given_descriptors)
      : command(command_given),
        descriptors(given_descriptors),
        arguments(pointers(command.arguments)),
        environment(pointers(command.environment)),
        folder(command.folder.empty() ? "." : command.folder.string()),
        limits(system_limits(command.limits)) {}

  const Command& command;
  std::array<int, 5> descriptors;  ///< what become 0 to 4; -1: closed
  std::vector<char*> arguments, environment;
  std::string folder;
  std::vector<SystemLimit> limits;
  pid_t parent = getpid();
};

/// In the child. Returns only where it could not become the program.
Refusal become_program(const Exec& exec) {
  setsid();
  // Signals that are ignored or blocked stay so: a caller's habits are none of the program's.
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int target = 0; const int given : exec.descriptors) {
    given >= 0 ? dup2(given, target) : close(target);
    ++target;
  }
  // The folder may be one that only this user can enter.
  if (chdir(exec.folder.c_str()) != 0) return {errno};
  if (exec.command.user && !become_user(*exec.command.user)) return {errno};
  confine_before_exec(exec.parent, launcher::kStatus + 1);
  for (std::size_t i = 0; i < exec.limits.size(); ++i) {
    const rlimit limit{exec.limits[i].soft, exec.limits[i].hard};
    if (setrlimit(exec.limits[i].resource, &limit) != 0) return {errno, static_cast<int>(i)};
  }
  execve(exec.arguments[0], exec.arguments.data(), exec.environment.data());
  return {errno};
}

/// Reads what kept the child from becoming its program. The pipe closes at exec: then it is nothing.
Refusal wait_for_exec(const Descriptor& failure) {
  Refusal refusal;
  ssize_t got = 0;
  do {
    got = ::read(failure.get(), &refusal, sizeof refusal);
  } while (got < 0 && errno == EINTR);
  return got == sizeof refusal ? refusal : Refusal{};
}

[[noreturn]] void throw_refusal(const Refusal& refusal, const Exec& exec) {
  if (refusal.limit < 0) throw_system_error("starting " + exec.command.arguments[0], refusal.error);
  const SystemLimit& limit = exec.limits[static_cast<std::size_t>(refusal.limit)];
  throw ShortageError("starting " + exec.command.arguments[0] + ": for " + limit.name + " " + launcher::kLowerLimit +
                      " than the assignment's. Raise it where the grader is started: ulimit -" + limit.of_ulimit +
                      " unlimited.");
}

}  // namespace

Pipe open_high_pipe() { return moved_high(open_pipe()); }

Spawned spawn(const Command& command, Channel channel) {
  prepare_once();
  Pipe input = open_input(channel), output = open_high_pipe(), errors = open_high_pipe(), answers = open_high_pipe(),
       report = open_high_pipe(), failure = open_high_pipe();
  const Exec exec(command, {input.read_end.get(), output.write_end.get(), errors.write_end.get(),
                            channel == Channel::lines ? answers.write_end.get() : -1,
                            command.watched ? report.write_end.get() : -1});
  Spawned spawned;
  {
    const std::scoped_lock lock(owned().mutex);
    spawned.pid = fork();
    if (spawned.pid == 0) {
      const Refusal refusal = become_program(exec);
      _exit(write(failure.write_end.get(), &refusal, sizeof refusal) < 0 ? 126 : 127);
    }
    if (spawned.pid < 0) throw_system_error("starting " + command.arguments[0], errno);
    owned().pids.insert(spawned.pid);
  }
  input.read_end.close();
  for (Pipe* pipe : {&output, &errors, &answers, &report, &failure}) pipe->write_end.close();
  const Refusal refusal = wait_for_exec(failure.read_end);
  if (refusal.error != 0) {
    kill_and_reap(spawned.pid);
    throw_refusal(refusal, exec);
  }
  spawned.exit_watch = Descriptor(open_exit_watch(spawned.pid));
  spawned.pipes = {std::move(input.write_end), std::move(output.read_end), std::move(errors.read_end),
                   std::move(answers.read_end), std::move(report.read_end)};
  return spawned;
}

void kill_and_reap(pid_t child) {
  // Before the child is reaped: until then nobody else can have its number.
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  const std::scoped_lock lock(owned().mutex);
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  owned().pids.erase(child);
  kill_orphans(owned().spared());
}

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

}  // namespace autograder
