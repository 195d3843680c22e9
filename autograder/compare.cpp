// See compare.hpp.
#include "autograder/compare.hpp"

#include <algorithm>
#include <cmath>

namespace autograder {

namespace {

bool matches(double actual, double expected, Tolerance tolerance) {
  if (std::isinf(expected)) return actual == expected;
  // Written so that a NaN, for which every comparison is false, does not match.
  return !(!(std::abs(actual - expected) <= tolerance.atol + tolerance.rtol * std::abs(expected)));
}

/// Gathers the wrong elements of one output; the worst is the one with the largest error, and NaN is worse than any.
class Tally {
 public:
  explicit Tally(std::string output) { mismatch_.output = std::move(output); }

  void add(double actual, double expected, Tolerance tolerance, std::optional<std::array<std::size_t, 2>> index) {
    ++mismatch_.of;
    if (matches(actual, expected, tolerance)) return;
    ++mismatch_.wrong;
    if (!std::isfinite(actual)) mismatch_.kind = Mismatch::Kind::not_finite;
    const double error = std::isfinite(actual) ? std::abs(actual - expected) : INFINITY;
    const bool divides = expected != 0.0 && std::isfinite(expected);
    const double relative = divides ? error / std::abs(expected) : INFINITY;
    if (mismatch_.wrong == 1 || error > mismatch_.max_abs_error) {
      mismatch_.index = index;
      mismatch_.expected = expected;
      mismatch_.actual = actual;
    }
    mismatch_.max_abs_error = std::max(mismatch_.max_abs_error, error);
    mismatch_.max_rel_error = std::max(mismatch_.max_rel_error, relative);
  }

  std::vector<Mismatch> result() const {
    return mismatch_.wrong == 0 ? std::vector<Mismatch>{} : std::vector<Mismatch>{mismatch_};
  }

 private:
  Mismatch mismatch_;
};

Mismatch wrong_shape(const std::string& output, const std::string& message) {
  Mismatch mismatch;
  mismatch.output = output;
  mismatch.kind = Mismatch::Kind::shape;
  mismatch.message = message;
  return mismatch;
}

std::vector<Mismatch> compare_matrices(const std::string& output, const Matrix& expected, const Matrix& actual,
                                       Tolerance tolerance) {
  // Fixtures show no columns where there are no rows, so (0, 3) and (0, 0) are the same answer.
  if (actual.rows != expected.rows || (expected.rows > 0 && actual.cols != expected.cols)) {
    return {wrong_shape(output, "has shape " + shape_text(actual) + ", expected " + shape_text(expected))};
  }
  Tally tally(output);
  for (std::size_t row = 0; row < expected.rows; ++row) {
    for (std::size_t col = 0; col < expected.cols; ++col) {
      tally.add(actual.at(row, col), expected.at(row, col), tolerance, std::array<std::size_t, 2>{row, col});
    }
  }
  return tally.result();
}

std::vector<Mismatch> compare_lists(const std::string& output, const List& expected, const List& actual,
                                    Tolerance tolerance) {
  if (actual.size() != expected.size()) {
    return {wrong_shape(output, "is a list of " + std::to_string(actual.size()) + ", expected a list of " +
                                    std::to_string(expected.size()))};
  }
  std::vector<Mismatch> mismatches;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto found = compare(output + "[" + std::to_string(i) + "]", expected[i], actual[i], tolerance);
    mismatches.insert(mismatches.end(), found.begin(), found.end());
  }
  return mismatches;
}

/// A word as an answer has it may be of any length; those that are expected are short.
std::string beginning(const std::string& word) {
  constexpr std::size_t kShown = 80;  // bytes
  return word.size() <= kShown ? word : word.substr(0, kShown) + "...";
}

Mismatch wrong_word(const std::string& output, const std::string& message) {
  Mismatch mismatch;
  mismatch.output = output;
  mismatch.message = message;
  mismatch.wrong = 1;
  mismatch.of = 1;
  return mismatch;
}

}  // namespace

std::vector<Mismatch> compare(const std::string& output, const Value& expected, const Value& actual,
                              Tolerance tolerance) {
  if (expected.content.index() != actual.content.index()) {
    return {wrong_type(output, {"", "expected " + shape_text(expected) + ", got " + shape_text(actual)})};
  }
  if (const auto* matrix = std::get_if<Matrix>(&expected.content)) {
    return compare_matrices(output, *matrix, std::get<Matrix>(actual.content), tolerance);
  }
  if (const auto* list = std::get_if<List>(&expected.content)) {
    return compare_lists(output, *list, std::get<List>(actual.content), tolerance);
  }
  if (const auto* number = std::get_if<double>(&expected.content)) {
    Tally tally(output);
    tally.add(std::get<double>(actual.content), *number, tolerance, std::nullopt);
    return tally.result();
  }
  if (const auto* text = std::get_if<std::string>(&expected.content)) {
    const auto& got = std::get<std::string>(actual.content);
    if (got == *text) return {};
    return {wrong_word(output, "is " + beginning(got) + ", expected " + *text)};
  }
  if (std::get<bool>(expected.content) == std::get<bool>(actual.content)) return {};
  if (output == kArgumentsUnchanged)
    return {wrong_word(output, "is false: a function changed a matrix it was given")};
  return {wrong_word(output, std::get<bool>(expected.content) ? "is false, expected true" : "is true, expected false")};
}

Mismatch missing_output(const std::string& output) {
  Mismatch mismatch;
  mismatch.output = output;
  mismatch.kind = Mismatch::Kind::missing;
  mismatch.message = "is not in the answer";
  return mismatch;
}

Mismatch wrong_type(const std::string& output, const TypeMismatch& type_mismatch) {
  Mismatch mismatch;
  mismatch.output = output + type_mismatch.path;
  mismatch.kind = Mismatch::Kind::type;
  mismatch.message = type_mismatch.message;
  return mismatch;
}

}  // namespace autograder
