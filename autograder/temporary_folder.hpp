// A folder that is gone with its owner.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace autograder {

class TemporaryFolder {
 public:
  /// Makes an empty folder that only this user can enter, and `guest` can pass through (which needs root), below
  /// $TMPDIR or the system's folder for such things. Throws GraderError where that is impossible.
  explicit TemporaryFolder(std::optional<uid_t> guest = std::nullopt);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  void remove();

  std::filesystem::path path_;
  int lock_ = -1;  ///< tells other graders that this folder has an owner
};

/// Removes every temporary folder of this process, which is about to end: whoever wants to make or remove one
/// afterwards waits for ever.
void remove_temporary_folders();

}  // namespace autograder
