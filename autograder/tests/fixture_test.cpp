// Fixtures: the format of one file, and which folders a student may see.
#include "autograder/fixture.hpp"

#include <nlohmann/json.hpp>

#include "autograder/grader_error.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

/// The example of the design, with numbers.
const std::string kLinear = R"({ "format": 1, "assignment": "small", "component": "linear",
  "provenance": { "generator": "scripts/generate_fixtures.py", "oracle": "torch 1.13.0a0", "seed": 7 },
  "cases": [
    { "name": "batch of 4", "operation": "forward_backward",
      "given":    { "W": [[1, 2, 3], [4, 5, 6]], "b": [[0.5], [1.5]], "lr": 0.1, "l": [[[1]], [[2, 3]]] },
      "expected": { "dLdb": [[1]], "Z": [[1, 2]], "N": 4, "arguments_unchanged": true },
      "rtol": 1e-3, "atol": 0, "scored": true } ] })";

Fixture parse(const std::string& text) {
  const Assignment small = make::assignment();
  return parse_fixture(text, small, *small.find_component("linear"));
}

/// The message that the example brings after one edit.
std::string slip(const std::string& from, const std::string& to) {
  return make::error_of<JsonError>([&] { parse(make::edited(kLinear, from, to)); });
}

/// A course folder with the fixtures of make::assignment() in fixtures/small/<set>.
void write_set(const fs::path& folder, const std::string& linear = kLinear) {
  make::file(folder / "linear.json", linear);
  for (const std::string id : {"sgd", "sgd_momentum"}) {
    const std::string text = make::edited(kLinear, "\"linear\"", "\"" + id + "\"");
    make::file(folder / (id + ".json"), make::edited(text, R"("dLdb": [[1]], "Z": [[1, 2]], "N": 4)", "\"W\": [[1]]"));
  }
}

FixtureSet read(const fs::path& root, const std::string& which) {
  return read_fixtures(root, make::assignment(), which);
}

}  // namespace

TEST_CASE("fixture: the design's example is read") {
  const Fixture fixture = parse(kLinear);
  CHECK(fixture.component == "linear");
  REQUIRE(fixture.cases.size() == 1);
  const Case& one = fixture.cases[0];
  CHECK(one.name == "batch of 4");
  CHECK(one.operation == "forward_backward");
  CHECK(one.tolerance.rtol == 1e-3);
  CHECK(one.tolerance.atol == 0);
  CHECK(one.scored == Scored::yes);
}

TEST_CASE("fixture: the worker is sent component, operation and inputs on one line, and nothing that is expected") {
  const Case one = parse(kLinear).cases[0];
  CHECK(one.request.find('\n') == std::string::npos);
  const auto request = nlohmann::json::parse(one.request);
  CHECK(request.size() == 3);
  CHECK(request.at("component") == "linear");
  CHECK(request.at("operation") == "forward_backward");
  CHECK(request.at("given").at("W") == nlohmann::json{{1, 2, 3}, {4, 5, 6}});
  CHECK(request.at("given") == nlohmann::json::parse(one.given));
}

TEST_CASE("fixture: the shapes of matrices and lists given are kept") {
  const Case one = parse(kLinear).cases[0];
  CHECK(one.given_shapes ==
        std::vector<std::pair<std::string, std::string>>{{"W", "(2, 3)"}, {"b", "(2, 1)"}, {"l", "[(1, 1), (1, 2)]"}});
}

TEST_CASE("fixture: expected values stand in the component's order, arguments_unchanged last") {
  std::vector<std::string> names;
  const Case one = parse(kLinear).cases[0];
  for (const auto& [name, value] : one.expected) names.push_back(name);
  CHECK(names == std::vector<std::string>{"Z", "N", "dLdb", "arguments_unchanged"});
}

TEST_CASE("fixture: tolerance and scored have defaults") {
  const Case one = parse(make::edited(kLinear, R"(,
      "rtol": 1e-3, "atol": 0, "scored": true)",
                                      ""))
                       .cases[0];
  CHECK(one.tolerance.rtol == 1e-5);
  CHECK(one.tolerance.atol == 1e-8);
  CHECK(one.scored == Scored::yes);
}

TEST_CASE("fixture: suspects are accepted and checked") {
  const std::string good = R"({"id": "a", "sentence": "b", "expected": {"Z": [[2]]}})";
  CHECK(slip("\"scored\": true", "\"suspects\": [" + good + "]") == "");
  CHECK_THAT(slip("\"scored\": true", "\"suspects\": [" + good + R"(, {"id": "a", "sentence": "b"}])"),
             ContainsSubstring("cases[0].suspects[1].expected is missing"));
  CHECK_THAT(
      slip("\"scored\": true", R"("suspects": [{"id": "a", "sentence": "b", "expected": {"Z": [[2]]}, "c": 1}])"),
      ContainsSubstring("cases[0].suspects[0].c is not a known key"));
  CHECK_THAT(slip("\"scored\": true", R"("suspects": [{"id": "a", "sentence": "b", "expected": {"X": 1}}])"),
             ContainsSubstring("cases[0].suspects[0].expected.X is not a known key"));
  CHECK_THAT(slip("\"scored\": true", "\"suspects\": {}"), ContainsSubstring("cases[0].suspects must be a list"));
}

TEST_CASE("fixture: a slip is named with its place") {
  CHECK_THAT(slip("\"format\": 1", "\"format\": 2"), ContainsSubstring("format must be 1"));
  CHECK_THAT(slip("\"small\"", "\"large\""), ContainsSubstring("assignment must be \"small\""));
  CHECK_THAT(slip("\"linear\"", "\"relu\""), ContainsSubstring("component must be \"linear\""));
  CHECK_THAT(slip("\"seed\": 7", "\"sown\": 7"), ContainsSubstring("provenance.seed is missing"));
  CHECK_THAT(slip("\"seed\": 7", "\"seed\": 7, \"by\": 1"), ContainsSubstring("provenance.by is not a known key"));
  CHECK_THAT(slip("\"cases\"", "\"extra\": 1, \"cases\""), ContainsSubstring("extra is not a known key"));
  CHECK_THAT(slip("\"atol\": 0", "\"tol\": 0"), ContainsSubstring("cases[0].tol is not a known key"));
  CHECK_THAT(slip("\"scored\": true", "\"scored\": 1"), ContainsSubstring("cases[0].scored must be"));
  CHECK_THAT(slip("\"dLdb\"", "\"dLdB\""), ContainsSubstring("cases[0].expected.dLdB is not a known key"));
  CHECK_THAT(slip("\"given\"", "\"inputs\""), ContainsSubstring("cases[0].given is missing"));
  CHECK_THAT(slip("\"N\": 4", "\"N\": 4, \"N\": 4"), ContainsSubstring("\"N\" occurs twice"));
}

TEST_CASE("fixture: an expected nan is refused, also inside matrices; infinities are not") {
  CHECK_THAT(slip("\"N\": 4", "\"N\": \"nan\""), ContainsSubstring("cases[0].expected.N holds nan"));
  CHECK_THAT(slip("[[1, 2]]", "[[1, \"nan\"]]"), ContainsSubstring("cases[0].expected.Z holds nan"));
  CHECK_THAT(slip("[[1, 2]]", "[[[1]], [[\"nan\"]]]"), ContainsSubstring("cases[0].expected.Z holds nan"));
  CHECK(slip("[[1, 2]]", "[[\"inf\", \"-inf\"]]") == "");
}

TEST_CASE("fixture: an expected value that is nested deeper than an answer may be is refused: nothing would match") {
  CHECK(slip("[[1, 2]]", "[[[[[[1, 2]]]]]]") == "");
  CHECK_THAT(slip("[[1, 2]]", "[[[[[[[1, 2]]]]]]]"),
             ContainsSubstring("cases[0].expected.Z: nested deeper than 6 levels"));
}

TEST_CASE("fixture: a value that is none is named with its place") {
  CHECK_THAT(slip("\"N\": 4", "\"N\": null"), ContainsSubstring("cases[0].expected.N"));
  CHECK_THAT(slip("[[1, 2]]", "[[1, 2], [3]]"), ContainsSubstring("cases[0].expected.Z"));
  CHECK_THAT(slip("[[0.5], [1.5]]", "[[0.5], [1.5, 2]]"), ContainsSubstring("cases[0].given.b"));
}

TEST_CASE("fixture: calls before a case have an operation and inputs, and nothing else") {
  const auto before = [](const std::string& call) { return slip("\"lr\": 0.1", "\"before\": " + call); };
  CHECK(before(R"([{"operation": "forward_backward", "given": {"A": [[1]]}}])") == "");
  CHECK_THAT(before(R"([{"operation": "forward_backward"}])"), ContainsSubstring("cases[0].given.before[0].given"));
  CHECK_THAT(before(R"([{"operation": "eval", "given": {}, "a": 1}])"), ContainsSubstring("before[0].a is not a"));
  CHECK_THAT(before(R"({"operation": "eval", "given": {}})"), ContainsSubstring("before must be a list"));
}

TEST_CASE("fixture: a tolerance below 0 is refused, since nothing would match") {
  CHECK_THAT(slip("\"rtol\": 1e-3", "\"rtol\": -1e-3"), ContainsSubstring("cases[0].rtol"));
}

TEST_CASE("fixture: a component that would pass untested is refused") {
  CHECK_THAT(slip("\"scored\": true", "\"scored\": false"), ContainsSubstring("no case is scored"));
  CHECK_THAT(slip(R"("dLdb": [[1]], "Z": [[1, 2]], "N": 4, "arguments_unchanged": true)", ""),
             ContainsSubstring("cases[0].expected expects nothing"));
}

TEST_CASE("fixture: two cases of one name are refused") {
  auto document = nlohmann::json::parse(kLinear);
  document["cases"].push_back(document["cases"][0]);
  CHECK_THAT(make::error_of<JsonError>([&] { parse(document.dump()); }),
             ContainsSubstring("two cases are called \"batch of 4\""));
}

TEST_CASE("fixture: only the public folder is open, by whatever path it is reached") {
  const TemporaryFolder root;
  const fs::path home = root.path() / "fixtures/small";
  write_set(home / "public");
  write_set(home / "hidden");
  write_set(root.path() / "elsewhere");
  fs::create_directory_symlink(home / "public", root.path() / "link");
  for (const std::string& which : {std::string("public"), (home / "public").string(), (home / "public/").string(),
                                   (home / "hidden/../public").string(), (root.path() / "link").string()}) {
    CHECK(read(root.path(), which).visibility == Visibility::open);
    CHECK(read(root.path(), which).name == "public");
  }
  CHECK(read(root.path(), "hidden").visibility == Visibility::withheld);
  CHECK(read(root.path(), "hidden").name == "hidden");
  CHECK(read(root.path(), (home / "hidden").string()).visibility == Visibility::withheld);
  CHECK(read(root.path(), (root.path() / "elsewhere").string()).visibility == Visibility::withheld);
}

TEST_CASE("fixture: without a public folder nothing is open") {
  const TemporaryFolder root;
  write_set(root.path() / "mine");
  CHECK(read(root.path(), (root.path() / "mine").string()).visibility == Visibility::withheld);
}

TEST_CASE("fixture: a set has a fixture a component, and a digest that changes with any of them") {
  const TemporaryFolder root;
  write_set(root.path() / "fixtures/small/public");
  const FixtureSet set = read(root.path(), "public");
  CHECK(set.by_component.size() == 3);
  CHECK(set.by_component.at("sgd").cases[0].expected[0].first == "W");
  CHECK(set.sha256.size() == 64);
  CHECK(read(root.path(), "public").sha256 == set.sha256);
  write_set(root.path() / "fixtures/small/public", make::edited(kLinear, "\"N\": 4", "\"N\": 5"));
  CHECK(read(root.path(), "public").sha256 != set.sha256);
}

TEST_CASE("fixture: what cannot be read is a grader error that names the file") {
  const TemporaryFolder root;
  const fs::path folder = root.path() / "fixtures/small/public";
  const auto error = [&] { return make::error_of<GraderError>([&] { read(root.path(), "public"); }); };
  CHECK_THAT(error(), ContainsSubstring("there is no folder " + folder.string()));
  write_set(folder, make::edited(kLinear, "\"N\": 4", "\"M\": 4"));
  CHECK_THAT(error(), ContainsSubstring("public/linear.json: cases[0].expected.M is not a known key"));
  fs::remove(folder / "linear.json");
  CHECK_THAT(error(), ContainsSubstring("public/linear.json: no such file"));
}

TEST_CASE("fixture: the real public fixtures are read, each beginning with a scored case") {
  const auto [id, components] = GENERATE(table<std::string, std::size_t>({{"mytorch", 13}, {"two_layer", 15}}));
  CAPTURE(id);
  const FixtureSet set = read_fixtures(COURSE, read_assignment(COURSE, id), "public");
  CHECK(set.visibility == Visibility::open);
  CHECK(set.by_component.size() == components);
  for (const auto& [component, fixture] : set.by_component) {
    CAPTURE(component);
    CHECK(fixture.cases[0].scored == Scored::yes);
  }
}
