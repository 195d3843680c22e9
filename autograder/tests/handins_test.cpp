// Whole hand-ins, in folders named by the verdict that they must get: handins/<status>/<name>/.
// A folder holds whole files that differ from the solution's, and verdict.json (verdict.hpp). Without it the hand-in
// must get all points.
#include <nlohmann/json.hpp>

#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/tests/verdict.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// Without verdict.json a hand-in must get all points.
Verdict verdict_of(const fs::path& folder) {
  if (!fs::exists(folder / "verdict.json")) return {};
  const nlohmann::json document = parse_strict(read_file(folder / "verdict.json"));
  JsonObject object(document, "");
  const Verdict verdict = read_verdict(object);
  object.finish();
  return verdict;
}

void check_handin(const fs::path& folder) {
  INFO(folder.string());
  const Verdict verdict = verdict_of(folder);
  HandinFolder handin(verdict.base, verdict.assignment);
  handin.overlay(folder);
  handin.remove("verdict.json");
  apply(verdict, handin);

  const Report report = autograder_tests::grade(handin.path(), "public");
  const std::string text = text_report(report, Colour::off);
  INFO(text);
  CHECK(report.score == verdict.score);
  CAPTURE(lost_sections(report));
  CHECK(agree(lost_sections(report), verdict));
  for (const std::string& says : verdict.says) CHECK_THAT(text, ContainsSubstring(says));
}

void check_folder(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    check_handin(entry.path());
    ++count;
  }
  REQUIRE(count > 0);
}

void check_handins(const std::string& status) { check_folder(fs::path(TEST_DATA) / "handins" / status); }

}  // namespace

TEST_CASE("hand-ins: wrong values fail") { check_handins("failed"); }
TEST_CASE("hand-ins: a file that does not build costs its own sections") { check_handins("not_built"); }
TEST_CASE("hand-ins: what is not written yet is named") { check_handins("not_implemented"); }
TEST_CASE("hand-ins: a crash costs the sections that meet it") { check_handins("crashed"); }
TEST_CASE("hand-ins: an endless loop is ended") { check_handins("timed_out"); }
TEST_CASE("hand-ins: too much memory is its own verdict") { check_handins("out_of_memory"); }
TEST_CASE("hand-ins: too much output is its own verdict") { check_handins("output_limit"); }
TEST_CASE("hand-ins: an exception is shown with its message") { check_handins("exception"); }
TEST_CASE("hand-ins: a flag that is off skips its component") { check_handins("skipped"); }
