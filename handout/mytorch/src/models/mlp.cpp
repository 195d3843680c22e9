// The three multilayer perceptrons, built from your Linear and your ReLU. README, section 4.
#include "mytorch/models/mlp.hpp"

#include "mytorch/not_implemented.hpp"

namespace mytorch::models {

MLP0::MLP0() {
  // TODO: one layer, 2 -> 3, and one ReLU.
  throw NotImplemented("models::MLP0::MLP0");
}

Matrix MLP0::forward(const Matrix& A0) {
  // TODO: fill the lists Z and A, return the last A.
  throw NotImplemented("models::MLP0::forward");
}

void MLP0::backward(const Matrix& dLdA) {
  // TODO: fill the lists dAdZ, dLdZ and dLdA, from the last layer to the first.
  throw NotImplemented("models::MLP0::backward");
}

MLP1::MLP1() {
  // TODO: two layers, 2 -> 3 -> 2, and two ReLUs.
  throw NotImplemented("models::MLP1::MLP1");
}

Matrix MLP1::forward(const Matrix& A0) {
  // TODO: fill the lists Z and A, return the last A.
  throw NotImplemented("models::MLP1::forward");
}

void MLP1::backward(const Matrix& dLdA) {
  // TODO: fill the lists dAdZ, dLdZ and dLdA, from the last layer to the first.
  throw NotImplemented("models::MLP1::backward");
}

MLP4::MLP4() {
  // TODO: five layers, 2 -> 4 -> 8 -> 8 -> 4 -> 2, and five ReLUs.
  throw NotImplemented("models::MLP4::MLP4");
}

Matrix MLP4::forward(const Matrix& A0) {
  // TODO: fill the lists Z and A, return the last A.
  throw NotImplemented("models::MLP4::forward");
}

void MLP4::backward(const Matrix& dLdA) {
  // TODO: fill the lists dAdZ, dLdZ and dLdA, from the last layer to the first.
  throw NotImplemented("models::MLP4::backward");
}

}  // namespace mytorch::models
