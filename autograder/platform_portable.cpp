// macOS and other POSIX systems: a student's own machine. A process that leaves its group is not found here.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <limits>
#include <string>
#include <thread>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"

namespace autograder {

std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw_system_error("opening a pipe", errno);
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  return ends;
}

int open_exit_watch(pid_t) { return -1; }

double cpu_seconds_of(pid_t) { return 0.0; }

void confine_before_exec(pid_t, int first) {
  for (int descriptor = first; descriptor < 256; ++descriptor) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

bool become_user(uid_t user) { return setgid(user) == 0 && setuid(user) == 0; }

std::size_t resident_bytes_below(pid_t) { return 0; }

bool has_room(const std::filesystem::path& folder, std::size_t bytes) {
  std::error_code unknown;
  const auto space = std::filesystem::space(folder, unknown);
  return unknown || space.available >= bytes;
}

constexpr std::int64_t kNanoseconds = 1'000'000'000;  // in a second

// In whole seconds: a file that was changed in the second of the question counts as changed after it.
std::int64_t file_clock_now() { return kNanoseconds * std::time(nullptr); }

std::int64_t changed_at(const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return std::numeric_limits<std::int64_t>::max();
#ifdef __APPLE__
  const timespec& changed = status.st_ctimespec;
#else
  const timespec& changed = status.st_ctim;
#endif
  return kNanoseconds * changed.tv_sec + changed.tv_nsec;
}

std::size_t out_of_memory_kills() { return 0; }

std::size_t threads_of_user(uid_t) { return 0; }

void kill_user(uid_t) {}

void adopt_orphans() {}

std::set<pid_t> children() { return {}; }

void kill_orphans(const std::set<pid_t>&) {}

FolderWatch::FolderWatch() = default;

void FolderWatch::add(const std::filesystem::path&) {}

bool FolderWatch::wait(std::optional<std::chrono::milliseconds> at_most) {
  constexpr std::chrono::milliseconds pause(250);
  std::this_thread::sleep_for(at_most ? std::min(*at_most, pause) : pause);
  return !at_most || *at_most > pause;
}

}  // namespace autograder
