#include "autograder/news.hpp"

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_report.hpp"

using namespace autograder;

namespace {

SectionResult section(const std::string& id, double score, Status status, std::vector<ComponentResult> components) {
  return {id, "the title of " + id, score, 10, status, std::move(components)};
}

ComponentResult component(const std::string& id, Status status, std::vector<Status> cases = {}) {
  ComponentResult made{id, status, "", {}};
  for (const Status one : cases) made.cases.push_back(make::case_result("a case", one));
  return made;
}

Report report(std::vector<SectionResult> sections) {
  Report made;
  made.assignment = made.title = "some";
  made.sections = std::move(sections);
  for (const SectionResult& one : made.sections) made.score += one.score;
  return made;
}

Report with(Status linear, double points, std::vector<Status> cases = {}) {
  return report({section("linear", points, linear, {component("linear", linear, std::move(cases))})});
}

std::string plain_news(const Report& before, const Report& after) { return news(before, after, Colour::off); }

constexpr Status passed = Status::passed, failed = Status::failed, skipped = Status::skipped;

}  // namespace

TEST_CASE("news: two equal reports have none") {
  CHECK(plain_news(make::report(), make::report()) == "Since the last run: nothing new\n");
}

TEST_CASE("news: a section that passes now stands there with its points before and after") {
  CHECK(plain_news(with(failed, 0), with(passed, 15)) ==
        "Since the last run: 0 -> 15 points\n"
        "  linear: failed -> passed, 0 -> 15 points\n");
}

TEST_CASE("news: what fails otherwise than before is news without other points") {
  CHECK(plain_news(with(Status::not_built, 0), with(failed, 0)) ==
        "Since the last run: 0 points as before\n"
        "  linear: not built -> failed\n");
}

TEST_CASE("news: the components of a section that has several stand below it, newly failing ones first") {
  const Report before =
      report({section("activation", 0, failed, {component("sigmoid", failed), component("relu", passed)})});
  const Report after =
      report({section("activation", 0, failed, {component("sigmoid", passed), component("relu", failed)})});
  CHECK(plain_news(before, after) ==
        "Since the last run: 0 points as before\n"
        "  activation: failed as before\n"
        "    relu: passed -> failed\n"
        "    sigmoid: failed -> passed\n");
}

TEST_CASE("news: a section in which something newly fails stands before the others") {
  const Report before =
      report({section("a", 0, failed, {component("a", failed)}), section("b", 10, passed, {component("b", passed)}),
              section("c", 0, failed, {component("d", skipped), component("e", failed)})});
  const Report after = report({section("a", 10, passed, {component("a", passed)}),
                               section("b", 0, Status::crashed, {component("b", Status::crashed)}),
                               section("c", 0, failed, {component("d", Status::exception), component("e", failed)})});
  CHECK(plain_news(before, after) ==
        "Since the last run: 10 points as before\n"
        "  b: passed -> crashed, 10 -> 0 points\n"
        "  c: failed as before\n"
        "    d: skipped -> exception\n"
        "  a: failed -> passed, 0 -> 10 points\n");
}

TEST_CASE("news: a component that fails as before in fewer cases has come further") {
  CHECK(plain_news(with(failed, 0, {passed, failed, failed, skipped}),
                   with(failed, 0, {passed, passed, passed, failed})) ==
        "Since the last run: 0 points as before\n"
        "  linear: failed as before, 1 -> 3 of 4 cases passed\n");
  // Advice is worth no points.
  Report before = with(failed, 0, {passed, failed}), after = with(failed, 0, {passed, passed});
  before.sections[0].components[0].cases[1].scored = after.sections[0].components[0].cases[1].scored = false;
  CHECK(plain_news(before, after) == "Since the last run: nothing new\n");
}

TEST_CASE("news: credit a component moves the points of a section that fails as before") {
  const Report before = report({section("loss", 0, failed, {component("x", failed), component("y", failed)})});
  const Report after = report({section("loss", 7.5, failed, {component("x", passed), component("y", failed)})});
  CHECK(plain_news(before, after) ==
        "Since the last run: 0 -> 7.5 points\n"
        "  loss: failed as before, 0 -> 7.5 points\n"
        "    x: failed -> passed\n");
}

TEST_CASE("news: what newly fails is red, what newly passes green, anything else neither") {
  CHECK_THAT(news(with(passed, 15), with(failed, 0), Colour::on),
             ContainsSubstring("\033[31mlinear: passed -> failed"));
  CHECK_THAT(news(with(failed, 0), with(passed, 15), Colour::on),
             ContainsSubstring("\033[32mlinear: failed -> passed"));
  CHECK_THAT(news(with(passed, 15), with(skipped, 0), Colour::on), ContainsSubstring("\n  linear: passed -> skipped"));
}

TEST_CASE("news: reports on two homeworks are not compared") {
  Report after = with(passed, 15);
  after.assignment = after.title = "another";
  CHECK(plain_news(with(failed, 0), after) == "Now graded as another\n");
}

TEST_CASE("news: what was compiled is named, what was built before counted") {
  Report made = make::report();  // one built, one that does not build, one missing
  CHECK(built_text(made) == "Compiled: src/nn/linear.cpp, src/optim/sgd.cpp.\n");
  made.build[0].cached = true;
  CHECK(built_text(made) == "Compiled: src/optim/sgd.cpp; built before: 1 other.\n");
  made.build[1].cached = true;
  CHECK(built_text(made) == "Compiled: nothing, all was built before.\n");
  made.build.clear();
  CHECK(built_text(made).empty());
}
