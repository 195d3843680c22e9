// What the end-to-end tests have in common: hand-ins made from the solution and a few changed files, graded by the real
// pipeline. The solution's own files are compiled once and remembered: the hundreds of hand-ins here differ from it in
// one file each.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "autograder/grade.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder_tests {

namespace fs = std::filesystem;

/// The repository's root.
fs::path course_folder();

/// What stands in a file of the solution, exactly once, and what a hand-in has instead.
struct Edit {
  std::string file;
  std::string find;
  std::string replace;
};

/// A folder with a copy of the solution (or of the handout), on top of which files are laid.
class HandinFolder {
 public:
  enum class Base { solution, handout };

  explicit HandinFolder(Base base = Base::solution);
  void write(const std::string& name, const std::string& bytes);
  void remove(const std::string& name);
  /// Copies every file of `folder` to the same place here.
  void overlay(const fs::path& folder);
  /// Throws std::invalid_argument unless `edit.find` stands there exactly once.
  void apply(const Edit& edit);
  const fs::path& path() const { return path_; }

 private:
  autograder::TemporaryFolder folder_;
  fs::path path_;
};

/// The strongest sandbox that works here, opened once.
const autograder::Sandbox& sandbox();

/// Says whether the object of a source, by its name in the hand-in and its text, is worth remembering.
using WorthRemembering = std::function<bool(const std::string& name, const std::string& source)>;

/// True for the solution's own files.
bool is_of_the_solution(const std::string& name, const std::string& source);

/// The local machine in a sandbox, with a memory for objects.
autograder::Machine remembering_machine(const autograder::Sandbox& sandbox,
                                        const WorthRemembering& worth = is_of_the_solution);

/// Grades with the given fixtures ("public" or "hidden").
autograder::Report grade(const fs::path& handin, const std::string& fixtures);

/// Builds once and grades with both sets: "public" and "hidden".
std::map<std::string, autograder::Report> grade_with_both_sets(const fs::path& handin);

/// Section ids with the statuses of those that did not pass.
std::map<std::string, std::string> lost_sections(const autograder::Report& report);

}  // namespace autograder_tests
