// See grader_error.hpp.
#include "autograder/grader_error.hpp"

#include <cerrno>
#include <cstring>

namespace autograder {

void throw_system_error(const std::string& message, int error) {
  const std::string whole = message + ": " + std::strerror(error);
  for (const int shortage : {EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EDQUOT}) {
    if (error == shortage) throw ShortageError(whole);
  }
  throw GraderError(whole);
}

}  // namespace autograder
