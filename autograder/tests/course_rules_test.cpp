// The rules of a real course, situation by situation: NYU's homework 1 of spring 2022, with two minutes of grace.
#include "autograder/course_rules.hpp"

#include <algorithm>

#include "autograder/grader_error.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
using Outcome = RuleResult::Outcome;
using Names = std::vector<std::string>;

namespace {

Policy policy(const std::string& combine, const std::string& due = "2022-02-17T23:55") {
  const std::string text = R"({
    "combine": ")" + combine +
                           R"(",
    "files": {"exactly": ["theory.pdf", "mlp.cpp"], "archive": "[a-z]+[0-9]+\\.zip", "archive_shown": "<net id>.zip",
              "penalty_percent": 5},
    "due": {"time": ")" + due +
                           R"(", "zone": "America/New_York", "grace_minutes": 2,
            "late": [{"within_hours": 24, "penalty_percent": 20}]},
    "not_built": {"penalty_percent": 20}, "flags": {"penalty_percent": 0}})";
  return parse_policy(nlohmann::json::parse(text));
}

/// A hand-in, as it differs from a right one that came in time and has 40 of 50 points.
struct Situation {
  std::string title;
  std::string time = "2022-02-17T22:00";
  Names names = {"mlp.cpp", "theory.pdf"};
  std::string archive = "ab1234.zip";
  std::string extension = "";
  double raw = 40.0;
  BuiltFile::Status built = BuiltFile::Status::ok;
  std::string due = "2022-02-17T23:55";
};

Report graded(const Situation& situation, const std::string& combine = "add") {
  Report report;
  report.score = situation.raw;
  report.max_score = 50.0;
  report.sections = {{"forward", "Forward", situation.raw, 50.0, Status::failed, {}, {}}};
  BuiltFile file;
  file.file = "mlp.cpp";
  file.status = situation.built;
  report.build = {file};
  const std::optional<HandedIn> how = HandedIn{situation.archive, situation.time, "", situation.extension};
  apply_rules(report, policy(combine, situation.due), {how, &situation.names, {}});
  return report;
}

const RuleResult& rule(const Report& report, const std::string& name) {
  return *std::find_if(report.policy.begin(), report.policy.end(), [&](const auto& one) { return one.rule == name; });
}

}  // namespace

TEST_CASE("rules: raw and adjusted scores, situation by situation") {
  const auto failed = BuiltFile::Status::failed;
  struct Row {
    Situation situation;
    double adjusted;
    std::string arithmetic;
  };
  const std::vector<Row> table{
      {{"on time"}, 40, ""},
      {{"in the last second", "2022-02-17T23:55:00"}, 40, ""},
      {{"one minute late, in grace", "2022-02-17T23:56"}, 40, ""},
      {{"at the end of grace", "2022-02-17T23:57:00"}, 40, ""},
      {{"a second after grace", "2022-02-17T23:57:01"}, 32, "40 x (100 % - 20 %) = 32"},
      {{"3 hours late", "2022-02-18T02:55"}, 32, "40 x (100 % - 20 %) = 32"},
      {{"3 hours late, in UTC", "2022-02-18T07:55:00Z"}, 32, "40 x (100 % - 20 %) = 32"},
      {{"24 hours late", "2022-02-18T23:55"}, 32, "40 x (100 % - 20 %) = 32"},
      {{"25 hours late", "2022-02-19T00:55"}, 0, "0: refused"},
      {{"wrong name of the archive", "2022-02-17T22:00", {"mlp.cpp", "theory.pdf"}, "homework.zip"},
       38,
       "40 x (100 % - 5 %) = 38"},
      {{"wrong kind of archive", "2022-02-17T22:00", {"mlp.cpp", "theory.pdf"}, "ab1234.tar.gz"},
       38,
       "40 x (100 % - 5 %) = 38"},
      {{"wrong name of a file", "2022-02-17T22:00", {"mlp.cpp", "Theory.pdf"}}, 38, "40 x (100 % - 5 %) = 38"},
      {{"an extra file", "2022-02-17T22:00", {"mlp.cpp", "test1.cpp", "theory.pdf"}}, 38, "40 x (100 % - 5 %) = 38"},
      {{"missing theory", "2022-02-17T22:00", {"mlp.cpp"}}, 38, "40 x (100 % - 5 %) = 38"},
      {{"everything in one folder", "2022-02-17T22:00", {"ab1234/mlp.cpp", "ab1234/theory.pdf"}}, 40, ""},
      {{"what a Mac adds", "2022-02-17T22:00", {"__MACOSX/._mlp.cpp", "mlp.cpp", "theory.pdf", ".DS_Store"}}, 40, ""},
      {{"not building", "2022-02-17T22:00", {"mlp.cpp", "theory.pdf"}, "ab1234.zip", "", 10, failed},
       8,
       "10 x (100 % - 20 %) = 8"},
      {{"late, by extension in time", "2022-02-20T09:00", {"mlp.cpp", "theory.pdf"}, "ab1234.zip", "2022-02-20T10:00"},
       40,
       ""},
      {{"late for the extension", "2022-02-20T13:00", {"mlp.cpp", "theory.pdf"}, "ab1234.zip", "2022-02-20T10:00"},
       32,
       "40 x (100 % - 20 %) = 32"},
      {{"all at once", "2022-02-18T02:55", {"mlp.cpp", "x.o"}, "hw.zip", "", 10, failed},
       5.5,
       "10 x (100 % - 5 % - 20 % - 20 %) = 5.5"},
  };
  for (const Row& row : table) {
    CAPTURE(row.situation.title);
    const Report report = graded(row.situation);
    CHECK(report.score == row.situation.raw);
    CHECK(report.adjusted_score() == row.adjusted);
    CHECK(report.arithmetic == row.arithmetic);
  }
}

TEST_CASE("rules: hours of lateness are elapsed ones, whatever the clocks do") {
  const auto adjusted = [](const std::string& due, const std::string& time) {
    Situation situation{"", time};
    situation.due = due;
    return graded(situation).adjusted_score();
  };
  // The night of 6 November 2022 has 25 hours in New York: 24 hours after 23:55 it is 22:55.
  CHECK(adjusted("2022-11-05T23:55", "2022-11-06T22:55") == 32);
  CHECK(adjusted("2022-11-05T23:55", "2022-11-06T22:56") == 0);
  // That of 13 March has 23: 24 hours after 23:55 it is 00:55.
  CHECK(adjusted("2022-03-12T23:55", "2022-03-14T00:55") == 32);
  CHECK(adjusted("2022-03-12T23:55", "2022-03-14T00:56") == 0);
  // Due at a time that the clocks show twice, or leave out: the students' favour counts.
  CHECK(adjusted("2022-11-06T01:30", "2022-11-06T01:30:00-05:00") == 40);
  CHECK(adjusted("2022-03-13T02:30", "2022-03-13T03:00:00-04:00") == 40);
  CHECK(adjusted("2022-03-13T02:30", "2022-03-13T03:03:00-04:00") == 32);
}

TEST_CASE("rules: what students read says what was wrong and when it was due") {
  const Report late = graded({"", "2022-02-18T02:55", {"mlp.cpp", "a", "b", "c", "d", "e", "f"}});
  CHECK(rule(late, "due").details ==
        Names{"handed in 2022-02-18 02:55:00 EST, due 2022-02-17 23:55:00 EST: 3 h 0 min late"});
  CHECK(rule(late, "files").details == Names{"theory.pdf is missing", "a is not asked for", "b is not asked for",
                                             "c is not asked for", "d is not asked for",
                                             "2 more files are not asked for"});
  const Report in_grace = graded({"", "2022-02-17T23:56"});
  CHECK(rule(in_grace, "due").details == Names{"handed in 2022-02-17 23:56:00 EST, due 2022-02-17 23:55:00 EST: 1 min "
                                               "late, within the grace of 2 min"});
  CHECK(rule(graded({"", "2022-02-19T01:00"}), "due").refuses);
}

TEST_CASE("rules: penalties are added, or each takes its part of what the others leave") {
  const Situation late_and_extra{"", "2022-02-18T02:55", {"mlp.cpp", "theory.pdf", "x"}};
  CHECK(graded(late_and_extra, "add").adjusted_score() == 30);
  CHECK(graded(late_and_extra, "multiply").adjusted_score() == 30.4);
  CHECK(graded(late_and_extra, "multiply").arithmetic == "40 x (100 % - 5 %) x (100 % - 20 %) = 30.4");
}

TEST_CASE("rules: penalties of a section are of what it earned, and those of a whole come after them") {
  const std::vector<SectionResult> sections{{"a", "A", 20, 30, Status::failed, {}, {}},
                                            {"b", "B", 10, 10, Status::passed, {}, {}}};
  const RuleResult loops{"loops", Outcome::broken, 10, "a", {}, false},
      files{"files", Outcome::broken, 5, "", {}, false}, kept{"due", Outcome::kept, 20, "", {}, false},
      unknown{"flags", Outcome::not_checked, 20, "", {}, false};
  Report report;
  report.score = 30;
  report.sections = sections;
  const Adjustment adjustment = adjust({loops, files, kept, unknown}, Combine::add, sections);
  CHECK(adjustment.deduction == 2.0);
  CHECK(adjustment.of(30) == 26.6);
  CHECK(arithmetic({loops, files, kept, unknown}, Combine::add, report) ==
        "(30 - 10 % of 20 (a)) x (100 % - 5 %) = 26.6");
  CHECK(arithmetic({loops}, Combine::add, report) == "30 - 10 % of 20 (a) = 28");
  // Never below zero, nor more than all of it.
  const RuleResult heavy{"x", Outcome::broken, 80, "", {}, false};
  CHECK(adjust({heavy, heavy}, Combine::add, sections).of(30) == 0);
  CHECK(Adjustment{40, 1.0}.of(30) == 0);
  // What nothing is taken of is not rounded.
  CHECK(Adjustment{}.of(100.0 / 3) == 100.0 / 3);
}

TEST_CASE("rules: what is not known is not checked, and costs nothing") {
  Report report;
  report.score = 40;
  const Names names{"mlp.cpp", "extra"};
  apply_rules(report, policy("add"), {std::nullopt, &names, {"relu"}});
  for (const char* name : {"files", "due", "flags"}) {
    CAPTURE(name);
    CHECK(rule(report, name).outcome == Outcome::not_checked);
    CHECK(rule(report, name).details.size() == 1);
  }
  CHECK(report.adjusted_score() == 40);
  const std::optional<HandedIn> no_time = HandedIn{"ab12.zip", "", "", ""};
  apply_rules(report, policy("add"), {no_time, &names, {"relu"}});
  CHECK(rule(report, "due").outcome == Outcome::not_checked);
  CHECK(rule(report, "files").outcome == Outcome::broken);
  CHECK(rule(report, "flags").details == Names{"the flag of relu is false"});
}

TEST_CASE("rules: a refused hand-in keeps its zero, and a partial grade has no rules") {
  Report refused;
  refused.refused = "no archive";
  const std::optional<HandedIn> how = HandedIn{"ab12.zip", "2022-02-17T20:00", "", ""};
  apply_rules(refused, policy("add"), {how, nullptr, {}});
  CHECK(rule(refused, "files").outcome == Outcome::not_checked);
  CHECK(rule(refused, "not_built").outcome == Outcome::broken);
  CHECK(refused.adjusted_score() == 0);
  Report partial;
  partial.partial = true;
  const Names names;
  apply_rules(partial, policy("add"), {how, &names, {}});
  CHECK(partial.policy.empty());
}

TEST_CASE("rules: files in folders, patterns of what may be there, and names that are too long") {
  const auto faults = [](const std::string& files, const Names& names, const std::string& archive = "") {
    const Policy one = parse_policy(nlohmann::json::parse("{\"files\": " + files + "}"));
    const std::optional<HandedIn> how = HandedIn{archive, "", "", ""};
    return check_rules(one, Report(), {how, &names, {}}).front().details;
  };
  const std::string in_folders =
      R"({"exactly": ["src/a.cpp", "src/b.cpp"], "may_be_there": ["tests/*.cpp"], "penalty_percent": 1})";
  CHECK(faults(in_folders, {"src/a.cpp", "src/b.cpp"}).empty());
  CHECK(faults(in_folders, {"me/src/a.cpp", "me/src/b.cpp", "me/tests/t.cpp"}).empty());
  CHECK(faults(in_folders, {"src/a.cpp", "src/b.cpp", "tests/sub/t.cpp"}) == Names{"tests/sub/t.cpp is not asked for"});
  const std::string archive = R"({"archive": "(a|b)*\\.zip", "archive_shown": "ab.zip", "penalty_percent": 1})";
  CHECK(faults(archive, {}, "abba.zip").empty());
  CHECK(faults(archive, {}, std::string(100'000, 'a') + ".zip").size() == 1);
  // A folder has no name to be wrong.
  CHECK(faults(archive, {}).empty());
}
