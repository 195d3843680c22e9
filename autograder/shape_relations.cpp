// See shape_relations.hpp.
#include "autograder/shape_relations.hpp"

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

bool is_broadcast(const Matrix& vector, const Matrix& square) {
  const std::size_t length = vector.entries.size();
  const bool is_vector = vector.rows == 1 || vector.cols == 1;
  return is_vector && length > 1 && square.rows == length && square.cols == length;
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
    } else if (equal(summed_rows(actual, 1.0 / static_cast<double>(actual.rows)), expected)) {
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
