// The launcher's command line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "autograder/launcher/confinement.hpp"

namespace launcher {

struct Options {
  std::string mode;  ///< "tool", "server", or "bare": a worker for a debugger, neither confined nor watched
  std::size_t processes = 0, open_files = 0;
  Threads threads = Threads::allowed;
  bool closes_files = false;
  std::vector<std::string> readable, writable;
  std::vector<std::string> libraries;  ///< of a server: what its workers need
  char** program = nullptr;            ///< with its arguments, ended by a null pointer
};

/// Returns false where the words make no sense.
bool parse(int argc, char** argv, Options& options);

extern const char* const kUsage;

}  // namespace launcher
