// The values that fixtures and answers are made of: numbers, truth values, names, matrices, and lists of these.
// Converting them from JSON happens here and nowhere else; comparing them does not.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>
#include <vector>

namespace autograder {

/// A dense matrix, rows first. Nested arrays show no columns where there are no rows: [] is (0, 0). An answer may say
/// {"shape": [0, 3]}.
struct Matrix {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::vector<double> entries;

  double at(std::size_t row, std::size_t col) const { return entries[row * cols + col]; }
};

struct Value;
using List = std::vector<Value>;

struct Value {
  std::variant<double, bool, std::string, Matrix, List> content;
};

/// What an answer holds where a value of another type, or a ragged matrix, stands instead of the expected type.
struct TypeMismatch {
  std::string path;     ///< place inside the output, such as "[2]"; empty for the output itself
  std::string message;  ///< such as "expected a matrix, got a string"
};

/// How many arrays lie inside one another in a value at most: lists of steps, of layers, rows, and some to spare.
inline constexpr int kValueDepth = 6;

/// Returns the value that a JSON node of a fixture stands for: a list of lists of numbers is a matrix, any other array
/// a list; "nan", "inf" and "-inf" are numbers. Throws JsonError for null, objects, ragged matrices, and what is nested
/// deeper than kValueDepth.
Value value_from_json(const nlohmann::json& node);

/// Reads a JSON node as the type that `expected` has, shapes and lengths aside: an empty array is whatever is
/// expected. Returns what is wrong where it cannot be read so.
std::variant<Value, TypeMismatch> value_like(const nlohmann::json& node, const Value& expected);

/// The shape in the homework's words: "(4, 3)" for a matrix, "a list of 2" for a list, "a number".
std::string shape_text(const Value& value);

/// A matrix's shape, "(4, 3)".
std::string shape_text(const Matrix& matrix);

/// The shortest decimal that reads back as the same double; "nan", "inf", "-inf".
std::string number_text(double number);

}  // namespace autograder
