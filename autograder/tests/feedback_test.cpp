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
    made.sections[0].components.back().explanation =
        Explanation{marks.text(), marks.count(), marks.text(), marks.text(), marks.text()};
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
  // 20 cases of 9 marked fields, each with 5 mismatches of 9 and 5 of 1; 10 explanations of 5; 3 files of 2.
  constexpr std::size_t kMarks = 20 * (9 + 5 * 9 + 5) + 10 * 5 + 3 * 2;
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

TEST_CASE("feedback: points, statuses, a wrong output with its kind, and hints stay") {
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
  CHECK(sigmoid.cases[0].mismatches[0].hint_id == "factor 2");
  CHECK(shown.build[1].status == BuiltFile::Status::failed);
  for (const std::string& text : written(shown)) {
    CHECK_THAT(text, ContainsSubstring("twice the expected value everywhere"));
  }
}

TEST_CASE("feedback: of each component the one case that says how it ended, and of that the first wrong output") {
  const Report shown = withhold(make::report());
  const auto& mlp0 = shown.sections[2].components[0].cases;
  REQUIRE(mlp0.size() == 1);
  // It is the second of three: not even that is told.
  CHECK(mlp0[0].name == "case 1");
  CHECK(mlp0[0].status == Status::crashed);
  const auto& mlp4 = shown.sections[3].components[0].cases;
  REQUIRE(mlp4.size() == 1);
  REQUIRE(mlp4[0].mismatches.size() == 1);
  CHECK(mlp4[0].mismatches[0].output == "W");
  CHECK(mlp4[0].mismatches[0].kind == Kind::shape);
  CHECK(shown.sections[0].components[0].cases.empty());
  // Advice, where the component passed.
  const auto& loss = shown.sections[4].components[1].cases;
  REQUIRE(loss.size() == 1);
  CHECK_FALSE(loss[0].scored);
  CHECK(loss[0].mismatches[0].output == "softmax");
}

TEST_CASE("feedback: how the cases after the first failing one end changes nothing") {
  Report one = make::report(), other = make::report();
  auto& cases = one.sections[2].components[0].cases;
  cases[2].status = Status::timed_out;
  cases.push_back(make::case_result("more", Status::failed, {make::wrong_number("Z", 1, 2)}));
  cases.insert(cases.begin(), cases[0]);
  other.sections[3].components[0].cases[0].mismatches.resize(1);
  CHECK(json_report(withhold(one)) == json_report(withhold(other)));
  CHECK(text_report(withhold(one), Colour::off) == text_report(withhold(other), Colour::off));
  CHECK(junit_report(withhold(one)) == junit_report(withhold(other)));
  CHECK(markdown_report(withhold(one)) == markdown_report(withhold(other)));
}

TEST_CASE("feedback: every kind of mismatch is still told in words") {
  const std::vector<std::pair<Kind, const char*>> words{{Kind::value, "W has wrong values"},
                                                        {Kind::shape, "W has the wrong shape"},
                                                        {Kind::missing, "W is missing"},
                                                        {Kind::not_finite, "W has values that are not finite"},
                                                        {Kind::type, "W is of the wrong type"}};
  for (const auto& [kind, said] : words) {
    Report report = make::report();
    report.sections[3].components[0].cases[0].mismatches = {make::mismatch("W[1][2]", kind, "a secret")};
    CHECK_THAT(junit_report(withhold(report)), ContainsSubstring(said));
    CHECK_THAT(text_report(withhold(report), Colour::off), ContainsSubstring(said));
  }
}

TEST_CASE("feedback: what is shown is the same when it is withheld again") {
  const Report once = withhold(make::report());
  CHECK(json_report(withhold(once)) == json_report(once));
}
