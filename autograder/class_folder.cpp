// See class_folder.hpp.
#include "autograder/class_folder.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <regex>
#include <set>

#include "autograder/digest.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/output_folder.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

constexpr const char* kEndings[] = {".tar.gz", ".tgz", ".tar", ".zip"};

/// The name without the ending of an archive; empty where it has none.
std::string without_ending(const std::string& name) {
  for (const std::string ending : kEndings) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return "";
}

/// Endings are added to a name, and names of files have 255 bytes.
constexpr std::size_t kLongestName = 150;

/// Letters, digits and what names of files are made of: no report's name begins with a dash or a dot, breaks a line or
/// leads elsewhere, or is too long.
std::string safe(std::string name) {
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || std::string("/\\:*?\"<>|'`$").find(c) != std::string::npos) c = '_';
  }
  if (name[0] == '-' || name[0] == '.') name[0] = '_';
  if (name.size() > kLongestName) name = name.substr(0, kLongestName - 17) + "_" + sha256(name).substr(0, 16);
  return name;
}

/// Nothing where it is larger than any platform's.
long long number_of(const std::string& digits) {
  long long number = 0;
  const char* end = digits.data() + digits.size();
  return std::from_chars(digits.data(), end, number).ec == std::errc() ? number : 0;
}

/// Sets the platform's id of the student, or the name without its ending, and what the student called the archive. Both
/// platforms put that last: what comes first decides.
void set_student(Submission& one, const std::string& id, const std::string& file) {
  static const std::regex canvas("[^_]+(?:_LATE)?_([0-9]+)_([0-9]+)_(.+)"),
      moodle("[^_]+_([0-9]+)_assignsubmission_file(?:_(.*))?");
  // Of another hand-in of the same file Canvas makes "file-1.zip".
  static const std::regex count("-[0-9]+(\\.(?:tar\\.gz|tgz|tar|zip))$");
  std::smatch match;
  one.student = id;
  one.archive = file;
  if (std::regex_match(file, match, canvas)) {
    one.number = number_of(match[2]);
    one.student = match[1];
    one.archive = std::regex_replace(match[3].str(), count, "$1");
  } else if (std::regex_match(file, match, moodle)) {
    one.student = match[1];
    one.archive = match[2];
  }
}

/// Moodle's folders hold the file that was handed in.
fs::path inner(const fs::path& folder) {
  std::vector<fs::path> archives;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    // A link would lead to another's archive.
    if (entry.is_symlink(unreadable) || !entry.is_regular_file(unreadable)) return folder;
    if (!without_ending(entry.path().filename().string()).empty()) archives.push_back(entry.path());
  }
  return archives.size() == 1 ? archives.front() : folder;
}

/// Without links, and without a slash at its end, whether it is there or not.
fs::path plain(const fs::path& path) {
  const fs::path plain = fs::weakly_canonical(fs::absolute(path));
  return plain.has_filename() ? plain : plain.parent_path();
}

/// Reports must not become hand-ins, and a hand-in must not be passed over for what lies in it.
void require_apart(const fs::path& folder, const fs::path& out) {
  const fs::path below = out.lexically_relative(plain(folder));
  if (below == ".") throw UsageError("--out " + out.string() + ": this is the class's folder. Give another one.");
  if (below.empty() || *below.begin() == ".." || below == below.filename()) return;
  throw UsageError("--out " + out.string() + ": this lies in " + below.begin()->string() +
                   ", which is a hand-in of the class. Give a folder elsewhere.");
}

}  // namespace

ClassFolder list_class(const fs::path& folder, const fs::path& out) {
  ClassFolder found;
  std::error_code error;
  const fs::path output = plain(out);
  require_apart(folder, output);
  std::map<std::string, fs::path> by_entry;  // sorted, so that names do not depend on the disk
  for (const auto& entry : fs::directory_iterator(folder, error)) by_entry[entry.path().filename().string()] = entry;
  if (error) throw GraderError("reading the class folder " + folder.string() + ": " + error.message());
  std::set<std::string> names;
  for (const auto& [entry, path] : by_entry) {
    const bool is_folder = fs::is_directory(path, error);
    const std::string id = is_folder ? entry : without_ending(entry);
    const bool is_output = is_folder && (plain(path) == output || fs::exists(journal_file(path), error));
    if (entry.starts_with('.') || id.empty() || is_output || !(is_folder || fs::is_regular_file(path, error))) {
      found.ignored.push_back(entry);
      continue;
    }
    // Where alice.tar and alice/ are both there, the second keeps its ending; what is still the same is counted.
    std::string name = names.count(safe(id)) ? safe(entry) : safe(id);
    for (int count = 2; !names.insert(name).second; ++count) name = safe(entry) + "_" + std::to_string(count);
    Submission one;
    one.name = name;
    one.path = is_folder ? inner(path) : path;
    set_student(one, id, entry);
    if (is_folder) one.archive = one.path == path ? "" : one.path.filename().string();
    found.submissions.push_back(one);
  }
  std::sort(found.submissions.begin(), found.submissions.end(),
            [](const Submission& a, const Submission& b) { return a.name < b.name; });
  return found;
}

}  // namespace autograder
