// Activation functions and their derivatives. Identity is complete: follow its example. README, section 3.
#include "mytorch/nn/activation.hpp"

#include "mytorch/not_implemented.hpp"

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
  // TODO: keep and return A.
  throw NotImplemented("nn::Sigmoid::forward");
}

Matrix Sigmoid::backward() const {
  // TODO: return dAdZ, written with A alone.
  throw NotImplemented("nn::Sigmoid::backward");
}

Matrix Tanh::forward(const Matrix& Z) {
  // TODO: keep and return A.
  throw NotImplemented("nn::Tanh::forward");
}

Matrix Tanh::backward() const {
  // TODO: return dAdZ, written with A alone.
  throw NotImplemented("nn::Tanh::backward");
}

Matrix ReLU::forward(const Matrix& Z) {
  // TODO: keep and return A.
  throw NotImplemented("nn::ReLU::forward");
}

Matrix ReLU::backward() const {
  // TODO: return dAdZ, the two cases of equation (20).
  throw NotImplemented("nn::ReLU::backward");
}

}  // namespace mytorch::nn
