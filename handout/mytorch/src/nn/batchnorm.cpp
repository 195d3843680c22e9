// Batch normalisation, forward and backward. README, section 7.
#include "mytorch/nn/batchnorm.hpp"

#include "mytorch/not_implemented.hpp"

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) {
  // TODO: keep alpha; start BW at 1, Bb at 0, running_M at 0, running_V at 1, each (1, num_features).
  throw NotImplemented("nn::BatchNorm1d::BatchNorm1d");
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  // TODO: in training set Z, N, M, V, NZ, BZ and move running_M and running_V; with eval set only NZ and BZ. Return BZ.
  throw NotImplemented("nn::BatchNorm1d::forward");
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  // TODO: set dLdBW and dLdBb, return dLdZ.
  throw NotImplemented("nn::BatchNorm1d::backward");
}

}  // namespace mytorch::nn
