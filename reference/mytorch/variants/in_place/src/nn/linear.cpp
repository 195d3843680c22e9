// In-place operators and xt::noalias, results built up in the members and lists themselves.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

Linear::Linear(std::size_t in_features, std::size_t out_features)
    : W(Matrix::from_shape({out_features, in_features})), b(Matrix::from_shape({out_features, 1})) {
  W.fill(0.0);
  b.fill(0.0);
}

Matrix Linear::forward(const Matrix& A) {
  xt::noalias(this->A) = A;
  N = A.shape(0);
  Matrix Z = xt::linalg::dot(A, xt::transpose(W));
  Z += xt::transpose(b);
  return Z;
}

Matrix Linear::backward(const Matrix& dLdZ) {
  xt::noalias(dLdW) = xt::linalg::dot(xt::transpose(dLdZ), A);
  dLdW /= static_cast<double>(N);
  dLdb = xt::transpose(sum_keepdims(dLdZ, 0));
  dLdb /= static_cast<double>(N);
  return xt::linalg::dot(dLdZ, W);
}

}  // namespace mytorch::nn
