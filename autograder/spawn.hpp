// Starting and ending child processes: the only place that forks (but for gdb), and the account of which children have
// an owner, so that what a child left behind can be told from another's child.
#pragma once

#include <sys/types.h>

#include "autograder/command.hpp"
#include "autograder/descriptor.hpp"

namespace autograder {

/// Our ends of a process's pipes.
struct Pipes {
  Descriptor input;  ///< for Channel::server a socket
  Descriptor output, errors;
  Descriptor answers;  ///< descriptor 3, for Channel::lines
  Descriptor report;   ///< descriptor 4, of a command that is watched
};

/// A program that was started, in a session and group of its own.
struct Spawned {
  pid_t pid = -1;
  Descriptor exit_watch;  ///< readable when it has ended; closed where there is no such thing
  Pipes pipes;
};

/// Both ends of a pipe, out of the way of the descriptors 0 to 4 that a child is given.
struct Pipe {
  Descriptor read_end, write_end;
};

/// Throws GraderError.
Pipe open_high_pipe();

/// Starts a command under its limits. Throws GraderError where it could not be started, with nothing left behind.
Spawned spawn(const Command& command, Channel channel);

/// Kills the child with its group, waits for it, and then kills what it left behind, whoever owns that now.
void kill_and_reap(pid_t child);

/// Kills every child of this process, which is about to end: whoever wants to start or end one afterwards waits for
/// ever.
void kill_children();

}  // namespace autograder
