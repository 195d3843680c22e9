// Explicit loops over samples and features with operator(), no array expressions.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  W.resize({out_features, in_features});
  b.resize({out_features, 1});
  for (std::size_t o = 0; o < out_features; ++o) {
    for (std::size_t i = 0; i < in_features; ++i) {
      W(o, i) = 0.0;
    }
    b(o, 0) = 0.0;
  }
}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  this->N = A.shape()[0];
  const std::size_t C_in = W.shape()[1];
  const std::size_t C_out = W.shape()[0];
  Matrix Z = Matrix::from_shape({N, C_out});
  for (std::size_t n = 0; n < N; ++n) {
    for (std::size_t o = 0; o < C_out; ++o) {
      double sum = b(o, 0);
      for (std::size_t i = 0; i < C_in; ++i) {
        sum += A(n, i) * W(o, i);
      }
      Z(n, o) = sum;
    }
  }
  return Z;
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const std::size_t C_in = W.shape()[1];
  const std::size_t C_out = W.shape()[0];
  Matrix dLdA = Matrix::from_shape({N, C_in});
  dLdW = Matrix::from_shape({C_out, C_in});
  dLdb = Matrix::from_shape({C_out, 1});
  for (std::size_t n = 0; n < N; ++n) {
    for (std::size_t i = 0; i < C_in; ++i) {
      double sum = 0.0;
      for (std::size_t o = 0; o < C_out; ++o) {
        sum += dLdZ(n, o) * W(o, i);
      }
      dLdA(n, i) = sum;
    }
  }
  for (std::size_t o = 0; o < C_out; ++o) {
    for (std::size_t i = 0; i < C_in; ++i) {
      double sum = 0.0;
      for (std::size_t n = 0; n < N; ++n) {
        sum += dLdZ(n, o) * A(n, i);
      }
      dLdW(o, i) = sum / double(N);
    }
    double sum = 0.0;
    for (std::size_t n = 0; n < N; ++n) {
      sum += dLdZ(n, o);
    }
    dLdb(o, 0) = sum / double(N);
  }
  return dLdA;
}

}  // namespace mytorch::nn
