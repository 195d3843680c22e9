// A folder that is gone with its owner.
#pragma once

#include <filesystem>

namespace autograder {

class TemporaryFolder {
 public:
  /// Makes an empty folder that only this user can enter, below $TMPDIR or the system's folder for such things. Throws
  /// GraderError where that is impossible.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace autograder
