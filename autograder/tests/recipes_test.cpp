// Recipes of fresh cases: what is drawn from them, and what is none.
#include "autograder/recipes.hpp"

#include <set>

#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using nlohmann::json;

namespace {

/// For the component `linear` of make::assignment().
std::string recipes(const std::string& given, const std::string& expects = "\"Z\"") {
  return R"({"format": 1, "sizes": {"N": [1, 4], "C": [2, 3]}, "components": {"linear": [
      {"operation": "forward", "given": )" +
         given + R"(, "expects": [)" + expects + "]}]}}";
}

std::vector<FreshCall> drawn(const std::string& given, std::size_t count, std::uint64_t seed = 1) {
  return Recipes(recipes(given), make::assignment()).draw("linear", count, seed);
}

constexpr const char* kMatrices = R"({"A": {"matrix": ["N", "C"]}, "B": {"matrix": ["C", 5]}})";

}  // namespace

TEST_CASE("recipes: the same seed draws the same inputs, another one others") {
  const auto first = drawn(kMatrices, 5, 7), again = drawn(kMatrices, 5, 7), other = drawn(kMatrices, 5, 8);
  REQUIRE(first.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(first[i].given == again[i].given);
    CHECK(first[i].given != other[i].given);
    CHECK(first[i].operation == "forward");
    CHECK(first[i].expects == std::vector<std::string>{"Z"});
  }
  CHECK(first[0].given != first[1].given);
  CHECK(drawn(kMatrices, 3, 7)[2].given == first[2].given);
}

TEST_CASE("recipes: a symbol is one size in a case, within its range, and small ones and zeros occur") {
  std::set<std::size_t> sizes;
  std::size_t zeros = 0, nearly_constant = 0;
  for (const FreshCall& call : drawn(kMatrices, 300)) {
    const json &A = call.given.at("A"), &B = call.given.at("B");
    CHECK(A[0].size() == B.size());
    CHECK(B[0].size() == 5);
    CHECK((A[0].size() == 2 || A[0].size() == 3));
    sizes.insert(A.size());
    for (const json& row : A) zeros += std::count(row.begin(), row.end(), 0.0);
    if (A.size() > 1 && std::abs(A[0][0].get<double>() - A[1][0].get<double>()) < 1e-3 && A[0][0] != A[1][0]) {
      ++nearly_constant;
    }
  }
  CHECK(sizes == std::set<std::size_t>{1, 2, 3, 4});
  CHECK(zeros > 20);
  CHECK(nearly_constant > 10);
}

TEST_CASE("recipes: each kind of value") {
  const auto calls = drawn(R"({
      "Y": {"matrix": ["N", "C"], "values": "one_hot"}, "V": {"matrix": [1, "C"], "values": "positive"},
      "lr": {"number": [0.25, 0.5]}, "n": {"size": "C"}, "momentum": {"constant": 0.0},
      "W": {"list": [{"matrix": [1, 2]}, {"matrix": [2, 1]}]}, "steps": {"repeat": 3, "of": {"size": "N"}},
      "maybe": {"constant": true, "optional": true},
      "before": {"calls": [{"operation": "backward", "given": {"A": {"matrix": ["N", "C"]}}}]}})",
                           200);
  std::size_t with = 0;
  for (const FreshCall& call : calls) {
    const json& given = call.given;
    for (const json& row : given.at("Y")) {
      CHECK(std::count(row.begin(), row.end(), 1.0) == 1);
      CHECK(std::count(row.begin(), row.end(), 0.0) + 1 == static_cast<std::ptrdiff_t>(row.size()));
    }
    for (const json& entry : given.at("V")[0]) CHECK(entry.get<double>() >= 0);
    CHECK((given.at("lr") >= 0.25 && given.at("lr") <= 0.5));
    CHECK(given.at("n") == given.at("V")[0].size());
    CHECK(given.at("momentum") == 0.0);
    CHECK(given.at("W").size() == 2);
    CHECK(given.at("W")[1].size() == 2);
    CHECK(given.at("steps") == json::array({given.at("Y").size(), given.at("Y").size(), given.at("Y").size()}));
    CHECK(given.at("before")[0].at("operation") == "backward");
    CHECK(given.at("before")[0].at("given").at("A").size() == given.at("Y").size());
    with += given.count("maybe");
  }
  CHECK(with > 100);
  CHECK(with < 180);
}

TEST_CASE("recipes: a component without a recipe has no fresh cases") {
  CHECK(Recipes(recipes("{}"), make::assignment()).draw("sgd", 5, 1).empty());
}

TEST_CASE("recipes: what is none is named, with its place") {
  const auto message = [](const std::string& text) {
    return make::error_of<JsonError>([&] { Recipes(text, make::assignment()); });
  };
  CHECK_THAT(message(recipes(R"({"A": {"matrix": ["N", "D"]}})")),
             ContainsSubstring("components.linear[0].given.A.matrix[1] must be a number or one of `sizes`"));
  CHECK_THAT(message(recipes(R"({"A": {"matrix": [3]}})")), ContainsSubstring("A.matrix must be [rows, columns]"));
  CHECK_THAT(message(recipes(R"({"A": {"matrix": [3, 3], "values": "odd"}})")), ContainsSubstring("A.values must be"));
  CHECK_THAT(message(recipes(R"({"A": {"number": 3}})")), ContainsSubstring("A.number must be [lowest, highest]"));
  CHECK_THAT(message(recipes(R"({"A": {"number": [5, 1]}})")), ContainsSubstring("A.number must be [lowest, highest]"));
  CHECK_THAT(message(recipes(R"({"A": {"list": 5}})")), ContainsSubstring("A.list must be a list"));
  CHECK_THAT(message(recipes(R"({"A": {"calls": 5}})")), ContainsSubstring("A.calls must be a list"));
  CHECK_THAT(message(recipes(R"({"A": {"size": "C", "colour": 1}})")), ContainsSubstring("colour"));
  CHECK_THAT(message(recipes(R"({"A": {}})")), ContainsSubstring("calls"));
  CHECK_THAT(message(recipes("{}", "\"Q\"")), ContainsSubstring("linear has no output Q"));
  CHECK_THAT(message(R"({"format": 2, "sizes": {}, "components": {}})"), ContainsSubstring("format must be 1"));
  CHECK_THAT(message(R"({"format": 1, "sizes": {}, "components": {"conv": []}})"), ContainsSubstring("conv"));
  CHECK_THAT(message(R"({"format": 1, "sizes": {"N": [0, 3]}, "components": {"linear": [
      {"operation": "f", "given": {"A": {"size": "N"}}, "expects": ["Z"]}]}})"),
             ContainsSubstring("sizes.N must be [smallest, largest], from 1 on"));
}
