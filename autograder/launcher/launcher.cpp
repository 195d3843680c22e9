// The trusted program between the grader and whatever reads or contains student code. It starts as the last program
// inside a sandbox, gives up what confinement.hpp names in a child, and there runs a tool, or loads a worker
// (server.cpp): a shared object, so that no execve is needed after the filter that refuses it, and not one of the
// student's initialisers runs before it.
//
// The parent waits for a child and reports, on a descriptor that the child does not have, how it ended:
//   started             the child is confined; from here on, what happens is its own doing
//   failed WHY          it could not be confined or started; nothing of the student's ran
//   exited CODE CPU     by itself, after CPU seconds of processor time
//   signalled NUMBER CPU
// When the grader dies, the parent ends its process group: in a sandbox without namespaces, nothing else would.
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "autograder/launcher/child.hpp"
#include "autograder/launcher/options.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/launcher/server.hpp"

namespace {

using namespace launcher;

/// The child: never returns. What goes wrong before the tool runs is told to the parent by `trouble`.
[[noreturn]] void become_tool(const Options& options, int parent, int trouble) {
  end_with_parent(SIGKILL, parent);
  close(kStatus);
  try {
    confine(options, SystemCallFilter(Program::tool, options.threads));
  } catch (const Failure& failure) {
    put(trouble, failure.what);
    _exit(kNotLoaded);
  }
  execv(options.program[0], options.program);
  put(trouble, std::string("starting ") + options.program[0] + ": " + std::strerror(errno));
  _exit(kNotLoaded);
}

extern "C" void end_group(int) { kill(0, SIGKILL); }

/// The parent: waits and reports.
int watch(pid_t child, int trouble) {
  std::string why;
  char buffer[512];
  for (ssize_t got; (got = read(trouble, buffer, sizeof buffer)) != 0;) {
    if (got < 0 && errno != EINTR) break;
    if (got > 0) why.append(buffer, static_cast<std::size_t>(got));
  }
  if (why.empty()) put(kStatus, "started\n");
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  put(kStatus, why.empty() ? ending_line(status, usage) : "failed " + why + "\n");
  return why.empty() ? 0 : kNotLoaded;
}

/// Whether somebody reads what is reported. bubblewrap binds itself to the grader late: a grader that is killed just
/// before leaves a sandbox that nobody waits for.
bool is_awaited() {
  pollfd report{kStatus, 0, 0};
  return poll(&report, 1, 0) == 0;
}

int run_tool(const Options& options) {
  struct sigaction action {};
  action.sa_handler = end_group;
  sigaction(SIGTERM, &action, nullptr);
  end_with_parent(SIGTERM, 0);
  if (!is_awaited()) return kNotLoaded;
  HighPipe trouble;
  const pid_t self = getpid();
  const pid_t child = open_high_pipe(trouble) ? fork() : -1;
  if (child == 0) {
    signal(SIGTERM, SIG_DFL);
    close(trouble.read_end);
    become_tool(options, self, trouble.write_end);
  }
  if (child < 0) {
    put(kStatus, std::string("failed starting a process: ") + std::strerror(errno) + "\n");
    return kNotLoaded;
  }
  close(trouble.write_end);
  // The streams are the child's alone: they end when it ends.
  for (int descriptor = 0; descriptor < kStatus; ++descriptor) close(descriptor);
  return watch(child, trouble.read_end);
}

/// What a sandbox is tried with.
int probe() {
  if (can_filter_system_calls()) return 0;
  std::fputs("this grader was built without libseccomp: it cannot filter system calls", stderr);
  return kNotLoaded;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "probe") == 0) return probe();
  Options options;
  if (!parse(argc, argv, options)) {
    std::fputs(kUsage, stderr);
    return kNotLoaded;
  }
  if (options.mode == "bare") return run_worker(options.program);
  if (options.mode != "server") return run_tool(options);
  // Its workers have no children, and a signal at its own death: it need not outlive the grader for them.
  end_with_parent(SIGKILL, 0);
  return serve(options);
}
