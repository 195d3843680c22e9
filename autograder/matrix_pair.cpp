// See matrix_pair.hpp.
#include "autograder/matrix_pair.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace autograder {

Pair::Pair(const Matrix& first, const Matrix& second)
    : first_(first), second_(second), zero_(kZero * std::max(largest(first), largest(second))) {}

bool Pair::equal(double a, double b) const {
  return std::abs(a - b) <= zero_ + kRelative * std::max(std::abs(a), std::abs(b));
}

bool Pair::everywhere(const std::function<bool(double first, double second)>& holds) const {
  for (std::size_t i = 0; i < first_.entries.size(); ++i) {
    if (!holds(first_.entries[i], second_.entries[i])) return false;
  }
  return true;
}

bool Pair::equal() const {
  return everywhere([&](double a, double b) { return equal(a, b); });
}

double largest(const Matrix& matrix) {
  double most = 0.0;
  for (const double entry : matrix.entries) most = std::max(most, std::abs(entry));
  return most;
}

bool is_finite(const Matrix& matrix) {
  return std::all_of(matrix.entries.begin(), matrix.entries.end(), [](double entry) { return std::isfinite(entry); });
}

bool same_shape(const Matrix& a, const Matrix& b) { return a.rows == b.rows && a.cols == b.cols; }

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

bool is_proportional(const Matrix& one, const Matrix& other) {
  if (!same_shape(one, other) || largest(one) == 0.0) return false;
  const auto times = [&](double factor) {
    Matrix scaled = one;
    for (double& entry : scaled.entries) entry *= factor;
    return scaled;
  };
  const double size = largest(other) / largest(one);
  return equal(times(size), other) || equal(times(-size), other);
}

}  // namespace autograder
