// The trusted program between the grader and whatever reads or contains student code. It starts as the last program
// inside a sandbox, gives up what confinement.hpp names, and then runs a tool, or loads a worker: a shared object, so
// that no execve is needed after the filter that refuses it, and not one of the student's initialisers runs before it.
//
// It forks once. The parent keeps nothing but the status descriptor, waits for the child and reports there how it
// ended:
//   started             the child is confined; from here on, what happens is its own doing
//   failed WHY          it could not be confined or started; nothing of the student's ran
//   exited CODE CPU     by itself, after CPU seconds of processor time
//   signalled NUMBER CPU
// When the grader dies, the parent ends its process group: in a sandbox without namespaces, nothing else would.
#include <dlfcn.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "autograder/launcher/confinement.hpp"
#include "autograder/launcher/protocol.hpp"

namespace {

using namespace launcher;

struct Options {
  std::string mode;  ///< "tool", "worker", or "bare": a worker for a debugger, neither confined nor watched
  std::size_t processes = 0, open_files = 0;
  Threads threads = Threads::allowed;
  bool closes_files = false;
  std::vector<std::string> readable, writable;
  char** program = nullptr;  ///< with its arguments, ended by a null pointer
};

int usage() {
  std::fputs(
      "usage: launcher probe | tool|worker|bare [--processes N] [--open-files N] [--no-threads] [--close-files [--read "
      "PATH]... "
      "[--write PATH]...] -- PROGRAM [ARGUMENT...]\nStarted by the autograder; see launcher.cpp.\n",
      stderr);
  return kNotLoaded;
}

bool parse(int argc, char** argv, Options& options) {
  if (argc < 3) return false;
  options.mode = argv[1];
  const option known[] = {{"processes", required_argument, nullptr, 'p'},
                          {"no-threads", no_argument, nullptr, 't'},
                          {"open-files", required_argument, nullptr, 'o'},
                          {"close-files", no_argument, nullptr, 'c'},
                          {"read", required_argument, nullptr, 'r'},
                          {"write", required_argument, nullptr, 'w'},
                          {}};
  // The mode takes the place of the program's name.
  for (int found; (found = getopt_long(argc - 1, argv + 1, "+", known, nullptr)) != -1;) {
    switch (found) {
      case 'p': options.processes = std::strtoul(optarg, nullptr, 10); break;
      case 'o': options.open_files = std::strtoul(optarg, nullptr, 10); break;
      case 't': options.threads = Threads::refused; break;
      case 'c': options.closes_files = true; break;
      case 'r': options.readable.push_back(optarg); break;
      case 'w': options.writable.push_back(optarg); break;
      default: return false;
    }
  }
  options.program = argv + 1 + optind;
  return *options.program != nullptr;
}

void limit(int resource, std::size_t count, const std::string& flag) {
  const rlimit both{static_cast<rlim_t>(count), static_cast<rlim_t>(count)};
  if (setrlimit(resource, &both) == 0) return;
  throw Failure{kLowerLimit + (" than the " + std::to_string(count)) +
                " needed. Raise it where the grader is started: ulimit -" + flag + " unlimited"};
}

void confine(const Options& options) {
  if (options.processes > 0) limit(RLIMIT_NPROC, options.processes, "u");  // as root this binds nobody
  drop_privileges();
  if (options.closes_files) close_files(options.readable, options.writable);
  if (options.open_files > 0) limit(RLIMIT_NOFILE, options.open_files, "n");
  filter_system_calls(options.mode == "worker" ? Program::worker : Program::tool, options.threads);
}

/// Loads the worker and runs it. Student code runs from here on.
int run_worker(char** program) {
  void* worker = dlopen(program[0], RTLD_NOW | RTLD_LOCAL);
  if (!worker) {
    std::fprintf(stderr, "%s\n", dlerror());
    return kNotLoaded;
  }
  const auto entry = reinterpret_cast<int (*)(int, char**)>(dlsym(worker, kWorkerEntry));
  if (!entry) {
    std::fprintf(stderr, "%s\n", dlerror());
    return kNotLoaded;
  }
  int count = 0;
  while (program[count]) ++count;
  return entry(count, program);
}

void put(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = write(descriptor, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
}

/// The child: never returns. What goes wrong before anything of the student's runs is told to the parent by `trouble`.
[[noreturn]] void become_program(const Options& options, int parent, int trouble) {
  end_with_parent(SIGKILL, parent);
  close(kStatus);
  try {
    confine(options);
  } catch (const Failure& failure) {
    put(trouble, failure.what);
    _exit(kNotLoaded);
  }
  if (options.mode == "worker") {
    close(trouble);
    const int code = run_worker(options.program);
    std::fflush(nullptr);
    _exit(code);
  }
  execv(options.program[0], options.program);
  put(trouble, std::string("starting ") + options.program[0] + ": " + std::strerror(errno));
  _exit(kNotLoaded);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
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
  if (!why.empty()) {
    put(kStatus, "failed " + why + "\n");
    return kNotLoaded;
  }
  const double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  const bool signalled = WIFSIGNALED(status);
  const int number = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
  put(kStatus, (signalled ? "signalled " : "exited ") + std::to_string(number) + " " + std::to_string(cpu) + "\n");
  return 0;
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
  if (!parse(argc, argv, options)) return usage();
  if (options.mode == "bare") return run_worker(options.program);

  struct sigaction action {};
  action.sa_handler = end_group;
  sigaction(SIGTERM, &action, nullptr);
  // A worker has no children, and a signal at its own parent's death: this one need not outlive the grader for it.
  end_with_parent(options.mode == "worker" ? SIGKILL : SIGTERM, 0);

  int trouble[2];
  if (pipe(trouble) != 0) return kNotLoaded;
  for (int& end : trouble) {
    // Out of the way of the descriptors that mean something.
    const int low = end;
    end = fcntl(low, F_DUPFD_CLOEXEC, 10);
    close(low);
  }
  const pid_t self = getpid();
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGTERM, SIG_DFL);
    close(trouble[0]);
    become_program(options, self, trouble[1]);
  }
  if (child < 0) {
    put(kStatus, std::string("failed starting a process: ") + std::strerror(errno) + "\n");
    return kNotLoaded;
  }
  close(trouble[1]);
  // The streams are the child's alone: they end when it ends.
  for (int descriptor = 0; descriptor < kStatus; ++descriptor) close(descriptor);
  return watch(child, trouble[0]);
}
