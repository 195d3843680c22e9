// Running the build's tools under limits, and telling whose a failure is: the hand-in's, or the machine's.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/process.hpp"

namespace autograder {

/// How a program is run to its end: in the sandbox, or in tests not at all.
using RunCommand = std::function<Completed(const Command&)>;

/// One call of a compiler, linker or the like.
struct ToolCall {
  std::vector<std::string> arguments;           ///< the first is the tool's path
  std::filesystem::path folder;                 ///< working folder
  std::filesystem::path writable;               ///< the folder that the tool writes into
  std::vector<std::filesystem::path> readable;  ///< what else it has to see
};

class Tools {
 public:
  /// `folder` is the build's: everything is written below it.
  Tools(const CompileLimits& limits, std::filesystem::path folder, const RunCommand& run);

  /// Runs the tool to its end. What it says about a hand-in is in the result; throws GraderError for a failure that
  /// says nothing about one: a tool that something killed, a full disk.
  Completed run(ToolCall call) const;

 private:
  void require_health(const Completed& completed, const std::string& tool) const;

  CompileLimits limits_;
  std::filesystem::path folder_;
  const RunCommand& run_;
  std::size_t kills_before_;
};

/// Whether a tool would end in the same way another day: by itself, and not for want of room, memory, or a file that
/// may be installed by then.
bool says_the_same_again(const Completed& completed);

/// What `tool` said about a file, and why it was stopped if it was.
std::string diagnostics_of(const Completed& completed, const std::string& tool);

}  // namespace autograder
