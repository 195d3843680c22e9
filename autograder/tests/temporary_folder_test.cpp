#include "autograder/temporary_folder.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "autograder/grader_error.hpp"
#include "autograder/interruption.hpp"
#include "autograder/tests/catch.hpp"

using autograder::TemporaryFolder;
namespace fs = std::filesystem;

TEST_CASE("temporary folder: it is empty, the user's alone, and gone with its owner") {
  fs::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    CHECK(fs::is_empty(path));
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    fs::create_directories(path / "a" / "b");
    std::ofstream(path / "a" / "b" / "file") << "text";
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("temporary folder: two are never the same") {
  const TemporaryFolder one, other;
  CHECK(one.path() != other.path());
}

namespace {

/// Makes folders in `parent`, fills and removes them, one after the other, until it is interrupted.
[[noreturn]] void make_folders(const fs::path& parent) {
  setenv("TMPDIR", parent.c_str(), 1);
  autograder::tidy_up_when_interrupted();
  try {
    for (;;) {
      const TemporaryFolder folder;
      for (int i = 0; i < 20; ++i) std::ofstream(folder.path() / std::to_string(i)) << "text";
    }
  } catch (...) {
    _exit(1);
  }
}

}  // namespace

TEST_CASE("temporary folder: an interruption leaves none, at whatever moment of its life it comes") {
  // No temporary folder of this process: after the fork it would be one of the child's too.
  std::string pattern = fs::temp_directory_path() / "interrupted-XXXXXX";
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  const fs::path parent = pattern;
  for (int i = 0; i < 50; ++i) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) make_folders(parent);
    while (fs::is_empty(parent)) {
    }
    REQUIRE(kill(child, SIGTERM) == 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    REQUIRE(fs::is_empty(parent));
  }
  fs::remove(parent);
}

TEST_CASE("temporary folder: a TMPDIR that does not exist is an error that names the remedy") {
  const char* old = std::getenv("TMPDIR");
  const std::optional<std::string> kept = old ? std::optional<std::string>(old) : std::nullopt;
  setenv("TMPDIR", "/nonexistent", 1);
  CHECK_THROWS_WITH(TemporaryFolder(), ContainsSubstring("TMPDIR"));
  kept ? setenv("TMPDIR", kept->c_str(), 1) : unsetenv("TMPDIR");
}
