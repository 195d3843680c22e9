// See object_cache.hpp.
#include "autograder/object_cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>
#include <vector>

#include "autograder/digest.hpp"
#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// The first line of an entry: this word, the sizes of both parts, and their digest.
constexpr std::string_view kMagic = "autograder-1";

/// What is copied at a time.
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

/// How the name of an entry begins that is being written.
constexpr std::string_view kPart = "autograder-part-";

std::string header_of(std::size_t about, std::size_t bytes, const std::string& digest) {
  std::ostringstream line;
  line << kMagic << " " << about << " " << bytes << " " << digest << "\n";
  return line.str();
}

std::string header_of(const Kept& kept) {
  Digest digest(kept.about.size() + kept.bytes.size());
  digest.add(kept.about);
  digest.add(kept.bytes);
  return header_of(kept.about.size(), kept.bytes.size(), digest.finish());
}

/// Reads on: the next `size` bytes, or fewer where there are no more or that fails.
std::string read_next(const Descriptor& file, std::size_t size) {
  std::string text(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = read(file.get(), text.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

bool write_all(const Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(file.get(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

/// For trim(): the time of its last use. Another's entry keeps its own.
void note_use(const Descriptor& entry) { futimens(entry.get(), nullptr); }

/// Whether the file has the name of an entry, or of one that was not finished. The folder may hold anything else too.
bool is_ours(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  const bool is_key = name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
  const bool is_part = name.starts_with(kPart) && name.size() == kPart.size() + 6;
  std::error_code gone;
  return (is_key || is_part) && entry.symlink_status(gone).type() == fs::file_type::regular;
}

/// What the first line of an entry says; after it the file goes on with both parts.
struct Header {
  std::string line;
  std::size_t about = 0, bytes = 0;
};

/// Reads the first line, if it is one, and the sizes in it are those of the file.
std::optional<Header> read_header(const Descriptor& file) {
  constexpr std::size_t longest = 160;
  Header header;
  const std::string beginning = read_next(file, longest);
  header.line = beginning.substr(0, beginning.find('\n') + 1);
  std::istringstream words(header.line);
  std::string magic;
  if (!(words >> magic >> header.about >> header.bytes) || magic != kMagic) return std::nullopt;
  const off_t line_end = static_cast<off_t>(header.line.size());
  struct stat status {};
  if (lseek(file.get(), line_end, SEEK_SET) != line_end || fstat(file.get(), &status) != 0) return std::nullopt;
  const auto both = static_cast<std::size_t>(status.st_size - line_end);
  if (header.about > both || header.bytes != both - header.about) return std::nullopt;
  return header;
}

}  // namespace

ObjectCache::ObjectCache(fs::path folder, std::uintmax_t max_bytes, std::optional<uid_t> other_owner, CacheUse use)
    : folder_(std::move(folder)), max_bytes_(max_bytes), other_owner_(other_owner), use_(use) {}

bool ObjectCache::is_trusted(const fs::path& folder) const {
  struct stat status {};
  return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && !(status.st_mode & (S_IWGRP | S_IWOTH)) &&
         (status.st_uid == geteuid() || status.st_uid == other_owner_);
}

Descriptor ObjectCache::open_entry(const std::string& key) const {
  if (!is_trusted(folder_)) return {};
  Descriptor file(open((folder_ / key).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const bool is_ours = status.st_uid == geteuid() || status.st_uid == other_owner_;
  if (!is_ours || (status.st_mode & (S_IWGRP | S_IWOTH))) return {};
  return file;
}

std::optional<Kept> ObjectCache::find(const std::string& key) const {
  const Descriptor file = open_entry(key);
  const auto header = file.is_open() ? read_header(file) : std::nullopt;
  if (!header) return std::nullopt;
  Kept kept;
  kept.about = read_next(file, header->about);
  kept.bytes = read_next(file, header->bytes);
  if (header_of(kept) != header->line) return std::nullopt;
  note_use(file);
  return kept;
}

bool ObjectCache::fetch(const std::string& key, const fs::path& place) const {
  const Descriptor file = open_entry(key);
  const auto header = file.is_open() ? read_header(file) : std::nullopt;
  if (!header || header->about > 0) return false;
  const Descriptor copy(open(place.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  bool is_written = copy.is_open() && fchmod(copy.get(), 0644) == 0;  // whatever the umask
  Digest digest(header->bytes);
  for (std::size_t left = header->bytes; left > 0 && is_written;) {
    const std::string piece = read_next(file, std::min(left, kPieceBytes));
    if (piece.empty()) break;
    digest.add(piece);
    left -= piece.size();
    is_written = write_all(copy, piece);
  }
  if (!is_written) throw GraderError("writing " + place.string() + ": " + std::strerror(errno));
  const bool is_whole = header_of(0, header->bytes, digest.finish()) == header->line;
  std::error_code gone;
  is_whole ? note_use(file) : static_cast<void>(fs::remove(place, gone));
  return is_whole;
}

void ObjectCache::store(const std::string& key, const Kept& kept) const {
  if (use_ == CacheUse::reads) return;
  has_stored_ = true;
  std::error_code error;
  // One level above it, as ~/.cache may not be there yet; not a home of somebody who has none.
  fs::create_directory(folder_.parent_path(), error);
  if (mkdir(folder_.c_str(), 0755) != 0 && errno != EEXIST) return;
  if (!is_trusted(folder_)) return;
  std::string beside = (folder_ / kPart).string() + "XXXXXX";
  const Descriptor file(mkostemp(beside.data(), O_CLOEXEC));
  if (!file.is_open()) return;
  const bool written = write_all(file, header_of(kept)) && write_all(file, kept.about) && write_all(file, kept.bytes) &&
                       fchmod(file.get(), 0644) == 0;
  if (written) fs::rename(beside, folder_ / key, error);
  if (!written || error) fs::remove(beside, error);
}

void ObjectCache::trim() const {
  if (!has_stored_.exchange(false) || !is_trusted(folder_)) return;
  const Descriptor lock(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Where another grader is at it, one is enough.
  if (!lock.is_open() || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return;
  struct Found {
    fs::file_time_type used;
    std::uintmax_t bytes;
    fs::path path;
  };
  std::vector<Found> entries;
  std::uintmax_t all = 0;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder_, gone)) {
    if (!is_ours(entry)) continue;
    const auto bytes = entry.file_size(gone);
    if (gone) continue;
    entries.push_back({entry.last_write_time(gone), bytes, entry.path()});
    all += bytes;
  }
  std::sort(entries.begin(), entries.end(), [](const Found& a, const Found& b) { return a.used < b.used; });
  for (const Found& entry : entries) {
    if (all <= max_bytes_) return;
    if (fs::remove(entry.path, gone)) all -= entry.bytes;
  }
}

fs::path default_cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache && *cache == '/') return fs::path(cache) / "mytorch-autograder";
  const char* home = std::getenv("HOME");
  if (home && *home == '/') return fs::path(home) / ".cache" / "mytorch-autograder";
  return {};
}

}  // namespace autograder
