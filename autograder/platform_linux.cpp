// Linux: pidfd, close_range, parent-death signal, child subreaper.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace fs = std::filesystem;

std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw GraderError(std::string("opening a pipe: ") + std::strerror(errno));
  return ends;
}

int open_exit_watch(pid_t child) { return static_cast<int>(syscall(SYS_pidfd_open, child, 0)); }

double cpu_seconds_of(pid_t ended) {
  siginfo_t info{};
  rusage usage{};
  // The system call fills in what the library's wrapper of it has no argument for (waitid(2), C library differences).
  if (syscall(SYS_waitid, P_PID, ended, &info, WEXITED | WNOWAIT | WNOHANG, &usage) != 0) return 0.0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void confine_before_exec(pid_t parent, int first) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the parent died before the line above took effect
#ifdef SYS_close_range
  constexpr unsigned close_on_exec = 4;  // CLOSE_RANGE_CLOEXEC, Linux 5.11
  if (syscall(SYS_close_range, first, ~0U, close_on_exec) == 0) return;
#endif
  for (int descriptor = first; descriptor < 1024; ++descriptor) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

namespace {

/// The children of this process, from the fourth field of /proc/PID/stat (proc(5)).
std::set<pid_t> children() {
  std::set<pid_t> found;
  std::error_code gone;  // processes come and go while we look
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const auto end = line.rfind(')');
    if (end == std::string::npos || end + 4 >= line.size()) continue;
    if (std::atoi(line.c_str() + end + 4) == getpid()) found.insert(std::atoi(name.c_str()));
  }
  return found;
}

}  // namespace

void kill_orphans(const std::set<pid_t>& owned) {
  // Killing an orphan hands its own children to us: look again until there are none.
  for (bool again = true; again;) {
    again = false;
    for (const pid_t child : children()) {
      if (owned.count(child)) continue;
      kill(child, SIGKILL);
      again = waitpid(child, nullptr, 0) == child || again;
    }
  }
}

}  // namespace autograder
