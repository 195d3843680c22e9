// tanh(z) = 2 sigmoid(2z) - 1, its derivative 4 s (1 - s) with that sigmoid s; sigmoid' = 1/4 - (A - 1/2)^2; ReLU is
// what is left of Z without its negative part, its derivative A / A where that exists.
#include "mytorch/nn/activation.hpp"

namespace mytorch::nn {
namespace {

Matrix sigmoid(const Matrix& X) { return 1.0 / (xt::exp(-X) + 1.0); }

}  // namespace

Matrix Identity::forward(const Matrix& Z) {
  A = Z;
  return A;
}

Matrix Identity::backward() const {
  Matrix dAdZ = xt::ones_like(A);
  return dAdZ;
}

Matrix Sigmoid::forward(const Matrix& Z) {
  A = sigmoid(Z);
  return A;
}

Matrix Sigmoid::backward() const {
  Matrix from_the_middle = A - 0.5;
  return 0.25 - xt::square(from_the_middle);
}

Matrix Tanh::forward(const Matrix& Z) {
  A = 2.0 * sigmoid(2.0 * Z) - 1.0;
  return A;
}

Matrix Tanh::backward() const {
  Matrix s = (A + 1.0) / 2.0;
  return 4.0 * s * (1.0 - s);
}

Matrix ReLU::forward(const Matrix& Z) {
  A = Z - xt::minimum(Z, 0.0);
  return A;
}

Matrix ReLU::backward() const {
  Matrix divisor = xt::where(xt::equal(A, 0.0), 1.0, A);
  return A / divisor;
}

}  // namespace mytorch::nn
