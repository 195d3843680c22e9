// What the launcher gives up before it starts a program that it does not trust. Each step is final: nothing that runs
// later in the process can take it back. confinement_linux.cpp, and confinement_portable.cpp for other systems.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace launcher {

/// The step that could not be taken, and why: "installing the system-call filter: Function not implemented".
struct Failure {
  std::string what;
};

enum class Program {
  tool,    ///< a compiler or linker: trusted, reads what a student wrote, starts programs of its own
  worker,  ///< student code
};

enum class Threads { allowed, refused };

/// Makes this process end when its parent `parent` ends, by `signal`; ends it at once if that has happened.
void end_with_parent(int signal, int parent);

/// Closes every descriptor from `first` on.
void close_from(int first);

/// Gives up all privileges of root, for good, and the way to gain them by starting a program. Throws Failure.
void drop_privileges();

/// Closes all files but those at or below `readable` (read and execute) and `writable` (write too). Throws Failure.
void close_files(const std::vector<std::string>& readable, const std::vector<std::string>& writable);

/// Whether a SystemCallFilter does anything here.
bool can_filter_system_calls();

/// What system calls are refused; see system_calls.hpp for the lists. To work it out takes longer than to put it in
/// force, which may be done in many processes.
class SystemCallFilter {
 public:
  /// Throws Failure.
  SystemCallFilter(Program program, Threads threads);

  /// Puts it in force, for good. Throws Failure.
  void install() const;

 private:
  struct Instructions;
  Program program_;
  std::shared_ptr<const Instructions> instructions_;
};

}  // namespace launcher
