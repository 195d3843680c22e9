// Equivalent closed forms: sigmoid through tanh, derivatives as products, ReLU by a mask of signs.
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

Matrix Sigmoid::forward(const Matrix& Z) { return A = 0.5 + 0.5 * xt::tanh(0.5 * Z); }

Matrix Sigmoid::backward() const { return A * (1.0 - A); }

Matrix Tanh::forward(const Matrix& Z) { return A = 1.0 - 2.0 / (xt::exp(2.0 * Z) + 1.0); }

Matrix Tanh::backward() const { return (1.0 - A) * (1.0 + A); }

Matrix ReLU::forward(const Matrix& Z) { return A = (Z + xt::abs(Z)) / 2.0; }

Matrix ReLU::backward() const { return xt::sign(A); }

}  // namespace mytorch::nn
