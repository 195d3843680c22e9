// What was built once: objects and workers by everything that decides what they hold. Shared by graders that run at the
// same time. An entry is a file, written under another name and renamed; whatever is wrong with one, it is as if it
// were not there.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "autograder/descriptor.hpp"

namespace autograder {

/// What of a build is worth keeping: bytes, and a text about them.
struct Kept {
  std::string about;
  std::string bytes;
};

enum class CacheUse { reads_and_stores, reads };

class ObjectCache {
 public:
  /// `folder` is made when something is first stored. Entries count that belong to this user or to `other_owner`, and
  /// that nobody else can write, in a folder of which the same is true. `max_bytes`: what trim() leaves.
  ObjectCache(std::filesystem::path folder, std::uintmax_t max_bytes, std::optional<uid_t> other_owner = std::nullopt,
              CacheUse use = CacheUse::reads_and_stores);

  /// The entry of that key (a SHA-256 in hexadecimal), or nothing.
  std::optional<Kept> find(const std::string& key) const;

  /// Copies the bytes of such an entry, one without `about`, into a file, piece by piece: graders of a whole class hold
  /// none of it. Returns whether there is one. Throws GraderError where the file cannot be written.
  bool fetch(const std::string& key, const std::filesystem::path& place) const;

  /// Keeps an entry. A cache that cannot be written to is no failure: nothing is kept.
  void store(const std::string& key, const Kept& kept) const;

  /// If anything was stored, removes the entries used longest ago until all together have no more than the permitted
  /// bytes.
  void trim() const;

 private:
  bool is_trusted(const std::filesystem::path& folder) const;
  /// Opens the file of an entry; a closed descriptor where there is none, or where it does not count.
  Descriptor open_entry(const std::string& key) const;

  std::filesystem::path folder_;
  std::uintmax_t max_bytes_;
  std::optional<uid_t> other_owner_;
  CacheUse use_;
  mutable std::atomic<bool> has_stored_ = false;
};

/// $XDG_CACHE_HOME/mytorch-autograder, or the same below ~/.cache; empty where neither is known.
std::filesystem::path default_cache_folder();

}  // namespace autograder
