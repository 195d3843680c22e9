// Names of entries: which are refused, which are the same.
#include "autograder/entry_name.hpp"

#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

std::string refusal(std::string name) { return refuse_name(name, {}).value_or(""); }

std::string folders(int count) {
  std::string path;
  for (int i = 0; i < count; ++i) path += "d/";
  return path;
}

}  // namespace

TEST_CASE("entry_name: a path of as many parts as allowed is one, of one more is refused") {
  CHECK(refusal(folders(31) + "linear.cpp") == "");
  CHECK(refusal(folders(32)) == "");
  CHECK_THAT(refusal(folders(32) + "linear.cpp"), ContainsSubstring("more than 32 parts"));
  CHECK_THAT(refusal(folders(400)), ContainsSubstring("more than 32 parts"));
  CHECK(refusal("././././././././././././././././././././././././././././././././././a") == "");
}

TEST_CASE("entry_name: a name of many bytes is refused before anything else is done with it") {
  CHECK(refusal(std::string(1'000'000, '/')) == "a name longer than 1000 bytes");
  CHECK(refusal(folders(500'000)) == "a name longer than 1000 bytes");
}

TEST_CASE("entry_name: a leading - and bytes that are no UTF-8 are a name") {
  for (const char* name : {"-rf", "--checkpoint-action=exec=sh", "a\xff\xfe", "\xc3", "\xed\xa0\x80"}) {
    CAPTURE(name);
    CHECK(refusal(name) == "");
  }
}

TEST_CASE("entry_name: what a message shows is short, printable ASCII") {
  CHECK(display_name("a\n\x1b[2J\"\xc3\xa4") == "\"a??[2J???\"");
  CHECK(display_name(std::string(81, 'a')) == "\"" + std::string(80, 'a') + "...\"");
}

TEST_CASE("entry_name: ASCII capitals make no other name; other letters do") {
  CHECK(without_capitals("SRC/Linear.CPP") == "src/linear.cpp");
  CHECK(without_capitals("@AZ[`az{\xc3\x84") == "@az[`az{\xc3\x84");
}
