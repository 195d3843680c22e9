// Linux: pidfd, close_range, parent-death signal, child subreaper, inotify.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace fs = std::filesystem;

std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_system_error("opening a pipe", errno);
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

/// A process as /proc/PID/status shows it (proc(5)).
struct Seen {
  pid_t parent = 0;
  uid_t user = 0;
  std::size_t threads = 0;
  std::size_t resident_bytes = 0;
  bool is_zombie = false;
};

/// What a file of /proc holds; nothing where it is gone. These files are many, and small: one read is all they get.
std::string read_small(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[8192];
  const ssize_t got = file.is_open() ? read(file.get(), text, sizeof text) : 0;
  return {text, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

/// Returns nothing for a process that is gone.
std::optional<Seen> look_at(const std::string& pid) {
  const std::string status = read_small("/proc/" + pid + "/status");
  if (status.empty()) return std::nullopt;
  const auto value = [&](const std::string& key) {
    const auto at = status.find("\n" + key + ":\t");
    return at == std::string::npos ? "0" : status.c_str() + at + key.size() + 3;
  };
  const char state = *value("State");
  return Seen{std::atoi(value("PPid")), static_cast<uid_t>(std::strtoul(value("Uid"), nullptr, 10)),
              std::strtoul(value("Threads"), nullptr, 10), std::strtoul(value("VmRSS"), nullptr, 10) << 10,
              state == 'Z' || state == 'X'};
}

/// All processes that this one can see.
std::map<pid_t, Seen> processes() {
  std::map<pid_t, Seen> found;
  std::error_code gone;  // processes come and go while we look
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (const auto seen = look_at(name)) found[std::atoi(name.c_str())] = *seen;
  }
  return found;
}

}  // namespace

bool become_user(uid_t user) {
  // The calls themselves: the library's wrappers would also look for other threads, of which a child has none.
  return syscall(SYS_setgroups, 0, nullptr) == 0 && syscall(SYS_setresgid, user, user, user) == 0 &&
         syscall(SYS_setresuid, user, user, user) == 0;
}

std::size_t resident_bytes_below(pid_t process) {
  const std::map<pid_t, Seen> all = processes();
  std::set<pid_t> below{process};
  for (std::size_t before = 0; before != below.size();) {
    before = below.size();
    for (const auto& [pid, seen] : all) {
      if (below.count(seen.parent)) below.insert(pid);
    }
  }
  std::size_t bytes = 0;
  for (const pid_t pid : below) {
    if (const auto seen = all.find(pid); seen != all.end()) bytes += seen->second.resident_bytes;
  }
  return bytes;
}

bool has_room(const fs::path& folder, std::size_t bytes) {
  std::error_code unknown;
  const fs::space_info space = fs::space(folder, unknown);
  if (!unknown && space.available < bytes) return false;
  // A quota shows when room is taken. Not every file system knows files without a name, and not every one can take
  // room.
  static std::mutex one_at_a_time;
  const std::scoped_lock lock(one_at_a_time);
  const Descriptor file(open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600));
  const int error = file.is_open() ? posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)) : errno;
  return error != ENOSPC && error != EDQUOT && error != EFBIG;
}

namespace {

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{1'000'000'000} * time.tv_sec + time.tv_nsec; }

}  // namespace

std::int64_t file_clock_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now);
}

std::int64_t changed_at(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return std::numeric_limits<std::int64_t>::max();
  return nanoseconds(status.st_ctim);
}

std::size_t out_of_memory_kills() {
  std::ifstream counters("/proc/vmstat");
  std::string name;
  for (std::size_t count = 0; counters >> name >> count;) {
    if (name == "oom_kill") return count;
  }
  return 0;
}

std::size_t threads_of_user(uid_t user) {
  std::size_t threads = 0;
  for (const auto& [pid, seen] : processes()) threads += seen.user == user ? seen.threads : 0;
  return threads;
}

void kill_user(uid_t user) {
  // Until a look finds none: one that is forking may have been missed.
  for (bool again = true; again;) {
    again = false;
    for (const auto& [pid, seen] : processes()) {
      if (seen.user != user || seen.is_zombie) continue;
      again = kill(pid, SIGKILL) == 0 || again;
      waitpid(pid, nullptr, 0);  // of use where it became our child
    }
  }
}

namespace {

/// What the kernel lists (proc(5), /proc/PID/task/TID/children), or nothing where it was built without that.
std::optional<std::set<pid_t>> listed_children() {
  std::set<pid_t> found;
  std::error_code gone;  // threads come and go while we look
  for (const auto& thread : fs::directory_iterator("/proc/self/task", gone)) {
    std::ifstream list(thread.path() / "children");
    if (!list && fs::exists(thread.path(), gone)) return std::nullopt;
    for (pid_t child = 0; list >> child;) found.insert(child);
  }
  return found;
}

}  // namespace

std::set<pid_t> children() {
  // A child that ends while the list is read may hide another: two looks have to agree.
  for (auto before = listed_children(); before;) {
    auto now = listed_children();
    if (now == before) return *now;
    before = std::move(now);
  }
  std::set<pid_t> found;
  for (const auto& [pid, seen] : processes()) {
    if (seen.parent == getpid()) found.insert(pid);
  }
  return found;
}

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

namespace {

[[noreturn]] void throw_watching_error(const std::string& what, int error) {
  const std::string remedy =
      error == ENOSPC || error == EMFILE
          ? ". Other programs of yours, such as editors, watch too many files: end one, or raise "
            "fs.inotify.max_user_watches and fs.inotify.max_user_instances with sysctl."
          : "";
  throw GraderError("watching " + what + ": " + std::strerror(error) + remedy);
}

}  // namespace

FolderWatch::FolderWatch() : events_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (!events_.is_open()) throw_watching_error("folders", errno);
}

void FolderWatch::add(const fs::path& folder) {
  // Not IN_MODIFY: a file that is being written is of no use until it is closed.
  constexpr std::uint32_t what = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
  if (inotify_add_watch(events_.get(), folder.c_str(), what) >= 0) return;
  for (const int none : {ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG}) {
    if (errno == none) return;
  }
  throw_watching_error(folder.string(), errno);
}

bool FolderWatch::wait(std::optional<std::chrono::milliseconds> at_most) {
  pollfd watched{events_.get(), POLLIN, 0};
  const int happened = poll(&watched, 1, at_most ? static_cast<int>(at_most->count()) : -1);
  if (happened < 0 && errno != EINTR) throw_watching_error("folders", errno);
  // What the events are does not matter, nor whether the kernel had room for all: the caller looks.
  char events[1 << 14];
  while (read(events_.get(), events, sizeof events) > 0) {
  }
  return happened != 0;
}

}  // namespace autograder
