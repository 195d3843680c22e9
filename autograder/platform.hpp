// What only Linux has, behind one seam: platform_linux.cpp, and platform_portable.cpp for macOS and the like, where a
// student grades their own work. Everything else in the grader is POSIX.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>

#include "autograder/descriptor.hpp"

namespace autograder {

/// Opens a pipe whose ends are closed at exec, {read end, write end}. Throws GraderError.
std::array<int, 2> open_pipe();

/// Returns a descriptor that becomes readable when the child ends, or -1 where there is no such thing.
int open_exit_watch(pid_t child);

/// Returns the processor time in seconds that a child has used which ended but was not waited for; 0 where unknown.
double cpu_seconds_of(pid_t ended);

/// In the child, between fork and exec (async-signal-safe): dies with its parent `parent`, and marks every descriptor
/// from `first` on to be closed at exec.
void confine_before_exec(pid_t parent, int first);

/// Makes this process adopt what its children leave behind, so that kill_orphans() finds it.
void adopt_orphans();

/// In the child, between fork and exec: becomes another user, of the group with the same number, for good. Needs root.
/// Returns false, with errno set, where that is refused.
bool become_user(uid_t user);

/// Returns the memory in use by the process and all below it, in bytes; 0 where unknown.
std::size_t resident_bytes_below(pid_t process);

/// Returns whether a file of that many bytes can be made in the folder, which takes more than an unfull disk: quotas
/// count too, where they are known.
bool has_room(const std::filesystem::path& folder, std::size_t bytes);

/// Returns the time of the clock that file systems take their stamps from, in nanoseconds since 1970. It lags behind
/// other clocks.
std::int64_t file_clock_now();

/// Returns when anything about the file was last changed, in that clock: its bytes, or that it came to this name. The
/// largest number where it is gone.
std::int64_t changed_at(const std::filesystem::path& file);

/// Returns how often the kernel has killed a program of this machine because memory ran out; 0 where unknown.
std::size_t out_of_memory_kills();

/// Returns the number of threads that the user's processes have; 0 where unknown.
std::size_t threads_of_user(uid_t user);

/// Kills every process of the user, which must not be the caller's own. Needs root.
void kill_user(uid_t user);

/// Returns the children that this process has; none where that is unknown.
std::set<pid_t> children();

/// Kills and reaps every child of this process that is not in `owned`. The portable version finds none.
void kill_orphans(const std::set<pid_t>& owned);

/// Wakes who waits for something to happen in some folders. It may wake for less: the caller looks for what it was.
class FolderWatch {
 public:
  /// Throws GraderError where this machine watches too much already.
  FolderWatch();

  /// Watches this folder too, without what is below it; does nothing where it is watched already, or is no folder.
  /// Throws GraderError where this machine watches too much already.
  void add(const std::filesystem::path& folder);

  /// Waits until a file or folder in one of them is made, written and closed, renamed or removed, or its permissions
  /// change, or one of the folders itself is; at most so long. Returns false where the time was up first.
  /// The portable version knows no events: it wakes four times a second.
  bool wait(std::optional<std::chrono::milliseconds> at_most);

 private:
  Descriptor events_;
};

}  // namespace autograder
