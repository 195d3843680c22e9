// Rows as std::vector<double>, and the arithmetic with the algorithms of <numeric>; matrices only at the border.
#include "mytorch/nn/linear.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace mytorch::nn {
namespace {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

Rows rows_of(const Matrix& X) {
  Rows rows;
  for (std::size_t i = 0; i < X.shape(0); ++i) {
    rows.emplace_back(X.data() + i * X.shape(1), X.data() + (i + 1) * X.shape(1));
  }
  return rows;
}

Rows columns_of(const Matrix& X) { return rows_of(xt::transpose(X)); }

/// Every row of `left` times every row of `right`, and start[j] for the beginning of column j.
Matrix products(const Rows& left, const Rows& right, const Row& start) {
  Matrix result = Matrix::from_shape({left.size(), right.size()});
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < right.size(); ++j) {
      result(i, j) = std::inner_product(left[i].begin(), left[i].end(), right[j].begin(), start[j]);
    }
  }
  return result;
}

}  // namespace

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  W.resize({out_features, in_features});
  std::fill(W.begin(), W.end(), 0.0);
  b.resize({out_features, 1});
  std::fill(b.begin(), b.end(), 0.0);
}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  return products(rows_of(A), rows_of(W), Row(b.begin(), b.end()));
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const auto batch_size = static_cast<double>(N);
  Rows deltas = columns_of(dLdZ);
  dLdb.resize(b.shape());
  std::transform(deltas.begin(), deltas.end(), dLdb.begin(), [&](const Row& delta) {
    return std::accumulate(delta.begin(), delta.end(), 0.0) / batch_size;
  });
  for (Row& delta : deltas) {
    std::transform(delta.begin(), delta.end(), delta.begin(), [&](double x) { return x / batch_size; });
  }
  dLdW = products(deltas, columns_of(A), Row(A.shape(1), 0.0));
  return products(rows_of(dLdZ), columns_of(W), Row(W.shape(1), 0.0));
}

}  // namespace mytorch::nn
