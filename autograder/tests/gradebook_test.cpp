#include "autograder/gradebook.hpp"

#include <nlohmann/json.hpp>

#include "autograder/progress.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_record.hpp"

using namespace autograder;
using Outcome = Record::Outcome;

namespace {

Record numbered(long long number, const std::string& name, const std::string& student, double score,
                const std::string& digest, Outcome outcome = Outcome::graded) {
  Record made = make::record(name, score);
  made.number = number;
  made.student = student;
  made.digest = digest;
  made.outcome = outcome;
  return made;
}

std::vector<long long> numbers(const std::vector<Record>& records) {
  std::vector<long long> all;
  for (const Record& record : records) all.push_back(record.number);
  return all;
}

using Numbers = std::vector<long long>;

}  // namespace

TEST_CASE("gradebook: of several hand-ins of one student all, the best, or the latest") {
  const std::vector<Record> all{
      numbered(1, "first", "alice", 90, "a"),
      numbered(2, "second", "alice", 70, "b"),
      numbered(3, "third", "bob", 50, "c"),
      numbered(4, "third", "bob", 40, "d"),
      numbered(5, "fourth", "carl", 60, "e"),
      numbered(6, "fifth", "carl", 0, "f", Outcome::failed),
      numbered(7, "sixth", "dora", 0, "g", Outcome::failed),
  };
  CHECK(numbers(pick(all, Pick::all)) == Numbers{1, 2, 4, 6, 5, 7});
  CHECK(numbers(pick(all, Pick::best)) == Numbers{1, 3, 5, 7});
  CHECK(numbers(pick(all, Pick::latest)) == Numbers{2, 4, 5, 7});
}

TEST_CASE("gradebook: the best is the one of which the course's rules leave most") {
  Record late = numbered(1, "late", "alice", 90, "a");
  late.adjustment.factor = 0.8;
  CHECK(numbers(pick({late, numbered(2, "in time", "alice", 80, "b")}, Pick::best)) == Numbers{2});
  CHECK(numbers(pick({late, numbered(2, "in time", "alice", 71, "b")}, Pick::best)) == Numbers{1});
}

TEST_CASE("gradebook: points given by hand are merged by student, and the rules are of all points") {
  Record late = numbered(1, "late", "alice", 90, "a");
  late.adjustment = {2.0, 0.8};
  const std::vector<Record> records{late, numbered(2, "bob", "bob", 80, "b"), numbered(3, "carl", "carl", 70, "c"),
                                    numbered(4, "dora", "dora", 0, "d", Outcome::failed)};
  const HandGrades by_hand{{{"theory", "Theory", 40}, {"talk", "Talk", 10}},
                           {{"alice", {{"theory", 32}, {"talk", 10}}}, {"bob", {{"theory", 0}}}, {"dora", {}}}};
  const std::string csv = gradebook_csv(records, by_hand);
  CHECK(csv.starts_with("student,name,outcome,score,max_score,adjusted_score,theory,talk,total,max_total,linear"));
  // (90 + 42 - 2) x 0.8; who lacks a part has no total, which is not a total of zero.
  CHECK(csv.find("\nalice,late,graded,90,100,70.4,32,10,104,150,") != std::string::npos);
  CHECK(csv.find("\nbob,bob,graded,80,100,80,0,,,,") != std::string::npos);
  CHECK(csv.find("\ncarl,carl,graded,70,100,70,,,,,") != std::string::npos);
  CHECK(csv.find("\ndora,dora,failed,,,,,,,,") != std::string::npos);
  const auto json = nlohmann::json::parse(gradebook_json(records, by_hand));
  CHECK(json["grades"][0]["total"] == 104);
  CHECK(json["grades"][0]["adjusted_score"] == 70.4);
  CHECK(json["grades"][1]["by_hand"] == nlohmann::json{{"theory", 0.0}});
  CHECK(!json["grades"][1].contains("total"));
}

TEST_CASE("gradebook: the latest is what was handed in last, in whatever order it was graded") {
  const auto handed_in = [](long long number, long long submission, const std::string& day) {
    Record made = numbered(number, "handin " + std::to_string(number), "alice", 50, std::to_string(number));
    made.submission = submission;
    made.handed_in = "2026-03-" + day + "T00:00:00.000000000Z";
    return made;
  };
  // Graded in the order of their names, handed in the other way round.
  CHECK(numbers(pick({handed_in(1, 0, "02"), handed_in(2, 0, "01")}, Pick::latest)) == Numbers{1});
  CHECK(numbers(pick({handed_in(1, 0, "02"), handed_in(2, 0, "01")}, Pick::best)) == Numbers{1});
  // The platform's count, rather than the time of a file.
  CHECK(numbers(pick({handed_in(1, 7, "01"), handed_in(2, 6, "02")}, Pick::latest)) == Numbers{1});
  // One that the platform has not counted came by another way: only time compares it.
  CHECK(numbers(pick({handed_in(1, 7, "01"), handed_in(2, 0, "02")}, Pick::latest)) == Numbers{2});
  CHECK(numbers(pick({handed_in(1, 0, "01"), handed_in(2, 0, "01")}, Pick::latest)) == Numbers{2});
}

TEST_CASE("gradebook: a regrade takes the place of the grade before it, even with fewer points") {
  const std::vector<Record> all{numbered(1, "one", "alice", 90, "a"), numbered(2, "one", "alice", 80, "a")};
  CHECK(numbers(pick(all, Pick::best)) == Numbers{2});
  const std::vector<Record> failing{numbered(1, "one", "alice", 90, "a"),
                                    numbered(2, "one", "alice", 0, "a", Outcome::failed)};
  CHECK(numbers(pick(failing, Pick::best)) == Numbers{1});
  CHECK(numbers(pick(failing, Pick::latest)) == Numbers{1});
}

TEST_CASE("gradebook: a row a hand-in, a column a section, times last") {
  Record failed = make::record("bob", 0);
  failed.outcome = Outcome::failed;
  failed.sections.clear();
  failed.message = "the disk is full, or \"so\"";
  CHECK(gradebook_csv({make::record("alice", 85), failed}) ==
        "student,name,outcome,score,max_score,adjusted_score,linear,sgd,message,digest,handed_in,seconds,at\r\n"
        "alice,alice,graded,85,100,85,15,70,,digest of alice,2026-01-01T02:03:04Z,1.2,2026-01-02T03:04:05Z\r\n"
        "bob,bob,failed,,,,,,\"the disk is full, or \"\"so\"\"\",digest of "
        "bob,2026-01-01T02:03:04Z,1.2,2026-01-02T03:04:05Z\r\n");
  CHECK(gradebook_csv({}) ==
        "student,name,outcome,score,max_score,adjusted_score,message,digest,handed_in,seconds,at\r\n");
}

TEST_CASE("gradebook: no cell is a formula, and none breaks its row") {
  for (const std::string name : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\r\n=1"}) {
    CAPTURE(name);
    const std::string csv = gradebook_csv({make::record(name, 20)});
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 2);
    const std::string row = csv.substr(csv.find('\n') + 1);
    CHECK(std::string("=+-@\t").find(row[0]) == std::string::npos);
  }
}

TEST_CASE("gradebook: as JSON, without a score where there is none") {
  Record failed = make::record("bob", 0);
  failed.outcome = Outcome::failed;
  failed.message = "\xff";
  const auto json = nlohmann::json::parse(gradebook_json({make::record("alice", 85), failed}));
  CHECK(json["format"] == 1);
  CHECK(json["grades"][0]["score"] == 85);
  CHECK(json["grades"][0]["sections"][1]["status"] == "failed");
  CHECK_FALSE(json["grades"][1].contains("score"));
  CHECK(json["grades"][1]["outcome"] == "failed");
}

TEST_CASE("summary: scores, sections, failures, and what has no score") {
  Record first = make::record("alice", 100), second = make::record("bob", 50), third = make::record("carl", 0);
  first.sections[1] = {"sgd", "passed", 85, 85};
  second.failures = {"sgd: failed, W"};
  third.failures = {"sgd: failed, W", "linear: crashed"};
  Record refused = make::record("dora", 0), failed = make::record("eve", 0);
  refused.outcome = Outcome::refused;
  refused.message = "it is no archive";
  failed.outcome = Outcome::failed;
  failed.message = "the disk is full";
  const std::string text = summary({first, second, third, refused, failed});
  for (const char* part : {"5 hand-ins, 4 with a score", "mean 37.5, median 25.0, least 0, most 100",
                           "linear             4  100.0 %", "sgd                1  25.0 %", "2  sgd: failed, W",
                           "1  linear: crashed", "dora: it is no archive", "eve: the disk is full"}) {
    CHECK_THAT(text, ContainsSubstring(part));
  }
  CHECK_THAT(summary({}), ContainsSubstring("0 hand-ins"));
  CHECK_THAT(summary({failed}), ContainsSubstring("0 with a score"));
}

TEST_CASE("progress: how far, how fast, how long still") {
  CHECK(progress_line(0, 12, 0) == "[                    ] 0 of 12");
  CHECK(progress_line(6, 12, 60) == "[##########          ] 6 of 12, 6.0 a minute, 60 s left");
  CHECK(progress_line(1, 12, 60) == "[#                   ] 1 of 12, 1.0 a minute, 11 min left");
  CHECK(progress_line(12, 12, 60) == "[####################] 12 of 12, 12.0 a minute");
  CHECK(progress_line(0, 0, 1) == "[####################] 0 of 0");
}
