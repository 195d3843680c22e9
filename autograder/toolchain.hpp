// What a hand-in is built with: compilers, flags, and per assignment the worker's objects and the stubs.
// CMake finds all of it when the grader is built and leaves it in toolchain.json beside the grader.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace autograder {

/// The handout's stub of one source, prebuilt.
struct Stub {
  std::filesystem::path object;   ///< all its functions weak, where objcopy is there
  std::filesystem::path exports;  ///< a file with the symbols that the header declares, one a line
};

/// The libraries' headers that the assignment's headers include, as the first compiler has read them.
struct Precompiled {
  std::filesystem::path file;
  std::string option;  ///< of the compiler, followed by the path of `name` in the file's folder
  std::string name;
};

/// The prebuilt parts of a worker that runs a student's own tests, and of the library that they test.
struct TestParts {
  std::vector<std::string> objects;  ///< empty: there was no Catch2 when the grader was built
  std::vector<std::string> library;  ///< objects
  Stub stub;                         ///< of any file of tests: it has nothing, and exports nothing
};

/// The prebuilt parts of one assignment's worker.
struct WorkerParts {
  std::vector<std::string> objects;
  std::map<std::string, Stub> stubs;  ///< by the source's place
  Precompiled precompiled;            ///< without a file: none
  TestParts tests = {};
};

struct Compiler {
  std::string path;
  std::string description;         ///< "clang 14.0.6"
  std::vector<std::string> flags;  ///< that only this one understands
};

/// What finds out why a program crashes: a runtime that is loaded before the student's object, and what a file is
/// compiled with for it. Both are the first compiler's.
struct Sanitizers {
  std::filesystem::path launcher;          ///< linked with the runtime; empty file: there is none here
  std::vector<std::string> compile_flags;  ///< added to the others
  std::string addr2line;                   ///< names the line of an address

  /// Why nothing can be explained here, or an empty text.
  std::string why_not() const;
};

struct Toolchain {
  std::vector<Compiler> compilers;  ///< in the order in which they are tried; the first also links
  std::vector<std::string> compile_flags;
  std::vector<std::string> link_flags;
  std::string objcopy;  ///< empty: files are not isolated
  Sanitizers sanitizers;
  std::map<std::string, WorkerParts> workers;  ///< by assignment

  bool isolates_files() const { return !objcopy.empty(); }

  /// What a worker is linked with.
  std::vector<std::filesystem::path> libraries() const;

  /// The folders outside the system's own that compilers, headers and libraries lie in: /opt, a conda environment.
  std::vector<std::filesystem::path> folders() const;
};

/// Reads toolchain.json. Throws GraderError where it is missing or malformed.
Toolchain read_toolchain(const std::filesystem::path& file);

/// Throws GraderError, with the remedy, where a compiler or a prebuilt part of the assignment's worker is no longer
/// where it was when the grader was built.
void require_built(const Toolchain& toolchain, const std::string& assignment);

}  // namespace autograder
