// The hand-ins of a class, as they lie in a folder: one by one, or as Canvas and Moodle pack them for download.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace autograder {

struct Submission {
  std::string name;      ///< its own in the class, and safe as the name of a file
  std::string student;   ///< the platform's id where there is one, else the name
  long long number = 0;  ///< of the submission, where the platform counts them; 0: none
  std::filesystem::path path;
  std::string archive = {};  ///< what the student called it; empty: it is a folder
};

struct ClassFolder {
  std::vector<Submission> submissions;  ///< sorted by name
  std::vector<std::string> ignored;     ///< entries that are no hand-ins
};

/// Lists `<id>.tar`, `<id>.tar.gz`, `<id>.tgz`, `<id>.zip` and `<id>/`; of Canvas
/// `<name>[_LATE]_<user>_<submission>_<file>`; of Moodle `<name>_<participant>_assignsubmission_file[_<file>]`, as a
/// file, or as a folder with one archive or the sources. Output folders are none: `out`, which need not be there yet,
/// and whatever has a journal. Throws GraderError where the folder cannot be read, UsageError where `out` is the
/// class's folder itself or lies in what looks like a hand-in.
ClassFolder list_class(const std::filesystem::path& folder, const std::filesystem::path& out);

}  // namespace autograder
