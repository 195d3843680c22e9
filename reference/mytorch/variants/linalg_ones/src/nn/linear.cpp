// xt::linalg with vectors of ones instead of broadcasting and sums, as equation 1 writes the bias.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  W = xt::zeros<double>({out_features, in_features});
  b = xt::zeros<double>({out_features, std::size_t{1}});
}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  Matrix ones = xt::ones<double>({N, std::size_t{1}});
  return xt::linalg::dot(A, xt::transpose(W)) + xt::linalg::dot(ones, xt::transpose(b));
}

Matrix Linear::backward(const Matrix& dLdZ) {
  Matrix dZdA = xt::transpose(W);
  Matrix dZdW = A;
  Matrix dZdb = xt::ones<double>({N, std::size_t{1}});
  Matrix dLdA = xt::linalg::dot(dLdZ, xt::transpose(dZdA));
  Matrix dLdW = xt::linalg::dot(xt::transpose(dLdZ), dZdW);
  Matrix dLdb = xt::linalg::dot(xt::transpose(dLdZ), dZdb);
  this->dLdW = dLdW / N;
  this->dLdb = dLdb / N;
  return dLdA;
}

}  // namespace mytorch::nn
