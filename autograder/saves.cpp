// See saves.hpp. The system's events only wake this process: what happened is seen by looking, so that it makes no
// difference in which steps a file was saved, or how many events there were.
#include "autograder/saves.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "autograder/unpack.hpp"

namespace autograder {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

/// The steps of one save, and the saves of one command, are milliseconds apart. It must be more than the 10 ms by which
/// a file system's clock moves, so that a file that is written again later has another time.
constexpr milliseconds kCalm(100);

/// Files that are named; what is printed about a burst fits into a line.
constexpr std::size_t kNamed = 2;

/// The folders on the way to the names: "", "src", "src/nn". Sorted, a folder stands before those in it.
std::set<std::string> folders_of(const std::set<std::string>& names) {
  std::set<std::string> folders;
  for (const std::string& name : names) {
    for (fs::path path = fs::path(name).parent_path();; path = path.parent_path()) {
      folders.insert(path.string());
      if (path.empty()) break;
    }
  }
  return folders;
}

}  // namespace

std::string saved_text(const Sight& before, const Sight& after) {
  std::vector<std::string> texts;
  for (const auto& [name, stamp] : after.files) {
    const auto old = before.files.find(name);
    if (old == before.files.end() || old->second != stamp) texts.push_back(name + " was saved");
  }
  for (const auto& [name, stamp] : before.files) {
    if (!after.files.count(name)) texts.push_back(name + " is gone");
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, texts.size()); ++i) text += (i == 0 ? "" : ", ") + texts[i];
  return text + (texts.size() > kNamed ? ", and " + std::to_string(texts.size() - kNamed) + " more" : "");
}

Sight calm_sight(Sight seen, const std::function<bool(milliseconds)>& wait, const std::function<Sight()>& look) {
  using Clock = std::chrono::steady_clock;
  for (Clock::time_point calm_at = Clock::now() + kCalm;;) {
    const auto remaining = std::chrono::ceil<milliseconds>(calm_at - Clock::now());
    const bool is_over = !wait(std::max(remaining, milliseconds(0)));
    Sight now = look();
    if (now == seen) {
      if (is_over) return now;
      continue;  // something happened to other files
    }
    seen = std::move(now);
    calm_at = Clock::now() + kCalm;
  }
}

HandinWatch::HandinWatch(fs::path folder, std::set<std::string> names)
    : folder_(std::move(folder)), names_(std::move(names)), folders_(folders_of(names_)) {}

void HandinWatch::look_below(const fs::path& inner, Sight& sight) {
  // Watched first: what comes afterwards is an event. A folder's turn comes after the one around it, so this holds for
  // new folders too.
  for (const std::string& folder : folders_) events_.add(folder_ / inner / folder);
  for (const std::string& name : names_) {
    const fs::path path = folder_ / inner / name;
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) continue;
    sight.files[(inner / name).generic_string()] = {status.st_ino, status.st_size, changed_at(path)};
  }
}

Sight HandinWatch::look() {
  Sight sight;
  std::error_code error;  // files and folders come and go while we look
  sight.is_there = fs::is_directory(folder_, error);
  look_below("", sight);
  for (fs::directory_iterator entry(folder_, error), end; entry != end; entry.increment(error)) {
    const fs::path leaf = entry->path().filename();
    if (is_passed_over(leaf.string()) || entry->is_symlink(error) || !entry->is_directory(error)) continue;
    look_below(leaf, sight);
  }
  return sight;
}

Sight HandinWatch::wait_for_save(const Sight& before) {
  for (Sight seen = look();; seen = look()) {
    if (seen != before) {
      seen = calm_sight(
          std::move(seen), [this](milliseconds at_most) { return events_.wait(at_most); }, [this] { return look(); });
    }
    if (seen != before) return seen;
    events_.wait(std::nullopt);
  }
}

}  // namespace autograder
