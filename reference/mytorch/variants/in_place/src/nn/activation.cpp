// In-place operators and xt::noalias: A starts as Z and is changed step by step.
#include "mytorch/nn/activation.hpp"

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
  A = Z;
  A *= -1.0;
  xt::noalias(A) = xt::exp(A);
  A += 1.0;
  xt::noalias(A) = 1.0 / A;
  return A;
}

Matrix Sigmoid::backward() const {
  Matrix dAdZ = A;
  dAdZ *= A;
  dAdZ -= A;
  dAdZ *= -1.0;
  return dAdZ;
}

Matrix Tanh::forward(const Matrix& Z) {
  A.resize(Z.shape());
  xt::noalias(A) = xt::tanh(Z);
  return A;
}

Matrix Tanh::backward() const {
  Matrix dAdZ = xt::ones_like(A);
  dAdZ -= A * A;
  return dAdZ;
}

Matrix ReLU::forward(const Matrix& Z) {
  A = Z;
  xt::filter(A, Z <= 0.0) = 0.0;
  return A;
}

Matrix ReLU::backward() const {
  Matrix dAdZ = A;
  xt::filter(dAdZ, A > 0.0) = 1.0;
  return dAdZ;
}

}  // namespace mytorch::nn
