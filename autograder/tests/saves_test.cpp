// Saves in every way that editors and other programs save, as events of the system and without them.
#include "autograder/saves.hpp"

#include <deque>
#include <fstream>
#include <future>

#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A hand-in's folder with two of the files that count.
struct Folder {
  TemporaryFolder temporary;
  fs::path path = temporary.path() / "handin";
  HandinWatch watch{path, {"src/nn/linear.cpp", "src/optim/sgd.cpp", "include/tensor.hpp", "flags.json"}};

  Folder() {
    write(path / "src/nn/linear.cpp", "linear");
    write(path / "flags.json", "{}");
  }

  /// What is noticed of the change, by a watch that was made before it.
  template <typename Change>
  std::string noticed(const Change& change) {
    const Sight before = watch.look();
    change();
    return saved_text(before, watch.wait_for_save(before));
  }
  /// Whether the change is nothing to a grade.
  template <typename Change>
  bool ignores(const Change& change) {
    const Sight before = watch.look();
    change();
    return watch.look() == before;
  }
};

}  // namespace

TEST_CASE("saves: a file that is written in place") {
  Folder folder;
  const fs::path linear = folder.path / "src/nn/linear.cpp";
  CHECK(folder.noticed([&] { write(linear, "other"); }) == "src/nn/linear.cpp was saved");
  // The same bytes too: a save is a wish.
  CHECK(folder.noticed([&] { write(linear, "other"); }) == "src/nn/linear.cpp was saved");
  CHECK(folder.noticed([&] { std::ofstream(linear, std::ios::app) << "more"; }) == "src/nn/linear.cpp was saved");
}

TEST_CASE("saves: a file that another is renamed to, also with the old times") {
  Folder folder;
  const fs::path linear = folder.path / "src/nn/linear.cpp", beside = folder.path / "src/nn/.linear.cpp.swp";
  CHECK(folder.noticed([&] {
    write(beside, "linear");
    fs::last_write_time(beside, fs::last_write_time(linear));
    fs::rename(beside, linear);
  }) == "src/nn/linear.cpp was saved");
}

TEST_CASE("saves: a file that is moved aside and written again, and one that comes back") {
  Folder folder;
  const fs::path linear = folder.path / "src/nn/linear.cpp", aside = folder.path / "src/nn/linear.cpp~";
  CHECK(folder.noticed([&] {
    fs::rename(linear, aside);
    write(linear, "linear");
  }) == "src/nn/linear.cpp was saved");
  CHECK(folder.noticed([&] { fs::rename(linear, aside); }) == "src/nn/linear.cpp is gone");
  CHECK(folder.noticed([&] { fs::rename(aside, linear); }) == "src/nn/linear.cpp was saved");
  // While a grade reads it, for instance.
  CHECK(folder.noticed([&] {
    fs::rename(linear, aside);
    fs::rename(aside, linear);
  }) == "src/nn/linear.cpp was saved");
}

TEST_CASE("saves: files in folders that come and go") {
  Folder folder;
  CHECK(folder.noticed([&] { write(folder.path / "src/optim/sgd.cpp", "sgd"); }) == "src/optim/sgd.cpp was saved");
  CHECK(folder.noticed([&] { fs::rename(folder.path / "src", folder.path / "old"); }) ==
        "src/nn/linear.cpp is gone, src/optim/sgd.cpp is gone");
  fs::create_directory(folder.path / "mytorch");
  CHECK(folder.noticed([&] { fs::rename(folder.path / "old", folder.path / "mytorch/src"); }) ==
        "mytorch/src/nn/linear.cpp was saved, mytorch/src/optim/sgd.cpp was saved");
}

TEST_CASE("saves: a folder around the files is looked into") {
  Folder folder;
  CHECK(folder.noticed([&] { write(folder.path / "mytorch/src/nn/linear.cpp", "x"); }) ==
        "mytorch/src/nn/linear.cpp was saved");
  CHECK(folder.ignores([&] { write(folder.path / "two/mytorch/src/nn/linear.cpp", "x"); }));
}

TEST_CASE("saves: other permissions are noticed, since they are another report") {
  Folder folder;
  CHECK(folder.noticed([&] { fs::permissions(folder.path / "flags.json", fs::perms(0400)); }) ==
        "flags.json was saved");
}

TEST_CASE("saves: nothing else in the folder counts") {
  Folder folder;
  for (const char* name :
       {"src/nn/.linear.cpp.swp", "src/nn/linear.cpp~", "src/nn/4913", "src/nn/#linear.cpp#", "linear.cpp", "notes.txt",
        "report.json", ".git/index", "build/src/nn/linear.cpp", "grader/src/nn/linear.cpp", ".old/src/nn/linear.cpp"}) {
    CAPTURE(name);
    CHECK(folder.ignores([&] { write(folder.path / name, "x"); }));
    CHECK(folder.ignores([&] { fs::remove(folder.path / name); }));
  }
  CHECK(folder.ignores([&] { std::ifstream(folder.path / "src/nn/linear.cpp").get(); }));
  CHECK(folder.ignores([&] { fs::create_symlink(folder.path, folder.path / "link"); }));
}

TEST_CASE("saves: the end of the folder is noticed, and its return") {
  Folder folder;
  const Sight before = folder.watch.look();
  CHECK(before.is_there);
  fs::rename(folder.path, folder.path.string() + ".old");
  const Sight gone = folder.watch.wait_for_save(before);
  CHECK_FALSE(gone.is_there);
  CHECK(gone.files.empty());
  fs::rename(folder.path.string() + ".old", folder.path);
  CHECK(folder.watch.look().is_there);
}

TEST_CASE("saves: who waits is woken by the save of a file that counts, and by it alone") {
  Folder folder;
  const Sight before = folder.watch.look();
  auto waiting = std::async(std::launch::async, [&] { return folder.watch.wait_for_save(before); });
  // New folders in new folders: each has to be watched before anything in it counts.
  for (int i = 0; i < 20; ++i) write(folder.path / ("other" + std::to_string(i)) / "src/nn/other.cpp", "x");
  write(folder.path / "new/src/optim/sgd.cpp", "sgd");
  CHECK(saved_text(before, waiting.get()) == "new/src/optim/sgd.cpp was saved");
}

#ifdef __linux__
TEST_CASE("saves: without an event nobody wakes") {
  const TemporaryFolder folder;
  FolderWatch watch;
  watch.add(folder.path());
  watch.add(folder.path() / "none");
  CHECK_FALSE(watch.wait(milliseconds(0)));
  std::ofstream file(folder.path() / "file");
  CHECK(watch.wait(milliseconds(0)));
  file << "half of it" << std::flush;
  CHECK_FALSE(watch.wait(milliseconds(0)));
  file.close();
  CHECK(watch.wait(milliseconds(0)));
  fs::remove(folder.path() / "file");
  CHECK(watch.wait(std::nullopt));
  CHECK_FALSE(watch.wait(milliseconds(0)));
}
#endif

namespace {

Sight sight_of(const std::vector<std::string>& files) {
  Sight sight{true, {}};
  for (const std::string& name : files) sight.files[name] = {1, static_cast<off_t>(name.size()), {}};
  return sight;
}

/// What calm_sight() meets, step by step: whether there was an event, and what there was to see.
struct Steps {
  std::deque<std::pair<bool, Sight>> steps;
  milliseconds longest{0};  // that was waited for an event

  Sight run(const Sight& seen) {
    return calm_sight(
        seen,
        [&](milliseconds at_most) {
          longest = std::max(longest, at_most);
          REQUIRE_FALSE(steps.empty());
          return steps.front().first;
        },
        [&] {
          const Sight sight = steps.front().second;
          steps.pop_front();
          return sight;
        });
  }
};

}  // namespace

TEST_CASE("saves: a burst ends when nothing changes any more") {
  const Sight one = sight_of({"a"}), two = sight_of({"a", "b"}), three = sight_of({"a", "b", "c"});
  Steps calm{{{false, one}}, {}};
  CHECK(calm.run(one) == one);
  // Events, with a save each time; then the time is up.
  Steps burst{{{true, two}, {true, three}, {false, three}}, {}};
  CHECK(burst.run(one) == three);
  CHECK(burst.steps.empty());
  CHECK(burst.longest > milliseconds(0));
  CHECK(burst.longest <= milliseconds(100));
  // A save of which no event told, seen when the time is up: it starts anew.
  Steps silent{{{false, two}, {false, two}}, {}};
  CHECK(silent.run(one) == two);
  CHECK(silent.steps.empty());
  // Events of other files change nothing.
  Steps others{{{true, one}, {true, one}, {false, one}}, {}};
  CHECK(others.run(one) == one);
  CHECK(others.steps.empty());
}

TEST_CASE("saves: many files that were saved at once are counted") {
  CHECK(saved_text(sight_of({"a", "b"}), sight_of({"a", "c"})) == "c was saved, b is gone");
  CHECK(saved_text(sight_of({}), sight_of({"a", "b", "c", "d", "e"})) == "a was saved, b was saved, and 3 more");
  CHECK(saved_text(sight_of({"a"}), sight_of({"a"})).empty());
}
