// See shape_relations.hpp.
#include "autograder/shape_relations.hpp"

#include <cmath>
#include <functional>

#include "autograder/matrix_pair.hpp"
#include "autograder/relation.hpp"

namespace autograder {

namespace {

/// Of an expression whose operands are gone the shape may be anything: why it is empty is a question.
Relation without_elements(const Matrix& actual, const std::string& place) {
  const std::string gone = "an expression that a function returns as auto has lost what it refers to.";
  if (actual.rows > 0 || actual.cols > 0) {
    const std::string what = actual.rows == 0 ? "rows" : "columns";
    return {"empty shape",
            "it has no elements, as it has no " + what + ": does a view without " + what +
                ", such as one beyond the last of them, take part in it? And " + gone,
            kEvidence};
  }
  if (base_of(place) != place) {
    return {"empty entry",
            "an entry of it has no elements: is it never computed, on a copy only, or does a loop leave it out?",
            kEvidence};
  }
  return {"empty",
          "it has no elements: has something been stored in it? A local variable of the same name would hide a member, "
          "and " +
              gone,
          kEvidence};
}

Matrix summed_rows(const Matrix& matrix, double scale) {
  Matrix sum{1, matrix.cols, std::vector<double>(matrix.cols, 0.0)};
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t col = 0; col < matrix.cols; ++col) sum.entries[col] += scale * matrix.at(row, col);
  }
  return sum;
}

/// The matrix that has these entries.
Matrix made_of(const Matrix& shape, const std::function<double(std::size_t row, std::size_t col)>& entry) {
  Matrix made{shape.rows, shape.cols, {}};
  for (std::size_t row = 0; row < shape.rows; ++row) {
    for (std::size_t col = 0; col < shape.cols; ++col) made.entries.push_back(entry(row, col));
  }
  return made;
}

bool are_rows_alike(const Matrix& matrix) {
  return equal(matrix, made_of(matrix, [&](std::size_t, std::size_t col) { return matrix.at(0, col); }));
}

/// Whether each entry is the sum, or each is the product, of a number of its row and a number of its column, and
/// neither kind of number is always the same: what broadcasting makes of a row and a column.
bool is_row_beside_column(const Matrix& matrix) {
  if (matrix.entries.empty() || are_rows_alike(matrix) || are_rows_alike(transpose(matrix))) return false;
  std::size_t most = 0;
  for (std::size_t i = 0; i < matrix.entries.size(); ++i) {
    if (std::abs(matrix.entries[i]) > std::abs(matrix.entries[most])) most = i;
  }
  const std::size_t at_row = most / matrix.cols, at_col = most % matrix.cols;
  const double there = matrix.entries[most];
  const auto sum = [&](std::size_t row, std::size_t col) {
    return matrix.at(row, at_col) + matrix.at(at_row, col) - there;
  };
  const auto product = [&](std::size_t row, std::size_t col) {
    return matrix.at(row, at_col) * matrix.at(at_row, col) / there;
  };
  return equal(matrix, made_of(matrix, sum)) || equal(matrix, made_of(matrix, product));
}

/// Where the two stand right, entry meets entry: these are on the diagonal. A product of matrices has a right diagonal
/// too, and other entries.
bool is_broadcast(const Matrix& vector, const Matrix& square) {
  const std::size_t length = vector.entries.size();
  const bool is_vector = vector.rows == 1 || vector.cols == 1;
  if (!is_vector || length < 2 || square.rows != length || square.cols != length) return false;
  Matrix diagonal = vector;
  for (std::size_t i = 0; i < length; ++i) diagonal.entries[i] = square.at(i, i);
  return equal(diagonal, vector) && is_row_beside_column(square);
}

}  // namespace

std::vector<Relation> shape_relations(const Matrix& expected, const Matrix& actual, const std::string& place) {
  if (actual.entries.empty()) return {without_elements(actual, place)};
  if (same_shape(expected, actual)) return {};
  const std::size_t numbers = distinct(expected);
  if (numbers == 0) return {};
  if (equal(transpose(expected), actual)) {
    return {{"transposed", "it is the transpose of what is expected", numbers}};
  }
  std::vector<Relation> found;
  if (expected.rows == 1 && actual.cols == expected.cols) {
    if (equal(summed_rows(actual, 1.0), expected)) {
      found.push_back(
          {"not summed", "it has a row a sample, and their sum is the expected row: sum over the batch", numbers});
    } else if (!are_rows_alike(actual) &&
               equal(summed_rows(actual, 1.0 / static_cast<double>(actual.rows)), expected)) {
      found.push_back({"not averaged",
                       "it has a row a sample, and their mean is the expected row: average over the batch", numbers});
    }
  }
  if (is_broadcast(expected, actual)) {
    found.push_back({"broadcast",
                     "a row and a column were combined into a square matrix: one of the two has the wrong "
                     "orientation, and xtensor repeats both to fit",
                     expected.entries.size()});
  }
  return found;
}

}  // namespace autograder
