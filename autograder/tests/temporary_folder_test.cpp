#include "autograder/temporary_folder.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "autograder/grader_error.hpp"
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

TEST_CASE("temporary folder: a TMPDIR that does not exist is an error that names the remedy") {
  const char* old = std::getenv("TMPDIR");
  const std::optional<std::string> kept = old ? std::optional<std::string>(old) : std::nullopt;
  setenv("TMPDIR", "/nonexistent", 1);
  CHECK_THROWS_WITH(TemporaryFolder(), ContainsSubstring("TMPDIR"));
  kept ? setenv("TMPDIR", kept->c_str(), 1) : unsetenv("TMPDIR");
}
