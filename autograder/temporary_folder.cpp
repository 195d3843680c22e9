// See temporary_folder.hpp.
#include "autograder/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  if (error)
    throw GraderError("making a temporary folder: " + error.message() + ". Set TMPDIR to a folder that exists.");
  std::string pattern = (fs::canonical(parent) / "autograder.XXXXXX").string();
  if (!mkdtemp(pattern.data())) {
    throw GraderError("making a temporary folder in " + parent.string() + ": " + std::strerror(errno));
  }
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // nothing can be done about it here, and the grade stands
  fs::remove_all(path_, ignored);
}

}  // namespace autograder
