// Explicit loops over samples and features with operator() and the functions of <cmath>.
#include "mytorch/nn/activation.hpp"

#include <cmath>

namespace mytorch::nn {

Matrix Identity::forward(const Matrix& Z) {
  A = Z;
  return A;
}

Matrix Identity::backward() const {
  Matrix dAdZ = xt::ones_like(A);
  return dAdZ;
}

Matrix Sigmoid::forward(const Matrix& Z) {
  A = Matrix::from_shape(Z.shape());
  for (std::size_t i = 0; i < Z.shape(0); i++) {
    for (std::size_t j = 0; j < Z.shape(1); j++) {
      // Two branches, so that the exponential never overflows.
      if (Z(i, j) >= 0) {
        A(i, j) = 1 / (1 + std::exp(-Z(i, j)));
      } else {
        const double e = std::exp(Z(i, j));
        A(i, j) = e / (1 + e);
      }
    }
  }
  return A;
}

Matrix Sigmoid::backward() const {
  Matrix dAdZ = Matrix::from_shape(A.shape());
  for (std::size_t i = 0; i < A.shape(0); i++) {
    for (std::size_t j = 0; j < A.shape(1); j++) {
      dAdZ(i, j) = A(i, j) - A(i, j) * A(i, j);
    }
  }
  return dAdZ;
}

Matrix Tanh::forward(const Matrix& Z) {
  A = Matrix::from_shape(Z.shape());
  for (std::size_t i = 0; i < Z.shape(0); i++) {
    for (std::size_t j = 0; j < Z.shape(1); j++) {
      A(i, j) = std::tanh(Z(i, j));
    }
  }
  return A;
}

Matrix Tanh::backward() const {
  Matrix dAdZ = Matrix::from_shape(A.shape());
  for (std::size_t i = 0; i < A.shape(0); i++) {
    for (std::size_t j = 0; j < A.shape(1); j++) {
      dAdZ(i, j) = 1 - std::pow(A(i, j), 2);
    }
  }
  return dAdZ;
}

Matrix ReLU::forward(const Matrix& Z) {
  A = Matrix::from_shape(Z.shape());
  for (std::size_t i = 0; i < Z.shape(0); i++) {
    for (std::size_t j = 0; j < Z.shape(1); j++) {
      if (Z(i, j) > 0) {
        A(i, j) = Z(i, j);
      } else {
        A(i, j) = 0;
      }
    }
  }
  return A;
}

Matrix ReLU::backward() const {
  Matrix dAdZ = Matrix::from_shape(A.shape());
  for (std::size_t i = 0; i < A.shape(0); i++) {
    for (std::size_t j = 0; j < A.shape(1); j++) {
      dAdZ(i, j) = A(i, j) > 0 ? 1 : 0;
    }
  }
  return dAdZ;
}

}  // namespace mytorch::nn
