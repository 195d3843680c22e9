// See temporary_folder.hpp.
#include "autograder/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <set>
#include <string>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPrefix = "autograder-";

/// All folders of this process, for remove_temporary_folders().
struct Registered {
  std::mutex mutex;
  std::set<fs::path> paths;
};
Registered& registered() {
  static Registered instance;
  return instance;
}

/// Opens the folder and takes its lock, which the kernel gives back when this process ends, however it does. Returns a
/// descriptor, or -1 where another process has the lock.
int lock(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  close(descriptor);
  return -1;
}

/// Removes what graders of this user left in `parent` that were killed before they could: folders that nobody has
/// locked. A minute's grace is for one that was made and not locked yet.
void remove_abandoned(const fs::path& parent) {
  std::error_code ignored;  // another user's folders, or another grader that removes the same
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    struct stat status {};
    if (lstat(entry.path().c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid()) continue;
    if (std::time(nullptr) - status.st_mtime < 60) continue;
    const int descriptor = lock(entry.path());
    if (descriptor < 0) continue;
    fs::remove_all(entry.path(), ignored);
    close(descriptor);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder(std::optional<uid_t> guest) {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  if (error)
    throw GraderError("making a temporary folder: " + error.message() + ". Set TMPDIR to a folder that exists.");
  static std::once_flag once;
  std::call_once(once, remove_abandoned, parent);
  // Held until the folder is registered: an interruption finds all that there are.
  const std::scoped_lock hold(registered().mutex);
  std::string pattern = (fs::canonical(parent) / (kPrefix + std::string("XXXXXX"))).string();
  if (!mkdtemp(pattern.data())) {
    throw_system_error("making a temporary folder in " + parent.string(), errno);
  }
  path_ = pattern;
#ifdef ST_NOEXEC
  struct statvfs system {};
  if (statvfs(path_.c_str(), &system) == 0 && (system.f_flag & ST_NOEXEC)) {
    remove();
    throw GraderError("making a temporary folder in " + parent.string() +
                      ": no program can be started from there (it is mounted noexec). Set TMPDIR to another folder.");
  }
#endif
  lock_ = lock(path_);
  if (guest && (chown(path_.c_str(), static_cast<uid_t>(-1), *guest) != 0 || chmod(path_.c_str(), 0710) != 0)) {
    const std::string why = std::strerror(errno);
    remove();
    throw GraderError("opening the temporary folder " + pattern + " to the sandbox's user: " + why);
  }
  registered().paths.insert(path_);
}

TemporaryFolder::~TemporaryFolder() {
  const std::scoped_lock hold(registered().mutex);
  remove();
  registered().paths.erase(path_);
}

void TemporaryFolder::remove() {
  std::error_code ignored;  // nothing can be done about it here, and the grade stands
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) close(lock_);
  lock_ = -1;
}

void remove_temporary_folders() {
  // Never given back: from here on nobody makes a folder, or removes one and goes on.
  registered().mutex.lock();
  for (const fs::path& path : registered().paths) {
    // Other threads may still be writing there, until the folders that they write into are gone.
    std::error_code error;
    for (int tries = 0; tries < 100 && fs::exists(path, error); ++tries) fs::remove_all(path, error);
  }
}

}  // namespace autograder
