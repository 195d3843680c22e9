// Whole hand-ins, in folders named by the verdict that they must get: handins/<status>/<name>/.
// A folder holds whole files that differ from the solution's, and verdict.json:
//   base      "solution" (the default) or "handout"
//   edits     what stands in a file of it, once, and what the hand-in has instead: {"file", "find", "replace"}
//   remove    files that the hand-in lacks
//   score     the points it must get
//   sections  status of each section that is lost; every other section must pass
//   says      texts that the text report must hold
// Without verdict.json the hand-in must get all points.
#include <nlohmann/json.hpp>

#include "autograder/report_writers.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

struct Verdict {
  HandinFolder::Base base = HandinFolder::Base::solution;
  std::vector<Edit> edits;
  std::vector<std::string> remove;
  double score = 100.0;
  std::map<std::string, std::string> sections;
  std::vector<std::string> says;
};

std::vector<Edit> read_edits(const nlohmann::json* node) {
  std::vector<Edit> edits;
  if (!node) return edits;
  for (const auto& one : *node) {
    JsonObject object(one, "edits");
    edits.push_back({object.text("file"), object.text("find"), object.text("replace")});
    object.finish();
  }
  return edits;
}

Verdict read_verdict(const fs::path& folder) {
  Verdict verdict;
  if (!fs::exists(folder / "verdict.json")) return verdict;
  const nlohmann::json document = parse_strict(read_file(folder / "verdict.json"));
  JsonObject object(document, "");
  if (object.find("base")) {
    verdict.base = object.text("base") == "handout" ? HandinFolder::Base::handout : HandinFolder::Base::solution;
  }
  verdict.edits = read_edits(object.find("edits"));
  verdict.remove = object.texts_or_none("remove");
  verdict.score = object.number("score");
  for (const auto& [id, status] : object.at("sections").items()) verdict.sections[id] = status.get<std::string>();
  verdict.says = object.texts_or_none("says");
  object.finish();
  return verdict;
}

void check_handin(const fs::path& folder) {
  INFO(folder.string());
  const Verdict verdict = read_verdict(folder);
  HandinFolder handin(verdict.base);
  handin.overlay(folder);
  handin.remove("verdict.json");
  for (const Edit& edit : verdict.edits) handin.apply(edit);
  for (const std::string& name : verdict.remove) handin.remove(name);

  const Report report = autograder_tests::grade(handin.path(), "public");
  const std::string text = text_report(report, Colour::off);
  INFO(text);
  CHECK(report.score == verdict.score);
  CHECK(lost_sections(report) == verdict.sections);
  for (const std::string& says : verdict.says) CHECK_THAT(text, ContainsSubstring(says));
}

void check_handins(const std::string& status) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TEST_DATA) / "handins" / status)) {
    check_handin(entry.path());
    ++count;
  }
  REQUIRE(count > 0);
}

}  // namespace

TEST_CASE("hand-ins: right solutions in other styles get all points") { check_handins("correct"); }
TEST_CASE("hand-ins: wrong values fail") { check_handins("failed"); }
TEST_CASE("hand-ins: a file that does not build costs its own sections") { check_handins("not_built"); }
TEST_CASE("hand-ins: what is not written yet is named") { check_handins("not_implemented"); }
TEST_CASE("hand-ins: a crash costs the sections that meet it") { check_handins("crashed"); }
TEST_CASE("hand-ins: an endless loop is ended") { check_handins("timed_out"); }
TEST_CASE("hand-ins: too much memory is its own verdict") { check_handins("out_of_memory"); }
TEST_CASE("hand-ins: too much output is its own verdict") { check_handins("output_limit"); }
TEST_CASE("hand-ins: an exception is shown with its message") { check_handins("exception"); }
TEST_CASE("hand-ins: a flag that is off skips its component") { check_handins("skipped"); }
