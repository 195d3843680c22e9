// Matrices beside each other: what is equal up to rounding, and what the numbers of a matrix amount to. Pure. Whether
// an answer is right, compare.hpp says.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "autograder/value.hpp"

namespace autograder {

/// Answers have some fifteen digits; a relation that is none agrees to one or two by chance.
inline constexpr double kRelative = 1e-6;

/// What is smaller beside the largest element is zero.
inline constexpr double kZero = 1e-9;

/// One matrix beside another of the same shape.
class Pair {
 public:
  /// Both have to outlive it.
  Pair(const Matrix& first, const Matrix& second);

  bool equal(double a, double b) const;

  /// Whether the relation holds everywhere.
  bool everywhere(const std::function<bool(double first, double second)>& holds) const;

  bool equal() const;

 private:
  const Matrix& first_;
  const Matrix& second_;
  double zero_;
};

/// The largest absolute value.
double largest(const Matrix& matrix);

bool is_finite(const Matrix& matrix);
bool same_shape(const Matrix& a, const Matrix& b);

/// Of the same shape, with equal elements.
bool equal(const Matrix& a, const Matrix& b);

Matrix transpose(const Matrix& matrix);

/// The rows of these indices.
Matrix rows_of(const Matrix& matrix, const std::vector<std::size_t>& order);

/// The order in which the rows of `expected` are those of `actual`; nothing where they are not, or where two are alike.
std::optional<std::vector<std::size_t>> order_of_rows(const Matrix& expected, const Matrix& actual);

/// How many different numbers there are: those that are alike are one piece of evidence.
std::size_t distinct(const Matrix& matrix);

/// Whether one is the other times a number.
bool is_proportional(const Matrix& one, const Matrix& other);

}  // namespace autograder
