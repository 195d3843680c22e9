// Linear layer: Z = A W^T + 1 b^T, and its gradients. README, section 2.
#include "mytorch/nn/linear.hpp"

#include "mytorch/not_implemented.hpp"

namespace mytorch::nn {

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  // TODO: set W and b to zero; the shapes are in linear.hpp.
  throw NotImplemented("nn::Linear::Linear");
}

Matrix Linear::forward(const Matrix& A) {
  // TODO: keep A and N, return Z.
  throw NotImplemented("nn::Linear::forward");
}

Matrix Linear::backward(const Matrix& dLdZ) {
  // TODO: set dLdW and dLdb (each divided by N), return dLdA.
  throw NotImplemented("nn::Linear::backward");
}

}  // namespace mytorch::nn
