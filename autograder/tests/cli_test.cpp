// The built program, as a user calls it.
#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "autograder/process.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// Runs the program in `folder` with the given words after its name.
Completed autograder_in(const fs::path& folder, std::vector<std::string> words) {
  Command command;
  command.arguments = {AUTOGRADER_PROGRAM};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.folder = folder;
  command.environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", std::string("XDG_CACHE_HOME=") + SCRATCH};
  command.limits.wall_seconds = 300;
  command.limits.cpu_seconds = 300;
  return run_to_end(command);
}

int exit_code(const Completed& completed) {
  REQUIRE(std::holds_alternative<Exited>(completed.ending));
  return std::get<Exited>(completed.ending).code;
}

/// A hand-in that is quick to build: one file, everything else missing.
HandinFolder& only_activation() {
  static HandinFolder handin;
  for (const char* name : {"src/nn/linear.cpp", "src/nn/loss.cpp", "src/nn/batchnorm.cpp", "src/models", "src/optim"}) {
    handin.remove(name);
  }
  return handin;
}

}  // namespace

TEST_CASE("command line: a score is exit code 0, whatever it is") {
  const Completed completed = autograder_in("/", {"grade", only_activation().path(), "--only", "relu"});
  CHECK(exit_code(completed) == 0);
  CHECK_THAT(completed.output, ContainsSubstring("Score: 0 / 100") && ContainsSubstring("Partial"));
  CHECK(completed.errors.empty());
}

TEST_CASE("command line: what was built before is taken from the cache, unless that is switched off") {
  const TemporaryFolder cache;
  const auto is_cached = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"grade", only_activation().path(), "--only", "relu", "--report", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto report = parse_strict(autograder_in("/", words).output, 32);
    CHECK(report.at("build").at(0).at("status") == "ok");
    return report.at("build").at(0).at("cached").get<bool>();
  };
  const std::string folder = cache.path() / "cache";
  CHECK_FALSE(is_cached({"--cache", folder}));
  CHECK(is_cached({"--cache", folder}));
  CHECK_FALSE(is_cached({"--cache", folder, "--no-cache"}));
  // Too small for anything.
  CHECK_FALSE(is_cached({"--cache", folder + "2", "--cache-mb", "0"}));
  CHECK_FALSE(is_cached({"--cache", folder + "2", "--cache-mb", "0"}));
  CHECK(exit_code(autograder_in("/", {"grade", only_activation().path(), "--cache-owner", "nobody at all"})) == 2);
}

TEST_CASE("command line: hints stay under hidden fixtures, and go by --hints off") {
  HandinFolder handin;
  for (const char* name : {"src/nn/linear.cpp", "src/nn/loss.cpp", "src/nn/batchnorm.cpp", "src/models", "src/optim"}) {
    handin.remove(name);
  }
  handin.apply({"src/nn/activation.cpp", "xt::where(A > 0.0, 1.0, 0.0)", "A"});
  for (const char* fixtures : {"public", "hidden"}) {
    CAPTURE(fixtures);
    std::vector<std::string> words{"grade",    handin.path(), "--only",     "relu",
                                   "--report", "json",        "--fixtures", fixtures};
    CHECK_THAT(autograder_in("/", words).output, ContainsSubstring("\"hint_id\": \"suspect dAdZ_is_A\""));
    words.insert(words.end(), {"--hints", "off"});
    const Completed without = autograder_in("/", words);
    CHECK(exit_code(without) == 0);
    CHECK_THAT(without.output, ContainsSubstring("\"failed\"") && !ContainsSubstring("hint"));
  }
}

TEST_CASE("command line: a score under --fail-under is exit code 1") {
  const std::string handin = only_activation().path();
  CHECK(exit_code(autograder_in("/", {"grade", handin, "--fail-under", "10"})) == 0);
  CHECK(exit_code(autograder_in("/", {"grade", handin, "--fail-under", "10.1"})) == 1);
}

TEST_CASE("command line: usage errors are exit code 2") {
  const std::string handin = only_activation().path();
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"grade"},
      {"nonsense"},
      {"grade", handin, "--nonsense"},
      {"grade", handin, "--report", "yaml"},
      {"grade", handin, "--report", "json:"},
      {"grade", handin, "--report", "json:/nonexistent/report.json"},
      {"grade", handin, "--fail-under", "101"},
      {"grade", handin, "--jobs", "0"},
      {"grade", handin, "--sandbox", "strong"},
      {"grade", handin, "--only", "nonsense"},
      {"grade", handin, "--case", "nonsense"},
      {"grade", handin, "--show"},
      {"grade", handin, "--watch", "--tests"},
      {"grade", "nonexistent.tar"},
  };
  for (const auto& words : wrong) {
    CAPTURE(words);
    const Completed completed = autograder_in("/", words);
    CHECK(exit_code(completed) == 2);
    CHECK_FALSE(completed.errors.empty());
  }
}

TEST_CASE("command line: help and version are exit code 0") {
  CHECK(exit_code(autograder_in("/", {"--help"})) == 0);
  CHECK(exit_code(autograder_in("/", {"--version"})) == 0);
  const Completed help = autograder_in("/", {"grade", "--help"});
  CHECK(exit_code(help) == 0);
  for (const char* option :
       {"--assignment", "--fixtures", "--only", "--case", "--show", "--debug", "--watch", "--report", "--feedback",
        "--hints", "--tests", "--sandbox", "--root", "--fail-under", "--jobs"}) {
    CHECK_THAT(help.output, ContainsSubstring(option));
  }
}

TEST_CASE("command line: a failure of the grader is exit code 3 and no report") {
  const std::string handin = only_activation().path();
  const Completed no_course = autograder_in("/", {"grade", handin, "--root", "/nonexistent"});
  CHECK(exit_code(no_course) == 3);
  CHECK(no_course.output.empty());
  CHECK_THAT(no_course.errors, ContainsSubstring("--root"));
  const Completed no_fixtures =
      autograder_in("/", {"grade", handin, "--fixtures", "/nonexistent", "--sandbox", "none"});
  CHECK(exit_code(no_fixtures) == 3);
  CHECK_THAT(no_fixtures.errors, ContainsSubstring("/nonexistent"));
}

TEST_CASE(
    "command line: a fixture that the worker does not understand is a failure of the grader, not of the hand-in") {
  const TemporaryFolder folder;
  const fs::path fixtures = folder.path() / "fixtures";
  fs::copy(course_folder() / "fixtures/mytorch/public", fixtures);
  std::string text = read_file(fixtures / "relu.json");
  const auto at = text.find("\"Z\"");
  REQUIRE(at != std::string::npos);
  std::ofstream(fixtures / "relu.json") << text.replace(at, 3, "\"X\"");
  const Completed completed = autograder_in(
      "/", {"grade", only_activation().path(), "--only", "relu", "--fixtures", fixtures, "--sandbox", "none"});
  CHECK(exit_code(completed) == 3);
  CHECK(completed.output.empty());
  CHECK_THAT(completed.errors, ContainsSubstring("given lacks Z"));
}

namespace {

/// Runs the program as inside a container that forbids namespaces.
Completed without_namespaces(std::vector<std::string> words, bool with_landlock) {
  Command command;
  command.arguments = {WITHOUT_NAMESPACES};
  if (!with_landlock) command.arguments.push_back("--nor-landlock");
  command.arguments.push_back(AUTOGRADER_PROGRAM);
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.folder = "/";
  command.environment = {"PATH=/usr/bin:/bin"};
  command.limits.cpu_seconds = 300;
  return run_to_end(command);
}

}  // namespace

TEST_CASE("command line: without namespaces a weaker sandbox is taken, and the report says so") {
  const Completed completed =
      without_namespaces({"grade", only_activation().path(), "--only", "relu", "--report", "json"}, true);
  CHECK(exit_code(completed) == 0);
  const auto json = parse_strict(completed.output);
  CHECK(json.at("environment").at("sandbox") == (geteuid() == 0 ? "user" : "none"));
  CHECK_THAT(json.at("notices").dump(), ContainsSubstring("bwrap: ") && ContainsSubstring("namespace"));
  CHECK(json.at("sections").at(1).at("components").at(3).at("status") == "passed");
  const Completed doctor = without_namespaces({"doctor"}, true);
  CHECK_THAT(doctor.output, ContainsSubstring("sandbox bwrap: refused: ") && ContainsSubstring("namespace"));
}

TEST_CASE("command line: a sandbox that is asked for by name and refused is a failure of the grader") {
  const Completed completed =
      without_namespaces({"grade", only_activation().path(), "--only", "relu", "--sandbox", "bwrap"}, true);
  CHECK(exit_code(completed) == 3);
  CHECK(completed.output.empty());
  CHECK_THAT(completed.errors, ContainsSubstring("opening the sandbox bwrap") && ContainsSubstring("namespace"));
}

TEST_CASE("command line: a lower limit of the caller's is a failure of the grader, and named") {
  // As root limits can be raised again, unless that privilege is gone.
  const std::string handin = only_activation().path();
  const auto limited = [&](const std::string& limit) {
    Command command;
    command.arguments = {"/usr/bin/setpriv",
                         "--bounding-set=-sys_resource",
                         "--inh-caps=-sys_resource",
                         "/bin/sh",
                         "-c",
                         "ulimit " + limit + " && exec \"$0\" grade \"$1\" --only relu --sandbox none --root \"$2\"",
                         AUTOGRADER_PROGRAM,
                         handin,
                         course_folder()};
    command.environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent"};
    command.folder = "/";
    command.limits.wall_seconds = 300;
    command.limits.cpu_seconds = 300;
    return run_to_end(command);
  };
  for (const auto& [limit, named] : std::vector<std::pair<std::string, std::string>>{
           {"-t 60", "for processor time a lower limit is in force here"},
           {"-f 20000", "for the size of files a lower limit is in force here"},
           {"-n 40", "a lower limit is in force here"}}) {
    CAPTURE(limit);
    const Completed completed = limited(limit);
    CHECK(exit_code(completed) == 3);
    CHECK_THAT(completed.errors, ContainsSubstring(named) && ContainsSubstring("ulimit -" + limit.substr(1, 1)));
    CHECK(completed.output.empty());
  }
  // Below the hard limit a child takes what it needs; what this process writes fails, instead of killing it.
  const Completed written = limited("-S -f 0");
  CHECK(exit_code(written) == 3);
  CHECK_THAT(written.errors, ContainsSubstring("File too large"));
}

TEST_CASE("command line: hidden fixtures want a sandbox that closes them, or its absence by name") {
  const std::string handin = only_activation().path();
  const std::vector<std::string> words{"grade", handin, "--fixtures", "hidden", "--only", "relu"};
  CHECK(exit_code(autograder_in("/", words)) == 0);
  const Completed refused = without_namespaces(words, false);
  CHECK(exit_code(refused) == 3);
  CHECK_THAT(refused.errors, ContainsSubstring(geteuid() == 0 ? "chmod -R go=" : "--sandbox none"));
  std::vector<std::string> by_name = words;
  by_name.insert(by_name.end(), {"--sandbox", "none"});
  CHECK(exit_code(without_namespaces(by_name, false)) == 0);
}

TEST_CASE("command line: reports go to files, whole, and several at once") {
  const TemporaryFolder folder;
  const Completed completed = autograder_in(
      folder.path(), {"grade", only_activation().path(), "--only", "identity,relu", "--report", "json:report.json",
                      "--report", "junit:report.xml", "--report", "markdown:report.md"});
  CHECK(exit_code(completed) == 0);
  CHECK(completed.output.empty());
  const auto json = parse_strict(read_file(folder.path() / "report.json"));
  CHECK(json.at("score") == 0.0);
  CHECK(json.at("max_score") == 100.0);
  CHECK(json.at("partial") == true);
  CHECK(json.at("sections").at(1).at("components").at(3).at("status") == "passed");
  CHECK(json.at("sections").at(1).at("status") == "skipped");
  CHECK(json.at("environment").at("fixtures_sha256").get<std::string>().size() == 64);
  CHECK_THAT(read_file(folder.path() / "report.xml"), ContainsSubstring("<testsuites"));
  CHECK_THAT(read_file(folder.path() / "report.md"), ContainsSubstring("| Section |"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 3);
}

TEST_CASE("command line: the hand-in is looked up from here, then from the course folder") {
  HandinFolder& handin = only_activation();
  const Completed here = autograder_in(handin.path().parent_path(), {"grade", "handin", "--only", "relu"});
  CHECK(exit_code(here) == 0);
  const Completed course = autograder_in("/", {"grade", "handout/mytorch", "--only", "identity"});
  CHECK_THAT(course.output, ContainsSubstring("Score: 0 / 100"));
}

TEST_CASE("command line: a course folder may be given relative to here") {
  const fs::path root = course_folder();
  const Completed completed = autograder_in(root.parent_path(), {"grade", only_activation().path(), "--only", "relu",
                                                                 "--root", root.filename(), "--report", "json"});
  CHECK(parse_strict(completed.output).at("sections").at(1).at("components").at(3).at("status") == "passed");
}

TEST_CASE("command line: a report that cannot be written to standard output is a failure of the grader") {
  Command command;
  command.arguments = {"/bin/sh", "-c", "exec \"$0\" grade \"$1\" --only relu > /dev/full", AUTOGRADER_PROGRAM,
                       only_activation().path()};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.limits.cpu_seconds = 300;
  CHECK(exit_code(run_to_end(command)) == 3);
}

TEST_CASE("command line: a report goes into a pipe, not in its place") {
  const TemporaryFolder folder;
  Command command;
  command.arguments = {
      "/bin/sh", "-c",
      "mkfifo pipe && { cat pipe & } && \"$0\" grade \"$1\" --only relu --report json:pipe; wait; test -p pipe",
      AUTOGRADER_PROGRAM, only_activation().path()};
  command.folder = folder.path();
  command.environment = {"PATH=/usr/bin:/bin"};
  command.limits.cpu_seconds = 300;
  const Completed completed = run_to_end(command);
  CHECK(exit_code(completed) == 0);
  CHECK(parse_strict(completed.output).at("score") == 0.0);
}

TEST_CASE("command line: a parent that ignores the end of children does not stop the grader") {
  Command command;
  command.arguments = {"/bin/sh", "-c", "trap '' CHLD; exec \"$0\" grade \"$1\" --only relu --report json",
                       AUTOGRADER_PROGRAM, only_activation().path()};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.limits.cpu_seconds = 300;
  const auto json = parse_strict(run_to_end(command).output);
  CHECK(json.at("sections").at(1).at("components").at(3).at("status") == "passed");
}

TEST_CASE("command line: a component of which only one case ran earns nothing") {
  const Completed completed = autograder_in("/", {"grade", course_folder() / "reference/mytorch", "--only", "mseloss",
                                                  "--case", "a single sample", "--report", "json"});
  const auto json = parse_strict(completed.output);
  CHECK(json.at("score") == 0.0);
  CHECK(json.at("sections").at(5).at("components").at(0).at("status") == "skipped");
}

TEST_CASE("command line: one case is shown in full") {
  const Completed shown =
      autograder_in("/", {"grade", only_activation().path(), "--only", "relu", "--case", "both signs", "--show"});
  CHECK(exit_code(shown) == 0);
  CHECK_THAT(shown.output,
             ContainsSubstring("given\n  Z (") && ContainsSubstring("dAdZ: right") && ContainsSubstring("expected ("));
}

TEST_CASE("command line: a hidden case is not shown unless the instructor asks") {
  const std::vector<std::string> words{"grade",      only_activation().path(),
                                       "--fixtures", "hidden",
                                       "--sandbox",  "none",
                                       "--only",     "identity",
                                       "--case",     "",
                                       "--show"};
  CHECK(exit_code(autograder_in("/", words)) == 2);
}

TEST_CASE("command line: a refused hand-in is a report with no points and exit code 0") {
  const TemporaryFolder folder;
  HandinFolder handin;
  handin.write("handin.tar", "this is no archive");
  const Completed completed = autograder_in("/", {"grade", handin.path() / "handin.tar", "--report", "json"});
  CHECK(exit_code(completed) == 0);
  const auto json = parse_strict(completed.output);
  CHECK(json.at("score") == 0.0);
  CHECK_THAT(json.at("refused").get<std::string>(), ContainsSubstring("not a readable"));
  for (const auto& section : json.at("sections")) CHECK(section.at("status") == "skipped");
}

TEST_CASE("command line: the doctor finds that grading is possible") {
  const Completed completed = autograder_in("/", {"doctor"});
  CHECK(exit_code(completed) == 0);
  CHECK_THAT(completed.output, ContainsSubstring("grading: possible") && ContainsSubstring("sandbox: "));
}

TEST_CASE("command line: the doctor says so when it is not") {
  const Completed completed = autograder_in("/", {"doctor", "--root", "/nonexistent"});
  CHECK(exit_code(completed) == 3);
  CHECK_THAT(completed.output, ContainsSubstring("NOT USABLE") && ContainsSubstring("--root"));
}
