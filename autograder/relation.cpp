// See relation.hpp.
#include "autograder/relation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

namespace autograder {

namespace {

/// Answers have some fifteen digits; a relation that is none agrees to one or two by chance.
constexpr double kRelative = 1e-6;

/// What is smaller beside the largest element is zero.
constexpr double kZero = 1e-9;

double largest(const Matrix& matrix) {
  double most = 0.0;
  for (const double entry : matrix.entries) most = std::max(most, std::abs(entry));
  return most;
}

bool is_finite(const Matrix& matrix) {
  return std::all_of(matrix.entries.begin(), matrix.entries.end(), [](double entry) { return std::isfinite(entry); });
}

bool same_shape(const Matrix& a, const Matrix& b) { return a.rows == b.rows && a.cols == b.cols; }

/// One matrix beside another of the same shape.
class Pair {
 public:
  Pair(const Matrix& first, const Matrix& second)
      : first_(first), second_(second), zero_(kZero * std::max(largest(first), largest(second))) {}

  bool equal(double a, double b) const {
    return std::abs(a - b) <= zero_ + kRelative * std::max(std::abs(a), std::abs(b));
  }

  /// Whether the relation holds everywhere.
  bool everywhere(const std::function<bool(double first, double second)>& holds) const {
    for (std::size_t i = 0; i < first_.entries.size(); ++i) {
      if (!holds(first_.entries[i], second_.entries[i])) return false;
    }
    return true;
  }

  bool equal() const {
    return everywhere([&](double a, double b) { return equal(a, b); });
  }

  bool is_zero(double entry) const { return std::abs(entry) <= zero_; }

 private:
  const Matrix& first_;
  const Matrix& second_;
  double zero_;
};

bool equal(const Matrix& a, const Matrix& b) { return same_shape(a, b) && Pair(a, b).equal(); }

Matrix transpose(const Matrix& matrix) {
  Matrix turned{matrix.cols, matrix.rows, {}};
  for (std::size_t row = 0; row < turned.rows; ++row) {
    for (std::size_t col = 0; col < turned.cols; ++col) turned.entries.push_back(matrix.at(col, row));
  }
  return turned;
}

Matrix rows_of(const Matrix& matrix, const std::vector<std::size_t>& order) {
  Matrix picked{order.size(), matrix.cols, {}};
  for (const std::size_t row : order) {
    for (std::size_t col = 0; col < matrix.cols; ++col) picked.entries.push_back(matrix.at(row, col));
  }
  return picked;
}

/// The order in which the rows of `expected` are those of `actual`; nothing where they are not, or where two are alike.
std::optional<std::vector<std::size_t>> order_of_rows(const Matrix& expected, const Matrix& actual) {
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < actual.rows; ++row) {
    const Matrix wanted = rows_of(actual, {row});
    std::vector<std::size_t> found;
    for (std::size_t other = 0; other < expected.rows; ++other) {
      if (equal(rows_of(expected, {other}), wanted)) found.push_back(other);
    }
    if (found.size() != 1) return std::nullopt;
    order.push_back(found.front());
  }
  const bool is_order = std::set<std::size_t>(order.begin(), order.end()).size() == order.size();
  return is_order ? std::optional(order) : std::nullopt;
}

/// How many different numbers there are: those that are alike are one piece of evidence.
std::size_t distinct(const Matrix& matrix) {
  std::vector<double> sorted = matrix.entries;
  std::sort(sorted.begin(), sorted.end());
  const double apart = kRelative * largest(matrix);
  std::size_t count = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (std::abs(sorted[i]) > apart && (i == 0 || sorted[i] - sorted[i - 1] > apart)) ++count;
  }
  return count;
}

/// A factor by which a gradient or a loss is easily wrong, in symbols.
struct Factor {
  std::string id;
  double value;
  std::string sentence;
};

std::vector<Factor> named_factors(const std::vector<std::pair<std::string, std::size_t>>& sizes) {
  std::vector<Factor> factors{{"2", 2.0, "every value is twice the expected one"},
                              {"1/2", 0.5, "every value is half of the expected one"}};
  const auto add = [&](const std::string& symbol, double value) {
    factors.push_back(
        {symbol, value, "every value is " + symbol + " times too large: is a division by " + symbol + " missing?"});
    factors.push_back({"1/" + symbol, 1.0 / value,
                       "every value is " + symbol + " times too small: it is divided by " + symbol +
                           " once too often, or averaged where a sum is asked for"});
  };
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    add(sizes[i].first, static_cast<double>(sizes[i].second));
    for (std::size_t j = i + 1; j < sizes.size(); ++j) {
      add(sizes[i].first + "*" + sizes[j].first, static_cast<double>(sizes[i].second * sizes[j].second));
    }
  }
  return factors;
}

class Search {
 public:
  Search(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours)
      : expected_(expected), actual_(actual), neighbours_(neighbours), numbers_(distinct(expected)) {}

  std::vector<Relation> find() {
    if (expected_.entries.empty() || actual_.entries.empty() || !is_finite(actual_) || !is_finite(expected_)) return {};
    neighbours();
    if (!same_shape(expected_, actual_)) {
      other_shape();
    } else if (!Pair(expected_, actual_).equal()) {
      zeros();
      factors();
      offset();
      order();
      parts();
      precision();
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& id, const std::string& sentence, std::size_t evidence) {
    if (evidence > 0) found_.push_back({id, sentence, evidence});
  }

  void zeros() {
    const std::string all = actual_.entries.size() == 1 ? "it is zero" : "it is all zeros";
    if (largest(actual_) == 0.0) add("zeros", all + ": is it computed, and stored where it is asked for?", numbers_);
  }

  bool is_factor(double factor) const {
    const Pair pair(expected_, actual_);
    return largest(actual_) > 0.0 && pair.everywhere([&](double e, double a) { return pair.equal(factor * e, a); });
  }

  void factors() {
    if (is_factor(-1.0)) add("sign", "the sign is wrong everywhere, the sizes are right", numbers_);
    std::set<double> tried{1.0};
    for (const Factor& factor : named_factors(neighbours_.sizes)) {
      if (factor.value == 1.0) continue;
      if (is_factor(factor.value)) add("factor " + factor.id, factor.sentence, numbers_);
      if (is_factor(-factor.value)) {
        add("factor -" + factor.id, factor.sentence + " The sign is wrong too.", numbers_);
      }
    }
  }

  void offset() {
    const double off = actual_.entries.front() - expected_.entries.front();
    const Pair pair(expected_, actual_);
    if (!pair.everywhere([&](double e, double a) { return pair.equal(a, e + off); })) return;
    // The first element has been used up.
    if (numbers_ > 1) add("offset", "every value is off by the same amount", numbers_ - 1);
  }

  void order_by(const Matrix& expected, const Matrix& actual, const std::string& what) {
    if (expected.rows < 2) return;
    std::vector<std::size_t> reversed(expected.rows);
    for (std::size_t i = 0; i < reversed.size(); ++i) reversed[i] = reversed.size() - 1 - i;
    const auto order = order_of_rows(expected, actual);
    if (!order) return;
    if (*order == reversed) {
      add(what + " reversed", "its " + what + " are the right ones in reverse order", numbers_);
    } else {
      add(what + " permuted", "its " + what + " are the right ones in another order", numbers_);
    }
  }

  void order() {
    if (equal(transpose(expected_), actual_)) add("transposed", "it is the transpose of what is expected", numbers_);
    order_by(expected_, actual_, "rows");
    order_by(transpose(expected_), transpose(actual_), "columns");
  }

  /// Whether exactly those elements are right of which `holds`; both kinds must be there.
  bool right_exactly(const std::function<bool(std::size_t row, std::size_t col)>& holds) const {
    const Pair pair(expected_, actual_);
    std::size_t right = 0, wrong = 0;
    for (std::size_t row = 0; row < expected_.rows; ++row) {
      for (std::size_t col = 0; col < expected_.cols; ++col) {
        const bool is_right = pair.equal(expected_.at(row, col), actual_.at(row, col));
        if (is_right != holds(row, col)) return false;
        ++(is_right ? right : wrong);
      }
    }
    return right > 0 && wrong > 0;
  }

  void parts() {
    if (right_exactly([](std::size_t row, std::size_t) { return row == 0; })) {
      add("first row",
          "only the first row is right. Is it one sample that is computed, or a sum with keep_dims that is used before "
          "it "
          "is evaluated? xtensor.md tells of that trap",
          numbers_);
    }
    if (expected_.cols > 1 && right_exactly([](std::size_t, std::size_t col) { return col == 0; })) {
      add("first column", "only the first column is right", numbers_);
    }
    for (const auto& [name, input] : neighbours_.inputs) {
      if (!same_shape(input, expected_)) continue;
      const Matrix& of = input;
      if (right_exactly([&](std::size_t row, std::size_t col) { return of.at(row, col) > 0.0; })) {
        add("right where " + name + " > 0", "it is right where " + name + " is positive, and wrong everywhere else",
            numbers_);
      }
      if (right_exactly([&](std::size_t row, std::size_t col) { return of.at(row, col) != 0.0; })) {
        add("wrong where " + name + " = 0", "it is wrong exactly where " + name + " is 0", numbers_);
      }
    }
  }

  /// Rounding is no relation within our precision, but one beyond it.
  void precision() {
    const auto rounds = [&](const std::function<double(double)>& round) {
      const auto same = [&](double e, double a) {
        return std::abs(round(e) - a) <= kZero * std::max(1.0, std::abs(a));
      };
      return Pair(expected_, actual_).everywhere(same);
    };
    for (const int digits : {0, 1, 2, 3, 4, 5}) {
      const double scale = std::pow(10.0, digits);
      if (rounds([&](double e) { return std::round(e * scale) / scale; })) {
        return add("rounded", "the values are rounded, or went through integers", numbers_);
      }
    }
  }

  void neighbours() {
    for (const auto& [name, input] : neighbours_.inputs) {
      if (equal(input, actual_) && !equal(input, expected_)) {
        add("given " + name, "it equals " + name + ", which was given", distinct(input));
      }
    }
    for (const auto& [name, output] : neighbours_.outputs) {
      if (equal(output, actual_) && !equal(output, expected_)) {
        add("equals output " + name, "it has the values that " + name + " should have", distinct(output));
      }
    }
  }

  Matrix summed_rows(double scale) const {
    Matrix sum{1, actual_.cols, std::vector<double>(actual_.cols, 0.0)};
    for (std::size_t row = 0; row < actual_.rows; ++row) {
      for (std::size_t col = 0; col < actual_.cols; ++col) sum.entries[col] += scale * actual_.at(row, col);
    }
    return sum;
  }

  void other_shape() {
    if (equal(transpose(expected_), actual_)) {
      add("transposed", "it is the transpose of what is expected", numbers_);
      return;
    }
    const double rows = static_cast<double>(actual_.rows);
    if (expected_.rows == 1 && actual_.cols == expected_.cols) {
      if (equal(summed_rows(1.0), expected_)) {
        add("not summed", "it has a row a sample, and their sum is the expected row: sum over the batch", numbers_);
      } else if (equal(summed_rows(1.0 / rows), expected_)) {
        add("not averaged", "it has a row a sample, and their mean is the expected row: average over the batch",
            numbers_);
      }
    }
    const bool is_vector = expected_.rows == 1 || expected_.cols == 1;
    const std::size_t length = expected_.entries.size();
    if (is_vector && length > 1 && actual_.rows == length && actual_.cols == length) {
      add("broadcast",
          "a row and a column were combined into a square matrix: one of the two has the wrong orientation, and "
          "xtensor "
          "repeats both to fit",
          length);
    }
  }

  const Matrix& expected_;
  const Matrix& actual_;
  const Neighbours& neighbours_;
  std::size_t numbers_;  ///< different ones in the expected matrix
  std::vector<Relation> found_;
};

}  // namespace

std::vector<Relation> relations_of(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours) {
  return Search(expected, actual, neighbours).find();
}

}  // namespace autograder
