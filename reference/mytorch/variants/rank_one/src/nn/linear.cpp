// Products as sums of matrices of rank one: Z starts as the bias and gains one outer product per input feature; dLdW
// and dLdb are running means over the samples, which leaves no division by N at the end.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {
namespace {

Matrix column(const Matrix& X, std::size_t j) { return xt::view(X, xt::all(), xt::range(j, j + 1)); }

Matrix one_row(const Matrix& X, std::size_t i) { return xt::view(X, xt::range(i, i + 1), xt::all()); }

}  // namespace

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  W = xt::zeros<double>({out_features, in_features});
  b = xt::zeros<double>({out_features, std::size_t{1}});
}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  Matrix Z = xt::zeros<double>({N, b.shape(0)});
  Z += xt::transpose(b);
  for (std::size_t i = 0; i < A.shape(1); ++i) {
    Z += column(A, i) * xt::transpose(column(W, i));  // (N, 1) times (1, C_out)
  }
  return Z;
}

Matrix Linear::backward(const Matrix& dLdZ) {
  dLdW = xt::zeros_like(W);
  dLdb = xt::zeros_like(b);
  for (std::size_t n = 0; n < N; ++n) {
    const Matrix delta = xt::transpose(one_row(dLdZ, n));  // (C_out, 1)
    const Matrix product = delta * one_row(A, n);          // (C_out, C_in)
    const double seen = n + 1.0;
    dLdW += (product - dLdW) / seen;
    dLdb += (delta - dLdb) / seen;
  }
  Matrix dLdA = xt::zeros_like(A);
  for (std::size_t o = 0; o < W.shape(0); ++o) {
    dLdA += column(dLdZ, o) * one_row(W, o);
  }
  return dLdA;
}

}  // namespace mytorch::nn
