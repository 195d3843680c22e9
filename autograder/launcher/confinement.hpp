// What the launcher gives up before it starts a program that it does not trust. Each step is final: nothing that runs
// later in the process can take it back. confinement_linux.cpp, and confinement_portable.cpp for other systems.
#pragma once

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

/// Gives up all privileges of root, for good, and the way to gain them by starting a program. Throws Failure.
void drop_privileges();

/// Closes all files but those at or below `readable` (read and execute) and `writable` (write too). Throws Failure.
void close_files(const std::vector<std::string>& readable, const std::vector<std::string>& writable);

/// Whether filter_system_calls() does anything here.
bool can_filter_system_calls();

/// Refuses system calls; see system_calls.hpp for the lists. Throws Failure.
void filter_system_calls(Program program, Threads threads);

}  // namespace launcher
