#include "autograder/handin_state.hpp"

#include <fstream>

#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

const std::set<std::string> kWanted{"linear.cpp", "sgd.cpp"};

/// Seconds after 2026-03-01T00:00:00Z.
void set_time(const fs::path& path, int seconds) {
  using namespace std::chrono;
  const sys_seconds day = sys_days(2026y / March / 1);
  fs::last_write_time(path, fs::file_time_type::clock::from_sys(day + std::chrono::seconds(seconds)));
}

/// A folder with two wanted files and another one.
struct Handin {
  TemporaryFolder folder;
  fs::path path = folder.path() / "alice";

  Handin() {
    fs::create_directory(path);
    for (const char* name : {"linear.cpp", "notes.txt", "sgd.cpp"}) write(name, "x");
  }
  void write(const std::string& name, const std::string& bytes) const { std::ofstream(path / name) << bytes; }
  HandinState state() const { return state_of(path, kWanted); }
};

}  // namespace

TEST_CASE("hand-in: its digest changes with what a grade may look at, and with nothing else") {
  const Handin handin;
  const std::string digest = handin.state().digest;
  CHECK(digest.size() == 64);
  handin.write("notes.txt", "y");
  set_time(handin.path / "sgd.cpp", 1);
  CHECK(handin.state().digest == digest);
  handin.write("sgd.cpp", "y");
  CHECK(handin.state().digest != digest);
}

TEST_CASE("hand-in: a folder was handed in when the newest of its listed files was") {
  const Handin handin;
  set_time(handin.path / "linear.cpp", 61);
  set_time(handin.path / "sgd.cpp", 60);
  set_time(handin.path / "notes.txt", 3600);
  CHECK(handin.state().handed_in == "2026-03-01T00:01:01.000000000Z");
  for (const char* name : {"linear.cpp", "sgd.cpp"}) fs::remove(handin.path / name);
  set_time(handin.path, 3);
  CHECK(handin.state().handed_in == "2026-03-01T00:00:03.000000000Z");
}

TEST_CASE("hand-in: an archive was handed in when its file was") {
  const Handin handin;
  set_time(handin.path / "sgd.cpp", 5);
  CHECK(state_of(handin.path / "sgd.cpp", kWanted).handed_in == "2026-03-01T00:00:05.000000000Z");
}

TEST_CASE("hand-in: what cannot be read has neither digest nor time") {
  CHECK(state_of("/nonexistent", kWanted).digest.empty());
  CHECK(state_of("/nonexistent", kWanted).handed_in.empty());
}
