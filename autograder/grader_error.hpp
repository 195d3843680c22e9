// The one exception for what goes wrong on the grader's own side. What a student does wrong is a value, never this.
#pragma once

#include <stdexcept>
#include <string>

namespace autograder {

/// A failure of the grader or its set-up: no score may be given. The message says what was being done, on which
/// object, what went wrong, and what to do about it. Caught once, in run_command_line(), which then returns 3.
class GraderError : public std::runtime_error {
 public:
  explicit GraderError(const std::string& message) : std::runtime_error(message) {}
};

/// Something ran short on this machine: descriptors, processes, memory, time, a limit of the caller's. It says nothing
/// about what the machine can do at other times.
class ShortageError : public GraderError {
 public:
  using GraderError::GraderError;
};

/// Throws a ShortageError where the system's error number means that something ran short, else a GraderError.
[[noreturn]] void throw_system_error(const std::string& message, int error);

}  // namespace autograder
