// Matrices to JSON and back, as the fixtures write them: nested arrays, "nan", "inf" and "-inf" as strings. Columns
// without rows, which these cannot show, are {"shape": [0, 3]}.
// For any matrix type with xtensor's interface: shape(axis), operator()(row, col).
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "autograder/worker/worker.hpp"

namespace worker {

inline Json to_json(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  return number;
}

template <typename Matrix>
Json to_json(const Matrix& matrix) {
  if (matrix.shape(0) == 0 && matrix.shape(1) > 0) {
    Json empty = Json::object();
    empty["shape"] = Json::array({matrix.shape(0), matrix.shape(1)});
    return empty;
  }
  Json rows = Json::array();
  for (std::size_t row = 0; row < matrix.shape(0); ++row) {
    Json entries = Json::array();
    for (std::size_t col = 0; col < matrix.shape(1); ++col) entries.push_back(to_json(matrix(row, col)));
    rows.push_back(std::move(entries));
  }
  return rows;
}

template <typename Matrix>
Json to_json(const std::vector<Matrix>& matrices) {
  Json list = Json::array();
  for (const Matrix& matrix : matrices) list.push_back(to_json(matrix));
  return list;
}

inline double number_from_json(const Json& node) {
  if (node.is_number()) return node.get<double>();
  const std::string text = node.is_string() ? node.get<std::string>() : "";
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  throw BadRequest("not a number: " + node.dump());
}

template <typename Matrix>
Matrix matrix_from_json(const Json& node) {
  if (!node.is_array() || node.empty() || !node[0].is_array()) throw BadRequest("not a matrix: " + node.dump());
  Matrix matrix = Matrix::from_shape({node.size(), node[0].size()});
  for (std::size_t row = 0; row < node.size(); ++row) {
    if (!node[row].is_array() || node[row].size() != node[0].size()) throw BadRequest("not a matrix: " + node.dump());
    for (std::size_t col = 0; col < node[row].size(); ++col) matrix(row, col) = number_from_json(node[row][col]);
  }
  return matrix;
}

/// The inputs of one operation, by name.
class Given {
 public:
  explicit Given(const Json& node) : node_(node) {
    if (!node_.is_object()) throw BadRequest("given must be an object");
  }

  bool has(const std::string& name) const { return node_.contains(name); }
  const Json& at(const std::string& name) const {
    if (!has(name)) throw BadRequest("given lacks " + name);
    return node_.at(name);
  }
  double number(const std::string& name) const { return number_from_json(at(name)); }
  std::size_t count(const std::string& name) const {
    if (!at(name).is_number_unsigned()) throw BadRequest(name + " is no count");
    return at(name).get<std::size_t>();
  }
  template <typename Matrix>
  Matrix matrix(const std::string& name) const {
    return matrix_from_json<Matrix>(at(name));
  }
  template <typename Matrix>
  std::vector<Matrix> matrices(const std::string& name) const {
    return matrices_from<Matrix>(at(name));
  }
  template <typename Matrix>
  static std::vector<Matrix> matrices_from(const Json& list) {
    if (!list.is_array()) throw BadRequest("not a list of matrices: " + list.dump());
    std::vector<Matrix> matrices;
    for (const Json& node : list) matrices.push_back(matrix_from_json<Matrix>(node));
    return matrices;
  }

 private:
  const Json& node_;
};

/// One call of a case: what `before` lists, then the case itself.
struct Call {
  std::string operation;
  Given given;
};

/// Returns the calls of a case in order; the last is the case's own.
inline std::vector<Call> calls_of(const std::string& operation, const Json& given) {
  std::vector<Call> calls;
  const Given own(given);
  if (own.has("before")) {
    for (const Json& node : own.at("before")) {
      if (!node.is_object() || !node.contains("operation") || !node.contains("given")) {
        throw BadRequest("before must be a list of {operation, given}");
      }
      calls.push_back({node.at("operation").get<std::string>(), Given(node.at("given"))});
    }
  }
  calls.push_back({operation, own});
  return calls;
}

/// Hands matrices to a student's functions as copies that are gone when the call is over, and notes whether one
/// was changed: a function keeps what it needs by value, and leaves its arguments alone.
class Arguments {
 public:
  /// Returns call(copy of each argument...), which calls the student's `function`.
  template <typename Call, typename... Matrices>
  auto lend(const std::string& function, Call call, const Matrices&... arguments) {
    now_calling(function);
    return lend_copies(call, std::pair<const Matrices&, Matrices>(arguments, arguments)...);
  }
  bool unchanged() const { return unchanged_; }

 private:
  template <typename Call, typename... Pairs>
  auto lend_copies(Call call, Pairs... pairs) {
    if constexpr (std::is_void_v<decltype(call(pairs.second...))>) {
      call(pairs.second...);
      ((unchanged_ = unchanged_ && same(pairs.first, pairs.second)), ...);
    } else {
      auto result = call(pairs.second...);
      ((unchanged_ = unchanged_ && same(pairs.first, pairs.second)), ...);
      return result;
    }
  }
  template <typename Matrix>
  static bool same(const Matrix& a, const Matrix& b) {
    if (a.shape(0) != b.shape(0) || a.shape(1) != b.shape(1)) return false;
    // A matrix that was moved from keeps its shape and loses its entries.
    if (a.storage().size() != b.storage().size()) return false;
    for (std::size_t row = 0; row < a.shape(0); ++row) {
      for (std::size_t col = 0; col < a.shape(1); ++col) {
        const double x = a(row, col), y = b(row, col);
        if (!(x == y) && !(std::isnan(x) && std::isnan(y))) return false;
      }
    }
    return true;
  }

  bool unchanged_ = true;
};

}  // namespace worker
