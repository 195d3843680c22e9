// See secrets.hpp.
#include "autograder/secrets.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

/// /tmp and the like, in which everybody keeps something.
bool is_shared(const fs::path& folder) {
  struct stat status {};
  return stat(folder.c_str(), &status) == 0 && (status.st_mode & S_ISVTX);
}

}  // namespace

bool is_open_to_others(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return false;
  if (!(status.st_mode & (S_ISDIR(status.st_mode) ? S_IXOTH | S_IROTH : S_IROTH))) return false;
  for (fs::path above = path.parent_path(); above != above.parent_path(); above = above.parent_path()) {
    if (stat(above.c_str(), &status) != 0 || !(status.st_mode & S_IXOTH)) return false;
  }
  return true;
}

void require_closed(const Sandbox& sandbox, const std::vector<fs::path>& secrets) {
  if (sandbox.tier == Tier::none) return;
  for (const fs::path& secret : secrets) {
    std::error_code none;
    const fs::path path = fs::weakly_canonical(secret, none);
    if (!fs::exists(path, none)) continue;
    for (const SystemPath& system : sandbox.programs) {
      if (!lies_in(path, fs::weakly_canonical(system.path, none))) continue;
      throw GraderError("grading with withheld fixtures: " + path.string() + " lies in " + system.path.string() +
                        ", which compilers have to read, and student code through them. Move it elsewhere.");
    }
    if (!sandbox.closes_files && is_open_to_others(path) && !is_shared(path)) {
      throw GraderError("grading with withheld fixtures in the sandbox " + std::string(name_of(sandbox.tier)) +
                        ": this kernel cannot close files (Landlock), and permissions let everybody read " +
                        path.string() + ". Close it: chmod -R go= '" + path.string() + "'");
    }
  }
}

}  // namespace autograder
