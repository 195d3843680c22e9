// See value.hpp.
#include "autograder/value.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "autograder/strict_json.hpp"

namespace autograder {

using nlohmann::json;

namespace {

std::optional<double> number_from(const json& node) {
  if (node.is_number()) return node.get<double>();
  if (!node.is_string()) return std::nullopt;
  const auto& text = node.get_ref<const std::string&>();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

bool is_row(const json& node) {
  if (!node.is_array()) return false;
  for (const json& entry : node) {
    if (!number_from(entry)) return false;
  }
  return true;
}

bool is_matrix(const json& node) {
  if (!node.is_array() || node.empty()) return false;
  for (const json& row : node) {
    if (!is_row(row)) return false;
  }
  return true;
}

/// Far more columns than any homework has: an answer is hostile, and what loops over columns has to end.
constexpr std::size_t kMostColumns = 1'000'000;

/// Reads {"shape": [0, 3]}; returns nothing for anything else.
std::optional<Matrix> matrix_without_rows(const json& node) {
  if (!node.is_object() || node.size() != 1 || !node.contains("shape")) return std::nullopt;
  const json& shape = node.at("shape");
  if (!shape.is_array() || shape.size() != 2) return std::nullopt;
  if (!shape[0].is_number_unsigned() || !shape[1].is_number_unsigned()) return std::nullopt;
  const auto rows = shape[0].get<std::size_t>(), cols = shape[1].get<std::size_t>();
  if (rows > 0 || cols > kMostColumns) return std::nullopt;
  return Matrix{rows, cols, {}};
}

/// Returns the matrix, or a sentence that says why the rows do not make one.
std::variant<Matrix, std::string> matrix_from(const json& node) {
  if (const auto empty = matrix_without_rows(node)) return *empty;
  if (!node.is_array()) return std::string("expected a matrix, got ") + node.type_name();
  Matrix matrix;
  matrix.rows = node.size();
  for (std::size_t row = 0; row < node.size(); ++row) {
    if (!is_row(node[row])) return std::string("expected a matrix, got something else inside");
    if (row == 0) matrix.cols = node[0].size();
    if (node[row].size() != matrix.cols) {
      return "the rows have different lengths: row 0 has " + std::to_string(matrix.cols) + " entries, row " +
             std::to_string(row) + " has " + std::to_string(node[row].size());
    }
    for (const json& entry : node[row]) matrix.entries.push_back(*number_from(entry));
  }
  return matrix;
}

/// Reads a node as a value of one of the types in Value::content; called with a value of the expected type.
struct ReadLike {
  const json& node;
  using Result = std::variant<Value, TypeMismatch>;

  Result wrong(const std::string& wanted) const {
    return TypeMismatch{"", "expected " + wanted + ", got " + node.type_name()};
  }
  Result operator()(double) const {
    if (const auto number = number_from(node)) return Value{*number};
    return wrong("a number");
  }
  Result operator()(bool) const { return node.is_boolean() ? Result(Value{node.get<bool>()}) : wrong("true or false"); }
  Result operator()(const std::string&) const {
    return node.is_string() ? Result(Value{node.get<std::string>()}) : wrong("a string");
  }
  Result operator()(const Matrix&) const {
    auto matrix = matrix_from(node);
    if (auto* why = std::get_if<std::string>(&matrix)) return TypeMismatch{"", *why};
    return Value{std::get<Matrix>(std::move(matrix))};
  }
  Result operator()(const List& expected) const {
    if (!node.is_array()) return wrong("a list");
    List list;
    for (std::size_t i = 0; i < node.size(); ++i) {
      // Elements beyond the expected ones only count: the comparison reports the length.
      if (i >= expected.size()) {
        list.push_back(Value{0.0});
        continue;
      }
      Result element = value_like(node[i], expected[i]);
      if (auto* mismatch = std::get_if<TypeMismatch>(&element)) {
        return TypeMismatch{"[" + std::to_string(i) + "]" + mismatch->path, mismatch->message};
      }
      list.push_back(std::get<Value>(std::move(element)));
    }
    return Value{std::move(list)};
  }
};

/// `depth` is how many arrays may still lie inside one another.
Value value_within(const json& node, int depth) {
  if (const auto number = number_from(node)) return {*number};
  if (node.is_boolean()) return {node.get<bool>()};
  if (node.is_string()) return {node.get<std::string>()};
  const bool rows = is_matrix(node);
  if (node.is_array() && depth < (rows ? 2 : 1)) {
    throw JsonError("nested deeper than " + std::to_string(kValueDepth) + " levels");
  }
  if (rows) {
    auto matrix = matrix_from(node);
    if (auto* why = std::get_if<std::string>(&matrix)) throw JsonError(*why);
    return {std::get<Matrix>(std::move(matrix))};
  }
  if (!node.is_array()) throw JsonError(std::string("a value cannot be ") + node.type_name());
  List list;
  for (const json& element : node) list.push_back(value_within(element, depth - 1));
  return {std::move(list)};
}

}  // namespace

Value value_from_json(const json& node) { return value_within(node, kValueDepth); }

std::variant<Value, TypeMismatch> value_like(const json& node, const Value& expected) {
  return std::visit(ReadLike{node}, expected.content);
}

std::string shape_text(const Matrix& matrix) {
  return "(" + std::to_string(matrix.rows) + ", " + std::to_string(matrix.cols) + ")";
}

std::string shape_text(const Value& value) {
  if (const auto* matrix = std::get_if<Matrix>(&value.content)) return shape_text(*matrix);
  if (const auto* list = std::get_if<List>(&value.content)) return "a list of " + std::to_string(list->size());
  if (std::holds_alternative<double>(value.content)) return "a number";
  if (std::holds_alternative<bool>(value.content)) return "true or false";
  return "a name";
}

std::string number_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

}  // namespace autograder
