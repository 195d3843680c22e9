// Comparing answers: tolerance, NaN and infinities, shapes, and what a mismatch says. Tolerances here are sums of
// powers of two, so that the boundary itself is a double.
#include "autograder/compare.hpp"

#include <cmath>
#include <limits>

#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;
using Kind = Mismatch::Kind;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNan = std::nan("");

bool matches(double expected, double actual, Tolerance tolerance = {}) {
  return compare("L", {expected}, {actual}, tolerance).empty();
}

/// The only mismatch.
Mismatch mismatch(const Value& expected, const Value& actual, const std::string& output = "Z") {
  const auto found = compare(output, expected, actual, {});
  REQUIRE(found.size() == 1);
  return found[0];
}

}  // namespace

TEST_CASE("compare: equal values match, whatever their type") {
  CHECK(matches(2.5, 2.5, {0, 0}));
  CHECK(matches(0.0, -0.0, {0, 0}));
  CHECK(compare("Z", make::value({{1, 2}, {3, 4}}), make::value({{1, 2}, {3, 4}}), {0, 0}).empty());
  CHECK(compare("f", make::list({make::text("ReLU")}), make::list({make::text("ReLU")}), {}).empty());
  CHECK(compare("arguments_unchanged", {true}, {true}, {}).empty());
}

TEST_CASE("compare: the tolerance is atol + rtol |expected|, its boundary included") {
  const Tolerance tolerance{0.25, 0.125};  // 0.125 + 0.25 * 2 = 0.625
  CHECK(matches(2, 2.625, tolerance));
  CHECK_FALSE(matches(2, std::nextafter(2.625, 3), tolerance));
  CHECK(matches(2, 1.375, tolerance));
  CHECK_FALSE(matches(2, std::nextafter(1.375, 1), tolerance));
  CHECK(matches(-2, -2.625, tolerance));
  CHECK_FALSE(matches(-2, std::nextafter(-2.625, -3), tolerance));
}

TEST_CASE("compare: the relative tolerance is relative to the expected value, not to the actual one") {
  CHECK(matches(1, 0.75, {0.25, 0}));
  CHECK_FALSE(matches(0.75, 1, {0.25, 0}));
}

TEST_CASE("compare: around an expected 0 only the absolute tolerance counts") {
  CHECK(matches(0, 1e-8));
  CHECK_FALSE(matches(0, std::nextafter(1e-8, 1)));
  CHECK_FALSE(matches(0, 5e-324, {0.25, 0}));
}

TEST_CASE("compare: NaN never matches") {
  CHECK_FALSE(matches(1, kNan, {1e300, 1e300}));
  CHECK_FALSE(matches(kNan, kNan));
  CHECK_FALSE(matches(kInfinity, kNan));
  CHECK(mismatch({1.0}, {kNan}).kind == Kind::not_finite);
}

TEST_CASE("compare: an expected infinity matches only itself") {
  CHECK(matches(kInfinity, kInfinity));
  CHECK(matches(-kInfinity, -kInfinity));
  CHECK_FALSE(matches(kInfinity, -kInfinity));
  CHECK_FALSE(matches(kInfinity, 1e308, {1, 1}));
}

TEST_CASE("compare: an infinity does not match a number, and is not finite") {
  CHECK_FALSE(matches(1, kInfinity, {1e300, 1e300}));
  const Mismatch found = mismatch(make::value({{1, 2}}), make::value({{1, -kInfinity}}));
  CHECK(found.kind == Kind::not_finite);
  CHECK(found.index == std::array<std::size_t, 2>{0, 1});
  CHECK(found.max_abs_error == kInfinity);
}

TEST_CASE("compare: the error against an expected infinity is infinite, relatively too") {
  const Mismatch found = mismatch({kInfinity}, {1.0});
  CHECK(found.max_abs_error == kInfinity);
  CHECK(found.max_rel_error == kInfinity);
}

TEST_CASE("compare: the shape comes first, and nothing is broadcast") {
  const Mismatch found = mismatch(make::value({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}), make::value({{1, 1, 1}}));
  CHECK(found.kind == Kind::shape);
  CHECK(found.output == "Z");
  CHECK(found.message == "has shape (1, 3), expected (3, 3)");
  CHECK_FALSE(found.expected);
  CHECK(mismatch(make::value({{1, 1, 1}}), make::value({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}})).kind == Kind::shape);
  CHECK(mismatch(make::value({{1, 1}}), make::value({{1}})).kind == Kind::shape);
  CHECK(mismatch(make::value({{1, 1}}), make::value({})).message == "has shape (0, 0), expected (1, 2)");
}

TEST_CASE("compare: a transposed matrix does not match") {
  CHECK(mismatch(make::value({{1, 2, 3}, {4, 5, 6}}), make::value({{1, 4}, {2, 5}, {3, 6}})).kind == Kind::shape);
  const Mismatch square = mismatch(make::value({{1, 2}, {3, 4}}), make::value({{1, 3}, {2, 4}}));
  CHECK(square.kind == Kind::value);
  CHECK(square.wrong == 2);
}

TEST_CASE("compare: matrices without rows are alike, since JSON cannot tell their columns") {
  CHECK(compare("Z", {Matrix{0, 3, {}}}, {Matrix{0, 0, {}}}, {}).empty());
}

TEST_CASE("compare: a mismatch names the worst element and counts the wrong ones") {
  // Errors 3 and 4, relative to 2 and 4: the larger relative error is not at the worst element.
  const Mismatch found = mismatch(make::value({{1, 2}, {3, 4}}), make::value({{1, 5}, {3, 0}}));
  CHECK(found.kind == Kind::value);
  CHECK(found.index == std::array<std::size_t, 2>{1, 1});
  CHECK(found.expected == 4.0);
  CHECK(found.actual == 0.0);
  CHECK(found.max_abs_error == 4.0);
  CHECK(found.max_rel_error == 1.5);
  CHECK(found.wrong == 2);
  CHECK(found.of == 4);
  CHECK(found.message == "");
}

TEST_CASE("compare: NaN is worse than any number, wherever it stands") {
  CHECK(mismatch(make::value({{1, 1, 1}}), make::value({{9e9, kNan, 9e99}})).index == std::array<std::size_t, 2>{0, 1});
}

TEST_CASE("compare: one wrong number has no index") {
  const Mismatch found = mismatch({2.0}, {3.0}, "L");
  CHECK(found.output == "L");
  CHECK_FALSE(found.index);
  CHECK(found.expected == 2.0);
  CHECK(found.actual == 3.0);
  CHECK(found.max_abs_error == 1.0);
  CHECK(found.max_rel_error == 0.5);
}

TEST_CASE("compare: the error relative to an expected 0 is infinite") {
  CHECK(mismatch({0.0}, {1.0}).max_rel_error == kInfinity);
}

TEST_CASE("compare: a list of another length is one mismatch of shape") {
  const Mismatch found = mismatch(make::list({{1.0}, {2.0}}), make::list({{5.0}, {6.0}, {7.0}}), "W");
  CHECK(found.kind == Kind::shape);
  CHECK(found.message == "is a list of 3, expected a list of 2");
}

TEST_CASE("compare: mismatches in lists carry their place") {
  const Value expected = make::list(
      {make::list({make::value({{1}}), make::value({{2}})}), make::list({make::value({{3}}), make::value({{4}})})});
  const Value actual = make::list(
      {make::list({make::value({{1}}), make::value({{9}})}), make::list({make::value({{3, 3}}), make::value({{4}})})});
  const auto found = compare("dLdW", expected, actual, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].output == "dLdW[0][1]");
  CHECK(found[0].kind == Kind::value);
  CHECK(found[1].output == "dLdW[1][0]");
  CHECK(found[1].kind == Kind::shape);
}

TEST_CASE("compare: names and truth values say both") {
  CHECK(mismatch(make::text("ReLU"), make::text("Tanh")).message == "is Tanh, expected ReLU");
  CHECK(mismatch(make::text("ReLU"), make::text(std::string(1'000'000, 'x'))).message.size() < 200);
  CHECK(mismatch({true}, {false}).message == "is false, expected true");
  CHECK(mismatch({false}, {true}).message == "is true, expected false");
  CHECK(mismatch(make::list({make::text("ReLU")}), make::list({make::text("relu")}), "f").output == "f[0]");
}

TEST_CASE("compare: a changed argument is said in words") {
  const Mismatch found = mismatch({true}, {false}, "arguments_unchanged");
  CHECK(found.output == "arguments_unchanged");
  CHECK_THAT(found.message, ContainsSubstring("changed a matrix it was given"));
}

TEST_CASE("compare: values of different types are a mismatch of type") {
  const Mismatch found = mismatch({1.0}, make::value({{1}}));
  CHECK(found.kind == Kind::type);
  CHECK(found.message == "expected a number, got (1, 1)");
  CHECK(wrong_type("W", {"[2]", "expected a matrix, got string"}).output == "W[2]");
  CHECK(missing_output("W").kind == Kind::missing);
}
