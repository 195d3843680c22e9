// See unpack.hpp.
#include "autograder/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

std::string last_part(const std::string& name) { return name.substr(name.find_last_of('/') + 1); }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Student-controlled names in messages: short, printable ASCII, so that no report has to fear them.
std::string display_name(const std::string& name) {
  std::string text;
  for (const unsigned char c : name.substr(0, 80))
    text += (c < 0x20 || c > 0x7e || c == '"') ? '?' : static_cast<char>(c);
  return "\"" + text + (name.size() > 80 ? "..." : "") + "\"";
}

/// Drops what says nothing in a path: "./", "//", a trailing "/".
std::string plain_path(const std::string& name) {
  std::string plain = name.starts_with('/') ? "/" : "";
  for (const fs::path& part : fs::path(name)) {
    if (part.empty() || part == "." || part == "/") continue;
    plain += (plain.empty() || plain.ends_with('/') ? "" : "/") + part.string();
  }
  return plain;
}

bool is_drive_letter(const std::string& name) {
  return name.size() > 1 && std::isalpha(static_cast<unsigned char>(name[0])) && name[1] == ':' &&
         (name.size() == 2 || name[2] == '\\' || name[2] == '/');
}

/// Returns why an entry's name cannot be accepted, if so. `name` becomes a plain path.
std::optional<std::string> refuse_name(std::string& name, const ArchiveCaps& caps) {
  name = plain_path(name);
  if (name.size() > caps.name_bytes) return "a name longer than " + std::to_string(caps.name_bytes) + " bytes";
  if (name.starts_with('/') || name.starts_with('\\') || is_drive_letter(name)) {
    return "the absolute path " + display_name(name);
  }
  for (const fs::path& part : fs::path(name)) {
    if (part == "..") return "the path " + display_name(name) + ", which leads out of the hand-in";
  }
  // What macOS calls the icon of a folder.
  if (last_part(name) == "Icon\r") name.pop_back();
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    return "the name " + display_name(name) + ", which has control characters";
  }
  return std::nullopt;
}

/// One pass over an archive.
class ArchiveReader {
 public:
  ArchiveReader(const fs::path& path, const std::set<std::string>& wanted, const ArchiveCaps& caps)
      : path_(path), wanted_(wanted), caps_(caps), archive_(archive_read_new(), archive_read_free) {}

  std::variant<Contents, Refused> read() {
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_zip(archive_.get());
    archive_read_support_filter_gzip(archive_.get());
    if (archive_read_open_filename(archive_.get(), path_.c_str(), 1 << 16) != ARCHIVE_OK) return broken();
    archive_entry* entry = nullptr;
    for (;;) {
      const int result = archive_read_next_header(archive_.get(), &entry);
      if (result == ARCHIVE_EOF) break;
      // A warning is about a name that the locale cannot show, or an extension that nobody needs: the entry is whole.
      if (result < ARCHIVE_WARN) return broken();
      if (auto why = take(entry)) return Refused{*why};
    }
    if (entries_ == 0) return Refused{"the archive is empty"};
    return std::move(contents_);
  }

 private:
  Refused broken() const {
    const char* message = archive_error_string(archive_.get());
    return Refused{"it is not a readable .tar, .tar.gz or .zip archive (" + std::string(message ? message : "damaged") +
                   ")"};
  }

  std::optional<std::string> take(archive_entry* entry) {
    if (++entries_ > caps_.entries) return "the archive has more than " + std::to_string(caps_.entries) + " entries";
    const char* raw = archive_entry_pathname(entry);
    if (!raw) raw = archive_entry_pathname_utf8(entry);
    // No listed name needs a locale: an entry whose name cannot be shown is one to ignore.
    std::string name = raw ? raw : "unreadable name " + std::to_string(entries_);
    if (const auto why = refuse_name(name, caps_)) return "the archive holds " + *why;
    if (archive_entry_hardlink(entry))
      return "the archive holds the hard link " + display_name(name) + ": pack the file itself";
    if (archive_entry_symlink(entry) || archive_entry_filetype(entry) == AE_IFLNK) {
      return "the archive holds the symbolic link " + display_name(name) + ": pack the file itself";
    }
    if (archive_entry_is_encrypted(entry)) return "the archive is encrypted";
    if (archive_entry_filetype(entry) == AE_IFDIR || name.empty()) return std::nullopt;
    if (archive_entry_filetype(entry) != AE_IFREG)
      return "the archive holds " + display_name(name) + ", which is no regular file";
    if (!seen_.insert(lower(name)).second) {
      return "the archive holds " + display_name(name) + " twice, or once more with other capital letters";
    }
    return take_bytes(name);
  }

  /// Reads every entry through, wanted or not: the size in a header may lie.
  std::optional<std::string> take_bytes(const std::string& name) {
    const bool keep = wanted_.count(last_part(name)) > 0;
    std::string bytes;
    char buffer[1 << 16];
    for (;;) {
      const la_ssize_t got = archive_read_data(archive_.get(), buffer, sizeof buffer);
      if (got < 0) return broken().why;
      if (got == 0) break;
      total_ += static_cast<std::size_t>(got);
      if (total_ > caps_.total_bytes) {
        return "the archive unpacks to more than " + std::to_string(caps_.total_bytes >> 20) + " MiB";
      }
      if (keep) bytes.append(buffer, static_cast<std::size_t>(got));
      if (bytes.size() > caps_.file_bytes) {
        return display_name(name) + " is larger than " + std::to_string(caps_.file_bytes >> 20) + " MiB";
      }
    }
    contents_.names.push_back(name);
    if (keep) contents_.bytes[name] = std::move(bytes);
    return std::nullopt;
  }

  fs::path path_;
  const std::set<std::string>& wanted_;
  ArchiveCaps caps_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  Contents contents_;
  std::set<std::string> seen_;
  std::size_t entries_ = 0;
  std::size_t total_ = 0;
};

/// Reads a regular file without following a link in its last part. Returns nothing for anything else.
std::optional<std::string> read_regular(const fs::path& path, std::size_t at_most) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
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
    if (bytes.size() > at_most) break;  // the caller refuses it by its size
  }
  return bytes;
}

/// A folder is somebody's workplace: build trees, links and large files may lie around. Only wanted names are opened.
std::variant<Contents, Refused> read_folder(const fs::path& folder, const std::set<std::string>& wanted,
                                            const ArchiveCaps& caps) {
  Contents contents;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, error);
  if (error) throw GraderError("reading the folder " + folder.string() + ": " + error.message());
  for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (error) throw GraderError("reading the folder " + folder.string() + ": " + error.message());
    const std::string leaf = walk->path().filename().string();
    const std::string name = walk->path().lexically_relative(folder).generic_string();
    if (walk->is_symlink()) {
      if (wanted.count(leaf)) return Refused{display_name(name) + " is a symbolic link: hand in the file itself"};
      continue;
    }
    // What a build, an editor, git or the grader itself keeps below a student's folder is no part of the hand-in.
    if (walk->is_directory()) {
      if (leaf == "build" || leaf == "grader" || leaf.starts_with('.')) walk.disable_recursion_pending();
      continue;
    }
    if (!walk->is_regular_file()) {
      if (wanted.count(leaf)) return Refused{display_name(name) + " is no regular file"};
      continue;
    }
    if (contents.names.size() >= caps.entries) {
      return Refused{"the folder has more than " + std::to_string(caps.entries) + " files"};
    }
    contents.names.push_back(name);
    if (!wanted.count(leaf)) continue;
    const auto bytes = read_regular(walk->path(), caps.file_bytes);
    if (!bytes) return Refused{display_name(name) + " is no regular file, or is not readable"};
    if (bytes->size() > caps.file_bytes) {
      return Refused{display_name(name) + " is larger than " + std::to_string(caps.file_bytes >> 20) + " MiB"};
    }
    contents.bytes[name] = *bytes;
  }
  std::sort(contents.names.begin(), contents.names.end());
  return contents;
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
  return ArchiveReader(path, wanted, caps).read();
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
  for (const std::string& name : contents.names) {
    const std::string inner = name.starts_with(folder) ? name.substr(folder.size()) : "";
    const auto bytes = contents.bytes.find(name);
    if (assignment.find_file(inner) && bytes != contents.bytes.end()) {
      handin.files[inner] = bytes->second;
      handin.taken.push_back(inner);
      continue;
    }
    handin.ignored.push_back(name);
    const auto header = inner.starts_with("include/") ? headers.find(inner.substr(8)) : headers.end();
    if (header != headers.end() && bytes != contents.bytes.end() && bytes->second != header->second) {
      handin.notices.push_back(inner + " differs from the handout's: it is ignored, the grader builds with its own");
    }
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
