// The tarball that students download, made, unpacked, built and used as a student would.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "autograder/process.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

Completed run_in(const fs::path& folder, std::vector<std::string> words) {
  Command command;
  command.arguments = std::move(words);
  command.folder = folder;
  command.environment = {"PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME=/nonexistent"};
  command.limits.wall_seconds = 900;
  command.limits.cpu_seconds = 1800;
  command.limits.file_bytes = std::size_t{1} << 30;
  return run_to_end(command);
}

void require_success(const Completed& completed) {
  INFO(completed.output + completed.errors);
  REQUIRE(completed.succeeded());
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// What of a course folder make_handout.sh reads, copied, so that a test can put something wrong into it.
void copy_course(const fs::path& to) {
  const fs::path tests = course_folder() / "autograder" / "tests";
  for (const char* part : {"CMakeLists.txt", "CMakePresets.json", "scripts", "handout", "reference", "fixtures"}) {
    fs::copy(course_folder() / part, to / part, fs::copy_options::recursive);
  }
  fs::create_directory(to / "autograder");
  for (const auto& entry : fs::directory_iterator(course_folder() / "autograder")) {
    if (entry.path() != tests)
      fs::copy(entry.path(), to / "autograder" / entry.path().filename(), fs::copy_options::recursive);
  }
}

nlohmann::json grade_as_student(const fs::path& folder) {
  require_success(run_in("/", {folder / "grade.sh", "--report", "json:" + (folder / "report.json").string()}));
  return parse_strict(read_file(folder / "report.json"));
}

void copy_solution(const fs::path& folder) {
  fs::copy(course_folder() / "reference/mytorch/src", folder / "src",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

/// Makes the tarball of an assignment in `folder` and unpacks it there; returns the folder that it unpacks to.
fs::path download(const std::string& assignment, const fs::path& folder) {
  const fs::path tarball = folder / (assignment + ".tar.gz");
  require_success(run_in("/", {course_folder() / "scripts/make_handout.sh", assignment, tarball}));
  require_success(run_in(folder, {"/bin/tar", "-xf", tarball}));
  for (const auto& entry : fs::recursive_directory_iterator(folder / assignment)) {
    const std::string name = entry.path().filename();
    CHECK(name != "reference");
    CHECK(name != "hidden");
    CHECK_FALSE(entry.is_symlink());
  }
  CHECK_FALSE(fs::exists(folder / assignment / "grader/autograder/tests"));
  return folder / assignment;
}

void switch_all_on(const fs::path& file) {
  std::string text = read_file(file);
  for (std::size_t at; (at = text.find("false")) != std::string::npos;) text.replace(at, 5, "true");
  std::ofstream(file) << text;
}

}  // namespace

TEST_CASE("handout: a student unpacks it, builds, grades, and hands in") {
  const TemporaryFolder folder;
  const fs::path mytorch = download("mytorch", folder.path());

  // The untouched skeleton: no points, no crash.
  const auto skeleton = grade_as_student(mytorch);
  CHECK(skeleton.at("score") == 0.0);
  for (const auto& section : skeleton.at("sections")) CHECK(section.at("status") == "skipped");
  // It cannot be handed in yet.
  CHECK_FALSE(run_in(mytorch, {"/bin/sh", "create_tarball.sh"}).succeeded());

  // The solution in its place: all points.
  copy_solution(mytorch);
  switch_all_on(mytorch / "autograder_flags.json");
  CHECK(grade_as_student(mytorch).at("score") == 100.0);

  // What create_tarball.sh makes holds exactly the listed files and gets the same grade.
  require_success(run_in(mytorch, {"/bin/sh", "create_tarball.sh"}));
  std::vector<std::string> packed = lines_of(run_in(mytorch, {"/bin/tar", "-tf", "handin.tar"}).output);
  std::sort(packed.begin(), packed.end());
  std::vector<std::string> listed;
  for (const ListedFile& file : read_assignment(course_folder(), "mytorch").files) listed.push_back(file.name);
  CHECK(packed == listed);
  CHECK(autograder_tests::grade(mytorch / "handin.tar", "hidden").score == 100.0);
}

// The grader in it is that of mytorch's tarball, which the test above builds.
TEST_CASE("handout: that of two_layer has all that a student needs, and packs a hand-in") {
  const TemporaryFolder folder;
  const fs::path two_layer = download("two_layer", folder.path());
  for (const char* file : {"grade.sh", "test.sh", "homework.cmake", "xtensor.md", "create_zip.sh", "tests/testing.hpp",
                           "grader/scripts/grade.sh", "grader/autograder/worker/two_layer.cpp",
                           "grader/handout/two_layer/src/mlp.cpp", "grader/fixtures/two_layer/public/mse_loss.json"}) {
    CAPTURE(file);
    CHECK(fs::is_regular_file(two_layer / file));
  }
  CHECK_FALSE(fs::exists(two_layer / "grader/autograder/worker/mytorch.cpp"));

  const auto pack = [&](const std::string& netid) { return run_in(two_layer, {"/bin/sh", "create_zip.sh", netid}); };
  CHECK_THAT(pack("abc123").errors, ContainsSubstring("theory.pdf is missing"));
  std::ofstream(two_layer / "theory.pdf") << "no PDF";
  CHECK_THAT(pack("abc123").errors, ContainsSubstring("theory.pdf is no PDF file"));
  std::ofstream(two_layer / "theory.pdf") << "%PDF-1.4\n";
  CHECK_THAT(pack("abc 123").errors, ContainsSubstring("is no net id"));
  fs::remove(two_layer / "src/mlp.cpp");
  CHECK_THAT(pack("abc123").errors, ContainsSubstring("src/mlp.cpp is missing"));
  CHECK_FALSE(fs::exists(two_layer / "abc123.zip"));

  fs::copy(course_folder() / "reference/two_layer/src/mlp.cpp", two_layer / "src/mlp.cpp");
  require_success(pack("abc123"));
  const Report report = autograder_tests::grade(two_layer / "abc123.zip", "hidden");
  CHECK(report.assignment == "two_layer");
  CHECK(report.score == 50.0);
  CHECK(report.taken == std::vector<std::string>{"mlp.cpp"});
  CHECK(report.ignored == std::vector<std::string>{"theory.pdf"});
}

TEST_CASE("handout: headers that homeworks have copies of differ in the namespace alone") {
  const fs::path handout = course_folder() / "handout";
  for (const char* file : {"include/mytorch/tensor.hpp", "include/mytorch/gradient_check.hpp", "tests/testing.hpp"}) {
    CAPTURE(file);
    const auto in_two_layer = [](std::string text) {
      for (std::size_t at; (at = text.find("mytorch")) != std::string::npos;) text.replace(at, 7, "two_layer");
      return text;
    };
    CHECK(in_two_layer(read_file(handout / "mytorch" / file)) == read_file(handout / "two_layer" / in_two_layer(file)));
  }
}

TEST_CASE("handout: the same files make the same bytes") {
  const TemporaryFolder folder;
  const fs::path one = folder.path() / "one.tar.gz", other = folder.path() / "other.tar.gz";
  require_success(run_in("/", {course_folder() / "scripts/make_handout.sh", "mytorch", one}));
  require_success(run_in("/", {course_folder() / "scripts/make_handout.sh", "mytorch", other}));
  CHECK(read_file(one) == read_file(other));
}

TEST_CASE("handout: nothing of the solution or of hidden fixtures gets in") {
  const TemporaryFolder folder;
  copy_course(folder.path());
  const fs::path output = folder.path() / "mytorch.tar.gz";
  const std::string script = folder.path() / "scripts/make_handout.sh";

  SECTION("a source of the solution under another name") {
    fs::copy(course_folder() / "reference/mytorch/src/optim/sgd.cpp",
             folder.path() / "handout/mytorch/examples/hint.cpp");
  }
  SECTION("a hidden fixture among the public ones") {
    fs::copy(course_folder() / "fixtures/mytorch/hidden/tanh.json", folder.path() / "fixtures/mytorch/public/tanh.json",
             fs::copy_options::overwrite_existing);
  }
  SECTION("a folder of that name") {
    fs::create_directories(folder.path() / "handout/mytorch/hidden");
    std::ofstream(folder.path() / "handout/mytorch/hidden/notes.txt") << "x";
  }
  const Completed completed = run_in("/", {script, "mytorch", output});
  CHECK_FALSE(completed.succeeded());
  CHECK_THAT(completed.errors, ContainsSubstring("must not reach students"));
  CHECK_FALSE(fs::exists(output));
}

TEST_CASE("handout: an assignment that does not exist is refused") {
  CHECK_FALSE(run_in("/", {course_folder() / "scripts/make_handout.sh", "nonsense"}).succeeded());
}
