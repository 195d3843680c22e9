// Values from JSON: what is a matrix, what a list, and what an answer of another type is told.
#include "autograder/value.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using nlohmann::json;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Value read(const char* text) { return value_from_json(json::parse(text)); }

std::string read_error(const char* text) {
  return make::error_of<JsonError>([&] { read(text); });
}

Matrix matrix_of(const char* text) { return std::get<Matrix>(read(text).content); }
List list_of(const char* text) { return std::get<List>(read(text).content); }

/// The mismatch of reading `text` like `expected`, as "path|message"; an empty text where it can be read so.
std::string mismatch(const char* text, const Value& expected) {
  const auto read = value_like(json::parse(text), expected);
  const auto* wrong = std::get_if<TypeMismatch>(&read);
  return wrong ? wrong->path + "|" + wrong->message : "";
}

Value like(const char* text, const Value& expected) { return std::get<Value>(value_like(json::parse(text), expected)); }

/// One value of each type.
std::vector<std::pair<std::string, Value>> one_of_each() {
  return {{"2.5", {2.5}},
          {"true", {true}},
          {"\"ReLU\"", make::text("ReLU")},
          {"[[1, 2]]", make::value({{1, 2}})},
          {"[[[1]], [[2]]]", make::list({make::value({{1}}), make::value({{2}})})}};
}

}  // namespace

TEST_CASE("value: numbers, truth values and names are themselves") {
  CHECK(std::get<double>(read("2.5").content) == 2.5);
  CHECK(std::get<double>(read("4").content) == 4.0);
  CHECK(std::get<bool>(read("false").content) == false);
  CHECK(std::get<std::string>(read("\"ReLU\"").content) == "ReLU");
}

TEST_CASE("value: the strings nan, inf and -inf are numbers, and only these") {
  CHECK(std::isnan(std::get<double>(read("\"nan\"").content)));
  CHECK(std::get<double>(read("\"inf\"").content) == kInfinity);
  CHECK(std::get<double>(read("\"-inf\"").content) == -kInfinity);
  CHECK(matrix_of(R"([["inf", 1]])").entries == std::vector<double>{kInfinity, 1});
  CHECK(std::holds_alternative<std::string>(read("\"NaN\"").content));
  CHECK(std::holds_alternative<std::string>(read("\"+inf\"").content));
}

TEST_CASE("value: a list of lists of numbers is a matrix, rows first") {
  const Matrix matrix = matrix_of("[[1, 2, 3], [4, 5, 6]]");
  CHECK(matrix.rows == 2);
  CHECK(matrix.cols == 3);
  CHECK(matrix.at(0, 2) == 3);
  CHECK(matrix.at(1, 0) == 4);
  CHECK(matrix_of("[[], []]").rows == 2);
  CHECK(matrix_of("[[], []]").cols == 0);
}

TEST_CASE("value: any other array is a list") {
  CHECK(list_of("[]").empty());
  CHECK(list_of("[1, 2]").size() == 2);
  CHECK(list_of(R"(["ReLU", "ReLU"])").size() == 2);
  CHECK(list_of("[[[1, 2]], [[3]]]").size() == 2);
  CHECK(std::get<Matrix>(list_of("[[[1, 2]], [[3]]]")[0].content).cols == 2);
  CHECK(std::holds_alternative<List>(list_of("[[[[1]]], [[[2]]]]")[0].content));
}

TEST_CASE("value: ragged matrices, null and objects are refused, at any depth") {
  CHECK_THAT(read_error("[[1, 2], [3]]"), ContainsSubstring("row 0 has 2 entries, row 1 has 1"));
  CHECK_THAT(read_error("[[[1]], [[1], [2, 3]]]"), ContainsSubstring("row 0 has 1 entries, row 1 has 2"));
  CHECK_THAT(read_error("null"), ContainsSubstring("null"));
  CHECK_THAT(read_error("[1, null]"), ContainsSubstring("null"));
  CHECK_THAT(read_error(R"([{"a": 1}])"), ContainsSubstring("object"));
}

TEST_CASE("value: an answer is read as the type that is expected") {
  for (const auto& [text, expected] : one_of_each()) {
    CAPTURE(text);
    CHECK(like(text.c_str(), expected).content.index() == expected.content.index());
  }
  CHECK(std::get<Matrix>(like("[[1, 2], [3, 4]]", make::value({{0}})).content).entries ==
        std::vector<double>{1, 2, 3, 4});
  CHECK(std::isnan(std::get<double>(like("\"nan\"", {1.0}).content)));
}

TEST_CASE("value: an answer of any other type is a mismatch that names both") {
  const std::vector<std::string> wanted{"a number", "true or false", "a string", "a matrix", "a list"};
  const std::vector<std::string> got{"number", "boolean", "string", "array", "array"};
  const auto values = one_of_each();
  for (std::size_t e = 0; e < values.size(); ++e) {
    for (std::size_t a = 0; a < values.size(); ++a) {
      CAPTURE(wanted[e], values[a].first);
      if (a == e || (got[a] == "array" && got[e] == "array")) continue;  // arrays: the next test
      CHECK(mismatch(values[a].first.c_str(), values[e].second) == "|expected " + wanted[e] + ", got " + got[a]);
    }
    CHECK(mismatch("null", values[e].second) == "|expected " + wanted[e] + ", got null");
    CHECK(mismatch("{}", values[e].second) == "|expected " + wanted[e] + ", got object");
  }
}

TEST_CASE("value: an answer with a wrong element is a mismatch that names the element") {
  const Value matrices = make::list({make::value({{1}}), make::value({{2}})});
  CHECK_THAT(mismatch("[[1, 2], [3, 4]]", matrices), ContainsSubstring("[0]|expected a matrix"));
  CHECK_THAT(mismatch("[[[1]], \"x\"]", matrices), ContainsSubstring("[1]|expected a matrix, got string"));
  CHECK_THAT(mismatch("[[[1]], [[1], [2, 3]]]", matrices), ContainsSubstring("[1]|the rows have different lengths"));
  const Value steps = make::list({make::list({{1.0}}), make::list({{1.0}, {true}})});
  CHECK(mismatch("[[1], [1, 0]]", steps) == "[1][1]|expected true or false, got number");
}

TEST_CASE("value: a matrix with something else inside, or ragged, is a mismatch") {
  const Value matrix = make::value({{1, 2}});
  CHECK_THAT(mismatch("[[[1]], [[2]]]", matrix), ContainsSubstring("|expected a matrix"));
  CHECK_THAT(mismatch("[1, 2]", matrix), ContainsSubstring("|expected a matrix"));
  CHECK_THAT(mismatch("[[1, null]]", matrix), ContainsSubstring("|expected a matrix"));
  CHECK_THAT(mismatch("[[1, 2], [3]]", matrix), ContainsSubstring("row 0 has 2 entries, row 1 has 1"));
}

TEST_CASE("value: shapes and lengths are not a matter of type") {
  CHECK(mismatch("[[1], [2], [3]]", make::value({{1, 2}})) == "");
  CHECK(std::get<List>(like("[[[1]], \"more\", 3]", make::list({make::value({{1}})})).content).size() == 3);
  CHECK(std::get<List>(like("[]", make::list({make::value({{1}})})).content).empty());
}

TEST_CASE("value: an empty array is an empty matrix where a matrix is expected") {
  const Matrix empty = std::get<Matrix>(like("[]", make::value({{1, 2}})).content);
  CHECK(empty.rows == 0);
  CHECK(empty.cols == 0);
  CHECK(mismatch("[]", {1.0}) == "|expected a number, got array");
}

TEST_CASE("value: a matrix of columns without rows says its shape") {
  const Value expected = make::value({{1, 2}});
  const Matrix empty = std::get<Matrix>(like(R"({"shape": [0, 7]})", expected).content);
  CHECK(empty.rows == 0);
  CHECK(empty.cols == 7);
  CHECK(empty.entries.empty());
  const Value list = make::list({expected, expected});
  CHECK(std::get<Matrix>(std::get<List>(like(R"([[[1]], {"shape": [0, 2]}])", list).content)[1].content).cols == 2);
}

TEST_CASE("value: nothing else in the place of a matrix is a shape") {
  for (const char* text :
       {R"({"shape": [1, 7]})", R"({"shape": [0, -7]})", R"({"shape": [0, 7.5]})", R"({"shape": [0, 1e9]})",
        R"({"shape": [0, 1000001]})", R"({"shape": [0]})", R"({"shape": [0, 7, 1]})", R"({"shape": "0, 7"})",
        R"({"shape": [0, 7], "more": 1})", R"({"rows": 0})", "{}"}) {
    CAPTURE(text);
    CHECK(mismatch(text, make::value({{1, 2}})) == "|expected a matrix, got object");
  }
  CHECK_THAT(read_error(R"({"shape": [0, 7]})"), ContainsSubstring("object"));
}

TEST_CASE("value: shapes in the homework's words") {
  CHECK(shape_text(make::matrix({{1, 2, 3}, {4, 5, 6}})) == "(2, 3)");
  CHECK(shape_text(make::value({{1}, {2}})) == "(2, 1)");
  CHECK(shape_text(make::value({})) == "(0, 0)");
  CHECK(shape_text(make::list({{1.0}, {2.0}})) == "a list of 2");
  CHECK(shape_text(Value{1.0}) == "a number");
  CHECK(shape_text(Value{true}) == "true or false");
  CHECK(shape_text(make::text("ReLU")) == "a name");
}

TEST_CASE("value: the text of a number reads back as the same double, and is the shortest that does") {
  for (const double number : {0.1, 1.0 / 3, 1e22, 5e-324, 1.7976931348623157e308, -2.5, 123456789.125}) {
    CHECK(std::strtod(number_text(number).c_str(), nullptr) == number);
  }
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(4) == "4");
  CHECK(number_text(-0.0) == "-0");
  CHECK(number_text(std::nan("")) == "nan");
  CHECK(number_text(kInfinity) == "inf");
  CHECK(number_text(-kInfinity) == "-inf");
}
