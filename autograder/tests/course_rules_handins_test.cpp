// The rules of a course as an instructor meets them: a homework with a due time, a class, tables.
#include <fstream>
#include <nlohmann/json.hpp>

#include "autograder/strict_json.hpp"
#include "autograder/tests/batch_class.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
using namespace autograder_tests;
using nlohmann::json;

namespace {

/// A course folder like this one, with rules of its own, and a class of four who handed in the solution or nothing that
/// builds.
struct RuledCourse {
  TemporaryFolder folder;
  fs::path root = folder.path() / "course", handins = folder.path() / "class", out = folder.path() / "out";

  RuledCourse() {
    const fs::path course = COURSE, fixtures = root / "fixtures/mytorch";
    fs::create_directories(fixtures);
    fs::create_directories(handins);
    for (const char* name : {"handout", "reference"}) fs::create_directory_symlink(course / name, root / name);
    for (const char* name : {"public", "hidden"}) {
      fs::create_directory_symlink(course / "fixtures/mytorch" / name, fixtures / name);
    }
    json assignment = json::parse(read_file(course / "fixtures/mytorch/assignment.json"));
    assignment["policy"] = json::parse(R"({
      "files": {"exactly": ["src/nn/activation.cpp"], "penalty_percent": 5},
      "due": {"time": "2026-02-17T23:55", "zone": "America/New_York", "grace_minutes": 2,
              "late": [{"within_hours": 24, "penalty_percent": 20}]},
      "pick": "best", "by_hand": [{"id": "theory", "title": "Theory", "points": 50}]})");
    write(fixtures / "assignment.json", assignment.dump());
  }

  static void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

  /// A folder with one right source, changed last at that time of UTC, as hours from the due time.
  void hand_in(const std::string& name, int hours_late, const std::string& extra = "") const {
    fs::create_directories(handins / name / "src/nn");
    fs::copy_file(fs::path(COURSE) / "reference/mytorch/src/nn/activation.cpp",
                  handins / name / "src/nn/activation.cpp");
    if (!extra.empty()) write(handins / name / extra, "x");
    const std::chrono::sys_seconds due{std::chrono::seconds(1771390500)};  // 2026-02-18T04:55:00Z
    const auto time = std::chrono::file_clock::from_sys(due + std::chrono::hours(hours_late));
    fs::last_write_time(handins / name / "src/nn/activation.cpp", time);
  }

  Completed run(std::vector<std::string> words) const {
    words.insert(words.begin(), AUTOGRADER_PROGRAM);
    words.insert(words.end(), {"--root", root});
    Command command;
    command.arguments = words;
    command.folder = folder.path();
    command.environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", std::string("XDG_CACHE_HOME=") + SCRATCH};
    command.limits.wall_seconds = 300;
    command.limits.cpu_seconds = 300;
    return run_to_end(command);
  }
};

}  // namespace

TEST_CASE("course rules: one hand-in, with the arithmetic, and the exit code by what is left") {
  const RuledCourse course;
  course.hand_in("alice", 0, "notes.txt");
  const std::string handin = course.handins / "alice";
  const Completed late = course.run({"grade", handin, "--submitted", "2026-02-18T02:55", "--fail-under", "10"});
  CHECK_THAT(late.output, ContainsSubstring("3 h 0 min late") && ContainsSubstring("notes.txt is not asked for") &&
                              ContainsSubstring("Score: 10 / 100\n") &&
                              ContainsSubstring("By the course's rules: 10 x (100 % - 5 % - 20 %) = 7.5"));
  CHECK(exit_code(late) == 1);
  const Completed unknown = course.run({"grade", handin, "--report", "json"});
  const json report = parse_strict(unknown.output, 32);
  CHECK(report["score"] == 10.0);
  CHECK(report["adjusted_score"] == 10.0);
  for (const json& rule : report["policy"]) CHECK(rule["outcome"] == "not_checked");
  CHECK(report["policy"].size() == 2);
  const Completed wrong = course.run({"grade", handin, "--submitted", "yesterday"});
  CHECK(exit_code(wrong) == 2);
  CHECK_THAT(wrong.errors, ContainsSubstring("--submitted yesterday: \"yesterday\" is no time"));
}

TEST_CASE("course rules: a class by the times of its files, with extensions, and points given by hand") {
  const RuledCourse course;
  course.hand_in("alice", -1);
  course.hand_in("bob", 3);
  course.hand_in("carl", 25);
  course.hand_in("dora", 25);
  RuledCourse::write(course.folder.path() / "extensions.csv", "student,due\ndora,2026-02-19T10:00\n");
  RuledCourse::write(course.folder.path() / "theory.csv", "student,theory\nalice,40\nbob,30.5\nzoe,1\n");
  REQUIRE(exit_code(course.run({"batch", course.handins, "--out", course.out, "--extensions", "extensions.csv"})) == 0);
  const Completed table = course.run({"gradebook", course.out, "--by-hand", "theory.csv", "--format", "json"});
  REQUIRE(exit_code(table) == 0);
  CHECK_THAT(table.errors, ContainsSubstring("there is no hand-in of zoe"));
  std::map<std::string, std::pair<double, json>> rows;
  const json grades = json::parse(table.output)["grades"];
  for (const json& row : grades) {
    CHECK(row["score"] == 10.0);
    rows[row["student"]] = {row["adjusted_score"], row.value("total", json())};
  }
  CHECK(rows["alice"] == std::pair<double, json>{10.0, 50.0});
  CHECK(rows["bob"] == std::pair<double, json>{8.0, 32.4});
  CHECK(rows["carl"] == std::pair<double, json>{0.0, nullptr});
  CHECK(rows["dora"] == std::pair<double, json>{10.0, nullptr});
  CHECK_THAT(read_file(course.out / "reports/bob.txt"), ContainsSubstring("(the time of the file)"));

  // Times that the platform gives, in the place of the files'.
  RuledCourse::write(course.folder.path() / "times.csv",
                     "student,submitted\nalice,2026-02-18T05:00\nbob,2026-02-17T20:00\n");
  REQUIRE(exit_code(course.run(
              {"batch", course.handins, "--out", course.out, "--submitted", "times.csv", "--regrade", "all"})) == 0);
  const json again = json::parse(course.run({"gradebook", course.out, "--format", "json"}).output)["grades"];
  std::map<std::string, double> adjusted;
  for (const json& row : again) adjusted[row["student"]] = row["adjusted_score"];
  CHECK(adjusted == std::map<std::string, double>{{"alice", 8}, {"bob", 10}, {"carl", 10}, {"dora", 10}});
  const Completed no_table = course.run({"batch", course.handins, "--out", course.out, "--submitted", "nowhere.csv"});
  CHECK(exit_code(no_table) == 2);
}
