// What to run: a program with its limits, and what it has to see.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace autograder {

struct Limits {
  double wall_seconds = 60;
  std::size_t cpu_seconds = 60;
  std::size_t cpu_case_seconds = 0;                 ///< what the program lets itself use before it is signalled; 0: all
  std::size_t memory_bytes = 0;                     ///< address space; 0: no limit
  std::size_t resident_bytes = 0;                   ///< memory in use, for programs that reserve far more; 0: no limit
  std::size_t file_bytes = std::size_t{256} << 20;  ///< of any file it writes
  std::size_t output_bytes = std::size_t{8} << 20;  ///< of each of standard output and error
  std::size_t answer_bytes = std::size_t{16} << 20;  ///< of one line on descriptor 3

  // Enforced in a sandbox only (sandbox.hpp); 0: no limit.
  std::size_t open_files = 0;
  std::size_t processes = 0;  ///< with threads
};

/// What a program is, as far as its confinement goes.
enum class Program {
  tool,    ///< a compiler or linker: it may start programs, and reads what a student wrote
  worker,  ///< a shared object with student code, for the launcher to load
};

struct Command {
  std::vector<std::string> arguments;    ///< the first is the program's path
  std::filesystem::path folder;          ///< working folder; empty: the caller's
  std::vector<std::string> environment;  ///< NAME=VALUE, all of it
  Limits limits;

  // What a sandbox lets it see, beyond the system's programs and libraries; ignored without one.
  Program program = Program::tool;
  std::vector<std::filesystem::path> readable;
  std::filesystem::path writable;                ///< a folder that is this command's alone; empty: none
  std::vector<std::filesystem::path> libraries;  ///< of a worker: what it is linked with
  std::filesystem::path launcher;                ///< the launcher to use; empty: the sandbox's

  // What a sandbox makes of it.
  std::optional<uid_t> user;  ///< the user to become first; needs root
  bool watched = false;       ///< the program ends in the launcher, which says on descriptor 4 how the command ended
};

/// The program of that name in the folders of PATH; empty where there is none.
std::filesystem::path find_program(const std::string& name);

/// One word of a shell's command line, whatever is in the text. Pure.
std::string shell_quoted(const std::string& text);

enum class Channel {
  none,
  lines,   ///< the child reads requests on descriptor 0 and answers on 3
  server,  ///< descriptor 0 is a socket, on which the child is told what to start
};

}  // namespace autograder
