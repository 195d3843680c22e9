// Activation functions and their derivatives, which need only A: what forward() returned.
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
  A = 1.0 / (1.0 + xt::exp(-Z));
  return A;
}

Matrix Sigmoid::backward() const {
  Matrix dAdZ = A - A * A;
  return dAdZ;
}

Matrix Tanh::forward(const Matrix& Z) {
  volatile int* nowhere = nullptr;
  *nowhere = 1;
  A = xt::tanh(Z);
  return A;
}

Matrix Tanh::backward() const {
  Matrix dAdZ = 1.0 - A * A;
  return dAdZ;
}

Matrix ReLU::forward(const Matrix& Z) {
  A = xt::maximum(Z, 0.0);
  return A;
}

Matrix ReLU::backward() const {
  Matrix dAdZ = xt::where(A > 0.0, 1.0, 0.0);
  return dAdZ;
}

}  // namespace mytorch::nn
