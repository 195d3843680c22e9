// See unpack.hpp.
#include "autograder/unpack.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "autograder/entry_name.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/unpack_archive.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

enum class Links { followed, refused };  ///< in a path's last part

/// Reads a regular file, or as much of it as is more than `at_most` bytes: the caller refuses it by its size. Returns
/// nothing for anything else, and for what this user may not read.
std::optional<std::string> read_regular(const fs::path& path, std::size_t at_most, Links links) {
  const int no_link = links == Links::refused ? O_NOFOLLOW : 0;
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | no_link);
  if (descriptor < 0) {
    if (errno == ELOOP || errno == EACCES) return std::nullopt;
    throw GraderError("reading " + path.string() + ": " + std::strerror(errno));
  }
  const std::unique_ptr<const int, void (*)(const int*)> closer(&descriptor, [](const int* d) { close(*d); });
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::string bytes;
  char buffer[1 << 16];
  for (ssize_t got; (got = ::read(descriptor, buffer, sizeof buffer)) != 0;) {
    if (got < 0) throw GraderError("reading " + path.string() + ": " + std::strerror(errno));
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > at_most) break;
  }
  return bytes;
}

/// A folder is somebody's workplace: build trees, links and large files may lie around. Only wanted names are opened,
/// and what lies too deep to be wanted is passed over.
std::variant<Contents, Refused> read_folder(const fs::path& folder, const std::set<std::string>& wanted,
                                            const ArchiveCaps& caps) {
  Contents contents;
  std::size_t entries = 0, kept_bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, error);
  if (error) throw GraderError("reading the folder " + folder.string() + ": " + error.message());
  for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (++entries > caps.entries)
      return Refused{"the folder has more than " + std::to_string(caps.entries) + " entries"};
    const std::string leaf = walk->path().filename().string();
    const std::string name = walk->path().lexically_relative(folder).generic_string();
    const bool wants = is_wanted(name, wanted);
    if (static_cast<std::size_t>(walk.depth()) >= caps.name_parts || name.size() > caps.name_bytes) {
      walk.disable_recursion_pending();
      continue;
    }
    if (walk->is_symlink()) {
      if (wants) return Refused{display_name(name) + " is a symbolic link: hand in the file itself"};
      continue;
    }
    if (walk->is_directory()) {
      if (is_passed_over(leaf)) walk.disable_recursion_pending();
      continue;
    }
    if (!walk->is_regular_file()) {
      if (wants) return Refused{display_name(name) + " is no regular file"};
      continue;
    }
    contents.names.push_back(name);
    if (!wants) continue;
    const auto bytes = read_regular(walk->path(), caps.file_bytes, Links::refused);
    if (!bytes) return Refused{display_name(name) + " is no regular file, or is not readable"};
    if (bytes->size() > caps.file_bytes) {
      return Refused{display_name(name) + " is larger than " + std::to_string(caps.file_bytes >> 20) + " MiB"};
    }
    kept_bytes += bytes->size();
    if (kept_bytes > caps.total_bytes) {
      return Refused{"the folder holds more than " + std::to_string(caps.total_bytes >> 20) + " MiB of sources"};
    }
    contents.bytes[name] = *bytes;
  }
  // An error ends the walk as the last entry does.
  if (error) throw GraderError("reading the folder " + folder.string() + ": " + error.message());
  std::sort(contents.names.begin(), contents.names.end());
  return contents;
}

/// tests/<name>.cpp
bool is_test_file(const std::string& inner) {
  constexpr std::string_view folder = "tests/", ending = ".cpp";
  return inner.starts_with(folder) && inner.ends_with(ending) && inner.size() > folder.size() + ending.size() &&
         inner.find('/', folder.size()) == std::string::npos;
}

/// The folders, "" or one name with its slash, below which at least one source of the assignment lies.
std::set<std::string> possible_folders(const Contents& contents, const Assignment& assignment) {
  std::set<std::string> folders;
  for (const auto& [name, bytes] : contents.bytes) {
    if (const ListedFile* file = assignment.find_file(name); file && file->is_source()) folders.insert("");
    const auto slash = name.find('/');
    if (slash == std::string::npos || name.starts_with("__MACOSX/")) continue;
    const ListedFile* file = assignment.find_file(name.substr(slash + 1));
    if (file && file->is_source()) folders.insert(name.substr(0, slash + 1));
  }
  return folders;
}

}  // namespace

bool is_wanted(const std::string& name, const std::set<std::string>& wanted) {
  if (wanted.count(name.substr(name.find_last_of('/') + 1))) return true;
  return wanted.count(kTestFiles) > 0 && (is_test_file(name) || is_test_file(name.substr(name.find('/') + 1)));
}

bool is_passed_over(const std::string& folder) {
  return folder == "build" || folder == "grader" || folder.starts_with('.');
}

std::variant<Contents, Refused> unpack(const fs::path& path, const std::set<std::string>& wanted,
                                       const ArchiveCaps& caps) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    throw GraderError("reading the hand-in " + path.string() + ": there is no such file or folder");
  if (fs::is_directory(status)) return read_folder(path, wanted, caps);
  if (!fs::is_regular_file(status))
    throw GraderError("reading the hand-in " + path.string() + ": it is neither a file nor a folder");
  if (access(path.c_str(), R_OK) != 0) return Refused{std::string("it cannot be read: ") + std::strerror(errno)};
  const auto bytes = read_regular(path, caps.archive_bytes, Links::followed);
  if (!bytes) return Refused{"it cannot be read"};
  if (bytes->size() > caps.archive_bytes) {
    return Refused{"the archive is larger than " + std::to_string(caps.archive_bytes >> 20) + " MiB"};
  }
  return unpack_archive(*bytes, wanted, caps);
}

std::variant<Handin, Refused> select_files(const Contents& contents, const Assignment& assignment,
                                           const std::map<std::string, std::string>& headers) {
  std::set<std::string> folders = possible_folders(contents, assignment);
  // Files at the top are the hand-in; what lies below some folder beside them is a copy or a backup.
  if (folders.count("")) folders = {""};
  if (folders.size() > 1) {
    return Refused{"two folders hold the homework's files, " + display_name(*folders.begin()) + " and " +
                   display_name(*std::next(folders.begin())) + ": hand in one"};
  }
  const std::string folder = folders.empty() ? "" : *folders.begin();
  Handin handin;
  std::size_t tests_left_out = 0;
  for (const std::string& name : contents.names) {
    const std::string inner = name.starts_with(folder) ? name.substr(folder.size()) : "";
    const auto bytes = contents.bytes.find(name);
    if (assignment.find_file(inner) && bytes != contents.bytes.end()) {
      handin.files[inner] = bytes->second;
      handin.taken.push_back(inner);
      continue;
    }
    if (is_test_file(inner) && bytes != contents.bytes.end() && handin.tests.size() < kMaxTestFiles) {
      handin.tests[inner] = bytes->second;
      handin.taken.push_back(inner);
      continue;
    }
    if (is_test_file(inner) && bytes != contents.bytes.end()) ++tests_left_out;
    handin.ignored.push_back(name);
    const auto header = inner.starts_with("include/") ? headers.find(inner.substr(8)) : headers.end();
    if (header != headers.end() && bytes != contents.bytes.end() && bytes->second != header->second) {
      handin.notices.push_back(inner + " differs from the handout's: it is ignored, the grader builds with its own");
    }
  }
  if (tests_left_out > 0) {
    handin.notices.push_back("the hand-in has more than " + std::to_string(kMaxTestFiles) +
                             " files of tests: " + std::to_string(tests_left_out) + " are ignored");
  }
  return handin;
}

std::size_t count_listed(const Contents& contents, const Assignment& assignment) {
  std::size_t best = 0;
  for (const std::string& folder : possible_folders(contents, assignment)) {
    std::size_t count = 0;
    for (const ListedFile& file : assignment.files) {
      if (file.is_source() && contents.bytes.count(folder + file.name)) ++count;
    }
    best = std::max(best, count);
  }
  return best;
}

}  // namespace autograder
