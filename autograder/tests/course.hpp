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

/// A folder with a copy of an assignment's solution (or of its handout), on top of which files are laid.
class HandinFolder {
 public:
  enum class Base { solution, handout };

  explicit HandinFolder(Base base = Base::solution, const std::string& assignment = "mytorch");
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

/// The cache that all tests share, in the build folder.
std::shared_ptr<const autograder::ObjectCache> test_cache(
    autograder::CacheUse use = autograder::CacheUse::reads_and_stores);

/// How the tests grade with the given fixtures, in that sandbox and with that cache: the homework is found from the
/// hand-in's files.
autograder::GradeOptions options_for(const fs::path& handin, const std::string& fixtures);

/// Grades with the given fixtures ("public" or "hidden").
autograder::Report grade(const fs::path& handin, const std::string& fixtures);

/// Builds once and grades with both sets: "public" and "hidden".
std::map<std::string, autograder::Report> grade_with_both_sets(const fs::path& handin);

/// Section ids with the statuses of those that did not pass.
std::map<std::string, std::string> lost_sections(const autograder::Report& report);

}  // namespace autograder_tests
