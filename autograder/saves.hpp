// Which files of a hand-in's folder were saved. Reads nothing but names and times: what a file holds is unpack()'s.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "autograder/platform.hpp"

namespace autograder {

/// What of a file is another after it was saved, in whatever way an editor does that, or moved away and back.
struct Stamp {
  ino_t number = 0;
  off_t bytes = 0;
  std::int64_t changed = 0;

  bool operator==(const Stamp&) const = default;
};

/// A hand-in's folder at one moment.
struct Sight {
  bool is_there = false;               ///< the folder itself
  std::map<std::string, Stamp> files;  ///< those that a grade depends on, by their name below the folder

  bool operator==(const Sight&) const = default;
};

/// "src/nn/linear.cpp was saved, src/optim/sgd.cpp is gone, and 2 more". Pure.
std::string saved_text(const Sight& before, const Sight& after);

/// Waits for the end of a burst of saves: until two sights that are some time apart are the same, `seen` being the
/// first. `wait` waits for an event, at most so long, and returns false where the time was up; `look` looks. Returns
/// the last sight.
Sight calm_sight(Sight seen, const std::function<bool(std::chrono::milliseconds)>& wait,
                 const std::function<Sight()>& look);

/// The folder of a hand-in, looked at again and again.
class HandinWatch {
 public:
  /// `names` are those that count, known_names(), as they stand in the folder or in one folder below it. Other files
  /// may come, go and change.
  HandinWatch(std::filesystem::path folder, std::set<std::string> names);

  /// Throws GraderError where the folder cannot be watched.
  Sight look();

  /// Waits until the folder is another than it was at `before`, and calm again. Nothing that happened since that look
  /// is missed, nor is the folder's end.
  Sight wait_for_save(const Sight& before);

 private:
  void look_below(const std::filesystem::path& inner, Sight& sight);

  std::filesystem::path folder_;
  std::set<std::string> names_;
  std::set<std::string> folders_;  ///< that the names lie in, each after the one around it
  FolderWatch events_;
};

}  // namespace autograder
