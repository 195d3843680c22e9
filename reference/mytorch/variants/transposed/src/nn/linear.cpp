// Samples as columns: Z^T = W A^T + b, and every product of the backward pass transposed. dLdZ is divided by N before
// the sums for dLdW and dLdb, not after.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

Linear::Linear(std::size_t in_features, std::size_t out_features)
    : W(xt::transpose(Matrix(xt::zeros<double>({in_features, out_features})))),
      b(xt::transpose(Matrix(xt::zeros<double>({std::size_t{1}, out_features})))) {}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  Matrix columns = xt::linalg::dot(W, xt::transpose(A));
  columns += b;
  return xt::transpose(columns);
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const Matrix columns = xt::transpose(dLdZ);
  const Matrix weighted = dLdZ / static_cast<double>(N);
  const Matrix transposed_dLdW = xt::linalg::dot(xt::transpose(A), weighted);
  dLdW = xt::transpose(transposed_dLdW);
  dLdb = sum_keepdims(xt::transpose(weighted), 1);
  const Matrix transposed_dLdA = xt::linalg::dot(xt::transpose(W), columns);
  return xt::transpose(transposed_dLdA);
}

}  // namespace mytorch::nn
