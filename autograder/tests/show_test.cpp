// One case in full, as text.
#include "autograder/show.hpp"

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

Case the_case() {
  Case one = make::one_case("batch of 2", {{"Z", make::value({{1.5, -2}, {3, 40}})}});
  one.given = R"({"A": [[1, 2], [3, 4]], "lr": 0.1})";
  return one;
}

std::string shown(const Case& one, const std::string& answer) { return show_case(one, make::run(answer)); }

std::string shown(const std::string& answer) { return shown(the_case(), answer); }

}  // namespace

TEST_CASE("show: inputs, expected and actual values, and the wrong elements marked") {
  CHECK(shown(R"({"outputs": {"Z": [[1.5, -20], [3, 4.5]]}})") == R"(batch of 2 (forward_backward): failed

given
  A (2, 2)
    1  2
    3  4
  lr = 0.1

Z: wrong
  expected (2, 2)
    1.5  -2
    3    40
  got (2, 2)
    1.5    -20 <
    3      4.5 <
)");
}

TEST_CASE("show: elements within the tolerance are not marked") {
  const std::string text = shown(R"({"outputs": {"Z": [[1.5, -2], [3.00001, 40]]}})");
  CHECK_THAT(text, ContainsSubstring("Z: right"));
  CHECK_THAT(text, ContainsSubstring("3.00001"));
  CHECK_THAT(text, !ContainsSubstring("<"));
}

TEST_CASE("show: a matrix of another shape is shown without marks") {
  const std::string text = shown(R"({"outputs": {"Z": [[7, 8]]}})");
  CHECK_THAT(text, ContainsSubstring("Z: wrong"));
  CHECK_THAT(text, ContainsSubstring("got (1, 2)\n    7  8\n"));
  CHECK_THAT(text, !ContainsSubstring("<"));
}

TEST_CASE("show: lists are shown element by element, numbers and names as they are") {
  const Case one = make::one_case("lists", {{"W", make::list({make::value({{1}}), make::value({{2}})})},
                                            {"L", {0.5}},
                                            {"f", make::list({make::text("ReLU")})}});
  const std::string text = shown(one, R"({"outputs": {"W": [[[1]], [[3]]], "L": "nan", "f": ["Tanh\u001b[2J"]}})");
  CHECK_THAT(text, ContainsSubstring("W: wrong\n  expected is a list of 2\n  expected[0] (1, 1)\n    1\n"));
  CHECK_THAT(text, ContainsSubstring("  got[0] (1, 1)\n    1\n  got[1] (1, 1)\n    3 <\n"));
  CHECK_THAT(text, ContainsSubstring("L: wrong\n  expected = 0.5\n  got = nan\n"));
  CHECK_THAT(text, ContainsSubstring("  expected[0] = ReLU\n  got is a list of 1\n  got[0] = Tanh?[2J\n"));
}

TEST_CASE("show: calls before the case are shown with their inputs, after the case's own") {
  Case one = the_case();
  one.given = R"({"A": [[1]], "before": [{"operation": "forward", "given": {"A": [[5], [6]]}}]})";
  CHECK_THAT(shown(one, "{}"), ContainsSubstring("given\n  A (1, 1)\n    1\n"
                                                 "  and before that, on the same object: forward\n"
                                                 "    A (2, 1)\n      5\n      6\n"));
}

TEST_CASE("show: an output that is missing or of another type is said to be") {
  const std::string missing = shown(R"({"outputs": {}})");
  CHECK_THAT(missing, ContainsSubstring("Z: wrong"));
  CHECK_THAT(missing, !ContainsSubstring("got"));
  CHECK_THAT(shown(R"({"outputs": {"Z": "a\u001b[2J"}})"), ContainsSubstring("got expected a matrix"));
}

TEST_CASE("show: without an answer the ending is told, and what was expected") {
  const std::string text = show_case(the_case(), make::run(Ending(Signalled{11}), "hello\x1b[2J\n"));
  CHECK_THAT(text, ContainsSubstring("batch of 2 (forward_backward): crashed\n  ended by signal 11"));
  CHECK_THAT(text, ContainsSubstring("\nZ\n  expected (2, 2)\n"));
  CHECK_THAT(text, ContainsSubstring("it printed\nhello?[2J\n"));
  CHECK_THAT(shown("not JSON"), ContainsSubstring("forward_backward): failed\n"));
}
