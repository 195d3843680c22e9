// The flags file: what it clearly switches off is off, and everything else is on.
#include "autograder/flags.hpp"

#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

Flags read(const std::string& text) { return read_flags(&text, {"linear", "sigmoid", "relu"}); }

/// The only notice of a file that switches nothing off.
std::string notice_of(const std::string& text) {
  const Flags flags = read(text);
  CHECK(flags.off.empty());
  REQUIRE(flags.notices.size() == 1);
  return flags.notices[0];
}

}  // namespace

TEST_CASE("flags: without a file every component is on, and there is nothing to say") {
  const Flags flags = read_flags(nullptr, {"linear"});
  CHECK(flags.off.empty());
  CHECK(flags.notices.empty());
}

TEST_CASE("flags: false switches off; true and a missing key do not") {
  const Flags flags = read(R"({"linear": true, "sigmoid": false})");
  CHECK(flags.off == std::set<std::string>{"sigmoid"});
  CHECK(flags.notices.empty());
  CHECK(read("{}").off.empty());
}

TEST_CASE("flags: an unknown key is named and ignored, and the others count") {
  const Flags flags = read(R"({"softmax": false, "relu": false})");
  CHECK(flags.off == std::set<std::string>{"relu"});
  REQUIRE(flags.notices.size() == 1);
  CHECK_THAT(flags.notices[0], ContainsSubstring("unknown key \"softmax\""));
}

TEST_CASE("flags: of many unknown keys some are named, and none at length") {
  std::string text = "{\"relu\": false";
  for (int i = 0; i < 1000; ++i) text += ", \"" + std::to_string(i) + std::string(1000, 'x') + "\": true";
  const Flags flags = read(text + "}");
  CHECK(flags.off == std::set<std::string>{"relu"});
  REQUIRE(flags.notices.size() == 9);
  CHECK_THAT(flags.notices[8], ContainsSubstring("992 more unknown keys"));
  for (const std::string& notice : flags.notices) CHECK(notice.size() < 300);
  CHECK(notice_of("{\"" + std::string(100'000, 'x')).size() < 400);
}

TEST_CASE("flags: a value that is no truth value counts as true, and is named") {
  for (const std::string value : {"0", "\"false\"", "null", "[]", "{}"}) {
    CHECK_THAT(notice_of("{\"relu\": " + value + "}"), ContainsSubstring("relu must be true or false"));
  }
}

TEST_CASE("flags: a broken file switches nothing off, not even what came before the break") {
  CHECK_THAT(notice_of(R"({"relu": false, )"), ContainsSubstring("every component is graded"));
  CHECK_THAT(notice_of(R"([{"relu": false}])"), ContainsSubstring("must be an object"));
  CHECK_THAT(notice_of(""), ContainsSubstring("autograder_flags.json cannot be read"));
  CHECK_THAT(notice_of("{\"relu\": false, \"\xff\": 1}"), ContainsSubstring("cannot be read"));
  CHECK_THAT(notice_of(std::string(100'000, '[')), ContainsSubstring("nested deeper"));
}

TEST_CASE("flags: a key that occurs twice makes the file one that cannot be read") {
  CHECK_THAT(notice_of(R"({"relu": false, "relu": true})"), ContainsSubstring("\"relu\" occurs twice"));
}
