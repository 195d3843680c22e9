// The files of assignments that a class needs again and again, each assignment's read once: reading them takes longer
// than grading from the cache.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "autograder/course.hpp"
#include "autograder/sandbox.hpp"

namespace autograder {

/// An assignment's files, and what of them decides scores.
struct KnownCourse {
  std::shared_ptr<const Course> course;
  std::string points;  ///< digest of assignment.json
};

/// For several threads at a time.
class KnownCourses {
 public:
  /// `root` is the course folder; `fixtures` is "public", "hidden" or a folder.
  KnownCourses(std::filesystem::path root, std::string fixtures)
      : root_(std::move(root)), fixtures_(std::move(fixtures)) {}

  /// Stays where it is. Throws GraderError where the files cannot be read.
  const KnownCourse& find(const std::string& assignment);

  /// Digest of compilers, headers and worker, as that sandbox shows them; of the first sandbox, where there are
  /// several.
  const std::string& toolbox(const std::string& assignment, const Sandbox& sandbox);

 private:
  std::filesystem::path root_;
  std::string fixtures_;
  std::mutex mutex_;
  std::map<std::string, KnownCourse> courses_;
  std::map<std::string, std::string> toolboxes_;
};

}  // namespace autograder
