// What is left of a report on hidden fixtures. Every text and number that could tell a hidden value carries a mark, and
// no writer may show one.
#include "autograder/feedback.hpp"

#include <nlohmann/json.hpp>

#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_report.hpp"

using namespace autograder;
using Kind = Mismatch::Kind;

namespace {

/// Texts and numbers that tell where they came from, each different; the writers' rounding leaves one of kNumberMarks.
class Marks {
 public:
  std::string text() { return "SECRET" + std::to_string(++last_); }
  std::size_t count() { return 765'400'000 + ++last_; }
  double number() { return static_cast<double>(count()) + 0.5; }

 private:
  std::size_t last_ = 1000;
};

constexpr const char* kNumberMarks[] = {"7654", "7.65"};

Mismatch marked_mismatch(Marks& marks, Kind kind) {
  Mismatch made = make::mismatch("dLdW[" + std::to_string(marks.count()) + "]", kind, "");
  made.index = {marks.count(), marks.count()};
  made.expected = marks.number();
  made.actual = marks.number();
  made.max_abs_error = marks.number();
  made.max_rel_error = marks.number();
  made.wrong = marks.count();
  made.of = marks.count();
  made.hint = std::string("HINT ") + name_of(kind);
  return made;
}

CaseResult marked_case(Marks& marks, Status status, bool scored) {
  CaseResult made;
  made.name = marks.text();
  made.operation = marks.text();
  made.status = status;
  made.seconds = marks.number();
  made.scored = scored;
  for (const Kind kind : {Kind::value, Kind::shape, Kind::missing, Kind::not_finite, Kind::type}) {
    made.mismatches.push_back(marked_mismatch(marks, kind));
    made.mismatches.push_back(make::mismatch("Z", kind, marks.text()));
  }
  made.message = marks.text();
  made.student_output = marks.text();
  made.given_shapes = {{marks.text(), marks.text()}};
  made.rtol = marks.number();
  made.atol = marks.number();
  return made;
}

/// A component of every status, each with a scored case of that status and one that is advice.
Report marked_report() {
  Marks marks;
  Report made = make::report();
  made.fixtures = "hidden";
  made.sections.resize(1);
  made.sections[0].components.clear();
  for (int s = 0; s <= static_cast<int>(Status::skipped); ++s) {
    const Status status = static_cast<Status>(s);
    made.sections[0].components.push_back(
        {name_of(status), status, "", {marked_case(marks, status, true), marked_case(marks, Status::failed, false)}});
  }
  for (BuiltFile& file : made.build) {
    file.diagnostics = file.file + ":1:2: error: " + marks.text() + "\n";
    file.seconds = marks.number();
  }
  return made;
}

std::vector<std::string> written(const Report& report) {
  return {text_report(report, Colour::off), text_report(report, Colour::on), json_report(report),
          markdown_report(report), junit_report(report)};
}

}  // namespace

TEST_CASE("feedback: the marks of these tests are in an open report") {
  const std::string json = json_report(marked_report());
  // 20 cases of 9 marked fields, each with 5 mismatches of 9 and 5 of 1; 3 files of 2.
  constexpr std::size_t kMarks = 20 * (9 + 5 * 9 + 5) + 3 * 2;
  std::size_t found = 0;
  for (std::size_t mark = 1001; mark <= 1000 + kMarks; ++mark) {
    found += json.find("SECRET" + std::to_string(mark)) != std::string::npos ||
             json.find(std::to_string(765'400'000 + mark)) != std::string::npos;
  }
  CHECK(found == kMarks);
  for (const std::string& text : written(marked_report())) CHECK_THAT(text, ContainsSubstring("SECRET"));
}

TEST_CASE("feedback: no name, shape, index, value, count, time or text of a student's process is in any report") {
  for (const std::string& text : written(withhold(marked_report()))) {
    CHECK_THAT(text, !ContainsSubstring("SECRET"));
    for (const char* mark : kNumberMarks) CHECK_THAT(text, !ContainsSubstring(mark));
  }
}

TEST_CASE("feedback: no time is told, not even as a sum") {
  const Report shown = withhold(marked_report());
  CHECK_THAT(json_report(shown), !ContainsSubstring("\"seconds\""));
  for (const BuiltFile& file : shown.build) CHECK(file.seconds == 0.0);
  const std::string junit = junit_report(shown);
  for (auto at = junit.find("time=\""); at != std::string::npos; at = junit.find("time=\"", at + 1)) {
    CHECK(junit.substr(at, 8) == "time=\"0\"");
  }
}

TEST_CASE("feedback: points, statuses, wrong outputs with their kind, and hints stay") {
  const Report report = make::report();
  const Report shown = withhold(report);
  CHECK(shown.withheld);
  CHECK(shown.score == 15);
  CHECK(shown.max_score == 92.5);
  CHECK(shown.notices == report.notices);
  REQUIRE(shown.sections.size() == report.sections.size());
  CHECK(shown.sections[1].status == Status::failed);
  CHECK(shown.sections[1].components[0].message == "its flag in autograder_flags.json is false");
  const ComponentResult& sigmoid = shown.sections[1].components[1];
  CHECK(sigmoid.id == "sigmoid");
  CHECK(sigmoid.status == Status::failed);
  REQUIRE(sigmoid.cases[0].mismatches.size() == 1);
  CHECK(sigmoid.cases[0].mismatches[0].output == "dAdZ");
  CHECK(sigmoid.cases[0].mismatches[0].kind == Kind::value);
  CHECK(sigmoid.cases[0].mismatches[0].hint == "twice the expected value everywhere");
  CHECK(shown.build[1].status == BuiltFile::Status::failed);
  for (const std::string& text : written(shown)) {
    CHECK_THAT(text, ContainsSubstring("twice the expected value everywhere"));
  }
}

TEST_CASE("feedback: cases are numbered, in every component from 1") {
  const Report shown = withhold(make::report());
  const auto& mlp0 = shown.sections[2].components[0].cases;
  REQUIRE(mlp0.size() == 3);
  CHECK(mlp0[0].name == "case 1");
  CHECK(mlp0[2].name == "case 3");
  CHECK(shown.sections[3].components[0].cases[0].name == "case 1");
  CHECK_FALSE(shown.sections[4].components[1].cases[1].scored);
}

TEST_CASE("feedback: a list is wrong as a whole, once a kind and hint") {
  Report report = make::report();
  auto& mismatches = report.sections[3].components[0].cases[0].mismatches;
  mismatches = {make::mismatch("W[0]", Kind::shape, "a"), make::mismatch("W[1][2]", Kind::shape, "b"),
                make::mismatch("W[2]", Kind::value, ""), make::mismatch("Z[1]", Kind::shape, "c")};
  const auto shown = withhold(report).sections[3].components[0].cases[0].mismatches;
  REQUIRE(shown.size() == 3);
  CHECK(shown[0].output == "W");
  CHECK(shown[1].kind == Kind::value);
  CHECK(shown[2].output == "Z");
}

TEST_CASE("feedback: every kind of mismatch is still told in words") {
  const std::string text = junit_report(withhold(marked_report()));
  for (const char* words : {"Z has wrong values", "Z has the wrong shape", "Z is missing",
                            "Z has values that are not finite", "Z is of the wrong type"}) {
    CHECK_THAT(text, ContainsSubstring(words));
  }
}

TEST_CASE("feedback: what is shown is the same when it is withheld again") {
  const Report once = withhold(make::report());
  CHECK(json_report(withhold(once)) == json_report(once));
}
