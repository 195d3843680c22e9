// See server.hpp. The server is trusted: no student code runs in it, and no worker has a descriptor of its.
#include "autograder/launcher/server.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <list>
#include <optional>
#include <vector>

#include "autograder/launcher/child.hpp"
#include "autograder/launcher/protocol.hpp"

namespace launcher {

namespace {

using Descriptors = std::array<int, kServed>;

/// The control socket.
constexpr int kControl = 0;

/// A worker that runs.
struct Worker {
  std::uint32_t number = 0;
  pid_t pid = -1;
  int trouble = -1;  ///< what keeps it from being confined comes from here; its end means that student code may run
  std::string why;   ///< what came
  int report = -1, alive = -1;
};

HighPipe ended;  ///< how the handler of SIGCHLD wakes the loop

extern "C" void note_end(int) {
  const int error = errno;
  // A full pipe wakes as well.
  if (write(ended.write_end, "", 1) < 0) errno = error;
  errno = error;
}

void close_all(const Descriptors& descriptors) {
  for (const int one : descriptors) close(one);
}

/// Receives a request. Nothing: the grader is gone.
std::optional<Request> receive(Descriptors& descriptors) {
  Request request{};
  iovec part{&request, sizeof request};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(Descriptors))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  ssize_t got = 0;
  do {
    got = recvmsg(kControl, &message, MSG_WAITALL);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof request) return std::nullopt;
  descriptors.fill(-1);
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(Descriptors))) {
    std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof(Descriptors));
  }
  for (int& one : descriptors) {
    const int low = one;
    one = fcntl(low, F_DUPFD_CLOEXEC, kFirstHigh);
    close(low);
  }
  return request;
}

/// In the child: never returns.
[[noreturn]] void become_worker(const Options& options, const SystemCallFilter& filter, const Descriptors& given,
                                int trouble, int server) {
  end_with_parent(SIGKILL, server);
  for (const int number : {SIGCHLD, SIGPIPE}) signal(number, SIG_DFL);
  for (int target = input; target <= answers; ++target) dup2(given[static_cast<std::size_t>(target)], target);
  dup2(trouble, kStatus);
  close_from(kStatus + 1);
  try {
    confine(options, filter);
  } catch (const Failure& failure) {
    put(kStatus, failure.what);
    _exit(kNotLoaded);
  }
  close(kStatus);
  const int code = run_worker(options.program);
  std::fflush(nullptr);
  _exit(code);
}

class Server {
 public:
  explicit Server(const Options& options) : options_(options), filter_(Program::worker, options.threads) {}

  ~Server() {
    for (const Worker& one : workers_) ::kill(one.pid, SIGKILL);
  }

  /// Returns when the grader is gone.
  void run() {
    for (;;) {
      std::vector<pollfd> watched{{kControl, POLLIN, 0}, {ended.read_end, POLLIN, 0}};
      for (const Worker& one : workers_) {
        if (one.trouble >= 0) watched.push_back({one.trouble, POLLIN, 0});
      }
      if (poll(watched.data(), watched.size(), -1) < 0) continue;
      for (Worker& one : workers_) look_for_trouble(one);
      if (watched[1].revents) reap();
      if (watched[0].revents && !obey()) return;
    }
  }

 private:
  bool obey() {
    Descriptors given;
    const auto request = receive(given);
    if (!request) return false;
    if (request->kind == Request::start) {
      start(request->worker, given);
    } else {
      close_all(given);
      for (const Worker& one : workers_) {
        if (one.number == request->worker) ::kill(one.pid, SIGKILL);
      }
    }
    return true;
  }

  void start(std::uint32_t number, const Descriptors& given) {
    HighPipe trouble;
    const pid_t self = getpid();
    const pid_t child = open_high_pipe(trouble) ? fork() : -1;
    if (child == 0) become_worker(options_, filter_, given, trouble.write_end, self);
    const int error = errno;
    close(trouble.write_end);
    // What is the worker's alone ends when it ends.
    for (int one = input; one <= answers; ++one) close(given[static_cast<std::size_t>(one)]);
    if (child > 0) {
      fcntl(trouble.read_end, F_SETFL, O_NONBLOCK);
      workers_.push_back({number, child, trouble.read_end, "", given[status], given[life]});
      return;
    }
    close(trouble.read_end);
    put(given[status], std::string("failed starting a process: ") + std::strerror(error) + "\n");
    for (const int one : {status, life}) close(given[static_cast<std::size_t>(one)]);
  }

  void look_for_trouble(Worker& worker) {
    char buffer[512];
    while (worker.trouble >= 0) {
      const ssize_t got = read(worker.trouble, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return;  // nothing yet
      if (got > 0) {
        worker.why.append(buffer, static_cast<std::size_t>(got));
        continue;
      }
      close(worker.trouble);
      worker.trouble = -1;
      if (worker.why.empty()) put(worker.report, "started\n");
    }
  }

  void reap() {
    char buffer[64];
    while (read(ended.read_end, buffer, sizeof buffer) > 0) {
    }
    int how = 0;
    rusage usage{};
    for (pid_t child; (child = wait4(-1, &how, WNOHANG, &usage)) > 0;) {
      for (auto one = workers_.begin(); one != workers_.end(); ++one) {
        if (one->pid != child) continue;
        look_for_trouble(*one);
        // Another worker may have it open still, if it has only just been forked.
        if (one->trouble >= 0 && one->why.empty()) put(one->report, "started\n");
        put(one->report, one->why.empty() ? ending_line(how, usage) : "failed " + one->why + "\n");
        for (const int descriptor : {one->trouble, one->report, one->alive}) close(descriptor);
        workers_.erase(one);
        break;
      }
    }
  }

  const Options& options_;
  SystemCallFilter filter_;
  std::list<Worker> workers_;
};

int load_and_run(char** program) {
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

}  // namespace

#ifdef LAUNCHER_SANITIZED

/// In a thread of its own. The bounds of the first thread's stack stand in /proc, which a sandbox need not show, and a
/// sanitizer that does not know them sees little of that stack.
int run_worker(char** program) {
  pthread_t thread{};
  const auto run = [](void* words) -> void* { std::exit(load_and_run(static_cast<char**>(words))); };
  if (pthread_create(&thread, nullptr, run, program) == 0) pthread_join(thread, nullptr);
  return load_and_run(program);  // where threads are refused
}

#else

int run_worker(char** program) { return load_and_run(program); }

#endif

int serve(const Options& options) {
  if (!open_high_pipe(ended)) return kNotLoaded;
  for (const int end : {ended.read_end, ended.write_end}) fcntl(end, F_SETFL, O_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = note_end;
  action.sa_flags = SA_NOCLDSTOP;
  sigaction(SIGCHLD, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // One that is not there is the worker's to complain of.
  for (const std::string& library : options.libraries) dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  try {
    Server(options).run();
  } catch (const Failure& failure) {
    std::fprintf(stderr, "%s\n", failure.what.c_str());
    return kNotLoaded;
  }
  return 0;
}

}  // namespace launcher
