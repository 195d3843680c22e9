// See object_cache.hpp.
#include "autograder/object_cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <vector>

#include "autograder/descriptor.hpp"
#include "autograder/digest.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// The first line of an entry: this word, the sizes of both parts, and their digest.
constexpr std::string_view kMagic = "autograder-1";

/// How the name of an entry begins that is being written.
constexpr std::string_view kPart = "autograder-part-";

std::string header_of(const Kept& kept) {
  return std::string(kMagic) + " " + std::to_string(kept.about.size()) + " " + std::to_string(kept.bytes.size()) + " " +
         sha256(kept.about + kept.bytes) + "\n";
}

/// Reads all that is there, or nothing where that fails.
std::optional<std::string> read_all(const Descriptor& file, std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = read(file.get(), text.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    done += static_cast<std::size_t>(got);
  }
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

/// Whether the file has the name of an entry, or of one that was not finished. The folder may hold anything else too.
bool is_ours(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  const bool is_key = name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
  const bool is_part = name.starts_with(kPart) && name.size() == kPart.size() + 6;
  std::error_code gone;
  return (is_key || is_part) && entry.symlink_status(gone).type() == fs::file_type::regular;
}

std::optional<Kept> parse(const std::string& entry) {
  const auto line_end = entry.find('\n');
  std::istringstream header(entry.substr(0, line_end));
  std::string magic;
  std::size_t about = 0, bytes = 0;
  if (line_end == std::string::npos || !(header >> magic >> about >> bytes) || magic != kMagic) return std::nullopt;
  if (about > entry.size() || bytes > entry.size() || line_end + 1 + about + bytes != entry.size()) return std::nullopt;
  Kept kept{entry.substr(line_end + 1, about), entry.substr(line_end + 1 + about)};
  if (header_of(kept) != entry.substr(0, line_end + 1)) return std::nullopt;
  return kept;
}

}  // namespace

ObjectCache::ObjectCache(fs::path folder, std::uintmax_t max_bytes, std::optional<uid_t> other_owner, CacheUse use)
    : folder_(std::move(folder)), max_bytes_(max_bytes), other_owner_(other_owner), use_(use) {}

bool ObjectCache::is_trusted(const fs::path& folder) const {
  struct stat status {};
  return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && !(status.st_mode & (S_IWGRP | S_IWOTH)) &&
         (status.st_uid == geteuid() || status.st_uid == other_owner_);
}

std::optional<Kept> ObjectCache::find(const std::string& key) const {
  if (!is_trusted(folder_)) return std::nullopt;
  const Descriptor file(open((folder_ / key).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  const bool is_ours = status.st_uid == geteuid() || status.st_uid == other_owner_;
  if (!is_ours || (status.st_mode & (S_IWGRP | S_IWOTH))) return std::nullopt;
  const auto entry = read_all(file, static_cast<std::size_t>(status.st_size));
  auto kept = entry ? parse(*entry) : std::nullopt;
  // For trim(): the time of its last use. Another's entry keeps its own.
  if (kept) futimens(file.get(), nullptr);
  return kept;
}

void ObjectCache::store(const std::string& key, const Kept& kept) const {
  if (use_ == CacheUse::reads) return;
  has_stored_ = true;
  std::error_code error;
  // One level above it, as ~/.cache may not be there yet; not a home of somebody who has none.
  fs::create_directory(folder_.parent_path(), error);
  if (mkdir(folder_.c_str(), 0755) != 0 && errno != EEXIST) return;
  if (!is_trusted(folder_)) return;
  std::string beside = (folder_ / (std::string(kPart) + "XXXXXX")).string();
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
