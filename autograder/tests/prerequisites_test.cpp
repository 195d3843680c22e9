// Which sections are run again with the solution in the place of what they use.
#include "autograder/prerequisites.hpp"

#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

/// Sections a and b; c uses both, d only a, e none.
Assignment assignment() {
  Assignment made;
  const auto add = [&](const std::string& id, std::vector<std::string> uses, std::vector<std::string> files) {
    made.sections.push_back({id, "Section " + id, 10, Credit::section, {{id, std::move(files), {}}}, std::move(uses)});
  };
  add("a", {}, {"a.cpp"});
  add("b", {}, {"b.cpp", "common.cpp"});
  add("c", {"a", "b"}, {"a.cpp", "b.cpp", "c.cpp"});
  add("d", {"a"}, {"a.cpp", "d.cpp"});
  add("e", {}, {"e.cpp"});
  return made;
}

std::vector<SectionResult> results(const std::map<std::string, Status>& statuses) {
  std::vector<SectionResult> sections;
  for (const Section& section : assignment().sections) {
    const auto other = statuses.find(section.id);
    sections.push_back(
        {section.id, section.title, 0, 10, other == statuses.end() ? Status::passed : other->second, {}, {}});
  }
  return sections;
}

}  // namespace

TEST_CASE("prerequisites: nothing is run again where a section alone fails, or only what it uses") {
  CHECK(sections_to_run_again(assignment(), results({})).empty());
  CHECK(sections_to_run_again(assignment(), results({{"c", Status::failed}})).empty());
  CHECK(sections_to_run_again(assignment(), results({{"a", Status::failed}, {"e", Status::failed}})).empty());
}

TEST_CASE("prerequisites: a skipped section is not run again, nor taken for one that failed") {
  CHECK(sections_to_run_again(assignment(), results({{"a", Status::failed}, {"d", Status::skipped}})).empty());
  CHECK(sections_to_run_again(assignment(), results({{"a", Status::skipped}, {"d", Status::failed}})).empty());
}

TEST_CASE("prerequisites: where one failed, one that was skipped is replaced too: it may be wrong") {
  const auto all = sections_to_run_again(
      assignment(), results({{"a", Status::failed}, {"b", Status::skipped}, {"c", Status::failed}}));
  REQUIRE(all.size() == 1);
  CHECK(all[0].of == std::vector<std::string>{"a", "b"});
  CHECK(all[0].places == std::set<std::string>{"a.cpp", "b.cpp", "common.cpp"});
}

TEST_CASE("prerequisites: the files of those that failed are taken, once for all sections with the same") {
  const auto all = sections_to_run_again(
      assignment(), results({{"a", Status::not_built}, {"c", Status::crashed}, {"d", Status::not_built}}));
  REQUIRE(all.size() == 1);
  CHECK(all[0].sections == std::vector<std::string>{"c", "d"});
  CHECK(all[0].of == std::vector<std::string>{"a"});
  CHECK(all[0].places == std::set<std::string>{"a.cpp"});

  const auto both = sections_to_run_again(
      assignment(),
      results({{"a", Status::failed}, {"b", Status::failed}, {"c", Status::failed}, {"d", Status::failed}}));
  REQUIRE(both.size() == 2);
  CHECK(both[0].sections == std::vector<std::string>{"c"});
  CHECK(both[0].places == std::set<std::string>{"a.cpp", "b.cpp", "common.cpp"});
  CHECK(both[1].sections == std::vector<std::string>{"d"});
}

TEST_CASE("prerequisites: the reports say what became of it") {
  CHECK(sentence(Prerequisites{{"Linear layer"}, Status::passed, false}) ==
        "would pass if \"Linear layer\" were correct");
  CHECK(sentence(Prerequisites{{"A", "B", "C"}, Status::crashed, false}) ==
        "wrong in itself: it would not pass if \"A\", \"B\" and \"C\" were correct either");
  CHECK(sentence(Prerequisites{{"A"}, Status::passed, true}) == "has its points, as it passes with \"A\" corrected");

  Report report;
  report.sections = results({{"c", Status::failed}});
  report.sections[2].prerequisites = Prerequisites{{"Section a"}, Status::passed, false};
  CHECK_THAT(text_report(report, Colour::off), ContainsSubstring("would pass if \"Section a\" were correct"));
  CHECK_THAT(markdown_report(report), ContainsSubstring("would pass if \"Section a\" were correct"));
  const auto json = nlohmann::json::parse(json_report(report)).at("sections")[2].at("prerequisites");
  CHECK(json == nlohmann::json{{"correct", {"Section a"}}, {"status", "passed"}, {"scores", false}});
}
