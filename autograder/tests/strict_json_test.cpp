// Reading JSON without leniency.
#include "autograder/strict_json.hpp"

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using namespace std::string_view_literals;
using nlohmann::json;

namespace {

std::string parse_error(std::string_view text, int max_depth = 16) {
  return make::error_of<JsonError>([&] { parse_strict(text, max_depth); });
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("strict_json: a well-formed document is read, with white space around it") {
  CHECK(parse_strict(" {\"a\": [1, -2.5, true, null, \"\\u00e9\"]}\n") ==
        json{{"a", {1, -2.5, true, nullptr, "\xc3\xa9"}}});
  CHECK(parse_strict("1e308") == 1e308);
}

TEST_CASE("strict_json: a key that occurs twice in one object is refused at any depth") {
  const std::string text = GENERATE(values<std::string>({
      R"({"key": 1, "key": 1})",
      R"([{"b": {"key": 1, "c": {"key": 2}, "key": 3}}])",
      R"({"key": {"b": 1}, "key": 2})",
      R"({"key": 1, "\u006bey": 2})",
  }));
  CHECK_THAT(parse_error(text), ContainsSubstring("\"key\" occurs twice"));
}

TEST_CASE("strict_json: the same key in different objects is no repetition") {
  CHECK_NOTHROW(parse_strict(R"([{"a": 1}, {"a": 1}, {"a": {"a": {"a": 1}}, "b": {"a": 1}}])"));
}

TEST_CASE("strict_json: nesting up to the limit is read, one level more is refused") {
  CHECK(parse_error(repeated("[", 16) + repeated("]", 16)) == "");
  CHECK_THAT(parse_error(repeated("[", 17) + repeated("]", 17)), ContainsSubstring("deeper than 16 levels"));
  CHECK(parse_error(R"({"a": {"a": [1]}})", 3) == "");
  CHECK_THAT(parse_error(R"({"a": {"a": [[1]]}})", 3), ContainsSubstring("deeper than 3 levels"));
  CHECK_THAT(parse_error(R"({"a": {"a": {"a": {}}}})", 3), ContainsSubstring("deeper than 3 levels"));
}

TEST_CASE("strict_json: a million brackets are refused at the limit, closed or not") {
  const std::string open = std::string(1'000'000, '[');
  CHECK_THAT(parse_error(open), ContainsSubstring("deeper than 16 levels"));
  CHECK_THAT(parse_error(open + std::string(1'000'000, ']')), ContainsSubstring("deeper than 16 levels"));
  CHECK_THAT(parse_error(repeated("{\"a\":", 1'000'000)), ContainsSubstring("deeper than 16 levels"));
}

TEST_CASE("strict_json: anything but one whole document is refused") {
  const auto text = GENERATE(values<std::string_view>(
      {"", " ", "{} {}", "{}x", "1 2", "[1] ]", "[1", "{\"a\": ", "[1,]", "{\"a\": 1,}", "{'a': 1}", "NaN",
       "[Infinity]", "01", "[1] // comment", "/* comment */ 1", "\"open", "\"line\nbreak\"", "tru"}));
  CAPTURE(text);
  CHECK(parse_error(text) != "");
}

TEST_CASE("strict_json: text after a null byte is text after the document") {
  CHECK(parse_error("{}\0{}"sv) != "");
  CHECK(parse_error("[1]\0"sv) != "");
}

TEST_CASE("strict_json: invalid UTF-8 is refused, in values and keys") {
  const std::string bytes = GENERATE(values<std::string>(
      {"\xff", "\x80", "\xc0\xaf", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\\ud800"}));
  CHECK(parse_error("\"" + bytes + "\"") != "");
  CHECK(parse_error("{\"" + bytes + "\": 1}") != "");
}

TEST_CASE("strict_json: a number beyond double is refused") {
  CHECK_THAT(parse_error("[1e400]"), ContainsSubstring("1e400"));
  CHECK_THAT(parse_error("[-1e400]"), ContainsSubstring("-1e400"));
}

TEST_CASE("strict_json: messages do not begin with an identifier of the library") {
  CHECK_THAT(parse_error("["), !ContainsSubstring("json.exception"));
  CHECK_THAT(parse_error("1e400"), !ContainsSubstring("json.exception"));
}

TEST_CASE("strict_json: an object's members are read by name and type") {
  const json node = json::parse(R"({"s": "x", "d": 2.5, "n": 3, "f": false, "l": ["a", "b"]})");
  JsonObject object(node, "");
  CHECK(object.text("s") == "x");
  CHECK(object.number("d") == 2.5);
  CHECK(object.count("n") == 3);
  CHECK_FALSE(object.flag_or("f", true));
  CHECK(object.texts_or_none("l") == std::vector<std::string>{"a", "b"});
  CHECK(object.find("absent") == nullptr);
  CHECK(object.number_or("absent", 7.5) == 7.5);
  CHECK(object.count_or("absent", 7) == 7);
  CHECK(object.flag_or("absent", true));
  CHECK(object.texts_or_none("absent").empty());
  CHECK_NOTHROW(object.finish());
}

TEST_CASE("strict_json: a key that nobody asked for is named with its place") {
  const json node = json::parse(R"({"points": 1, "colour": 2})");
  JsonObject object(node, "sections[2]");
  object.number("points");
  CHECK(make::error_of<JsonError>([&] { object.finish(); }) == "sections[2].colour is not a known key");
}

TEST_CASE("strict_json: a missing key is named with its place") {
  const json node = json::object();
  CHECK(make::error_of<JsonError>([&] { JsonObject(node, "limits").count("memory_mb"); }) ==
        "limits.memory_mb is missing");
  CHECK(make::error_of<JsonError>([&] { JsonObject(node, "").text("id"); }) == "id is missing");
}

TEST_CASE("strict_json: a member of another type is named with its place") {
  const json node = json::parse(R"({"s": "x", "n": -1, "d": 1.5, "l": ["a", 1]})");
  JsonObject object(node, "a[0]");
  CHECK_THAT(make::error_of<JsonError>([&] { object.text("n"); }), ContainsSubstring("a[0].n must be a string"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.number("s"); }), ContainsSubstring("a[0].s must be a number"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.number_or("s", 1); }), ContainsSubstring("a[0].s must be"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.count("n"); }), ContainsSubstring("a[0].n must be a whole"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.count_or("d", 1); }), ContainsSubstring("a[0].d must be a whole"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.flag_or("n", true); }), ContainsSubstring("a[0].n must be true"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.texts_or_none("l"); }), ContainsSubstring("a[0].l must be a list"));
  CHECK_THAT(make::error_of<JsonError>([&] { object.texts_or_none("s"); }), ContainsSubstring("a[0].s must be a list"));
}

TEST_CASE("strict_json: what is no object is refused with its place") {
  CHECK(make::error_of<JsonError>([] { JsonObject(json::array(), "files"); }) == "files must be an object");
  CHECK(make::error_of<JsonError>([] { JsonObject(json(1), ""); }) == "the document must be an object");
}

TEST_CASE("strict JSON: a document of very many small objects is read or refused in one pass") {
  // The square of this number would take hours.
  std::string many = "[{}";
  for (int i = 0; i < 400'000; ++i) many += ",{}";
  CHECK(autograder::parse_strict(many + "]").size() == 400'001);
  for (int i = 0; i < 700'000; ++i) many += ",{}";
  CHECK_THROWS_WITH(autograder::parse_strict(many + "]"), ContainsSubstring("more than 1000000 values"));
}
