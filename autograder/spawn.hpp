// Starting and ending child processes: the only place that forks (but for gdb), and the account of which children have
// an owner, so that what a child left behind can be told from another's child.
#pragma once

#include <sys/types.h>

#include "autograder/command.hpp"
#include "autograder/descriptor.hpp"

namespace autograder {

/// A program that was started, in a session and group of its own, and our ends of its pipes.
struct Spawned {
  pid_t pid = -1;
  Descriptor exit_watch;  ///< readable when it has ended; closed where there is no such thing
  Descriptor input, output, errors;
  Descriptor answers;  ///< descriptor 3, for Channel::lines
  Descriptor report;   ///< descriptor 4, of a command that is watched
};

/// Starts a command under its limits. Throws GraderError where it could not be started, with nothing left behind.
Spawned spawn(const Command& command, Channel channel);

/// Kills the child with its group, waits for it, and then kills what it left behind, whoever owns that now.
void kill_and_reap(pid_t child);

/// Kills every child of this process, which is about to end: whoever wants to start or end one afterwards waits for
/// ever.
void kill_children();

}  // namespace autograder
