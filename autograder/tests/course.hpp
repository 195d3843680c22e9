// What the end-to-end tests have in common: hand-ins made from the solution and a few changed files, graded by the real
// pipeline. A file that was compiled before, with the same flags and headers, is not compiled again: the hundreds of
// hand-ins here differ in one file each.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "autograder/grade.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder_tests {

namespace fs = std::filesystem;

/// The repository's root.
fs::path course_folder();

/// A folder with a copy of the solution (or of the handout), on top of which files are laid.
class HandinFolder {
 public:
  enum class Base { solution, handout };

  explicit HandinFolder(Base base = Base::solution);
  void write(const std::string& name, const std::string& bytes);
  void remove(const std::string& name);
  /// Copies every file of `folder` to the same place here.
  void overlay(const fs::path& folder);
  std::string read(const std::string& name) const;
  const fs::path& path() const { return path_; }

 private:
  autograder::TemporaryFolder folder_;
  fs::path path_;
};

/// The local machine without a sandbox, with a memory for compiled objects.
autograder::Machine remembering_machine();

/// Grades with the given fixtures ("public" or "hidden").
autograder::Report grade(const fs::path& handin, const std::string& fixtures);

/// Section ids with the statuses of those that did not pass.
std::map<std::string, std::string> lost_sections(const autograder::Report& report);

}  // namespace autograder_tests
