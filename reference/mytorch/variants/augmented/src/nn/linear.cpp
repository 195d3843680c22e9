// The bias as one more column of the weights: Z = [A 1] [W b]^T. Backward, one product gives [dLdW dLdb], and another
// [dLdA and a column that nobody needs].
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {
namespace {

Matrix beside(const Matrix& left, const Matrix& right) { return xt::concatenate(xt::xtuple(left, right), 1); }

}  // namespace

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  const Matrix Wb = xt::zeros<double>({out_features, in_features + 1});
  W = xt::view(Wb, xt::all(), xt::range(0, in_features));
  b = xt::view(Wb, xt::all(), xt::range(in_features, in_features + 1));
}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  const Matrix A1 = beside(A, xt::ones<double>({N, std::size_t{1}}));
  const Matrix Wb = beside(W, b);
  return xt::linalg::dot(A1, xt::transpose(Wb));
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const std::size_t C_in = W.shape(1);
  const Matrix A1 = beside(A, xt::ones<double>({N, std::size_t{1}}));
  const Matrix dLdWb = xt::linalg::dot(xt::transpose(dLdZ), A1) / static_cast<double>(N);
  dLdW = xt::view(dLdWb, xt::all(), xt::range(0, C_in));
  dLdb = xt::view(dLdWb, xt::all(), xt::range(C_in, C_in + 1));
  const Matrix dLdA1 = xt::linalg::dot(dLdZ, beside(W, b));
  Matrix dLdA = xt::view(dLdA1, xt::all(), xt::range(0, C_in));
  return dLdA;
}

}  // namespace mytorch::nn
