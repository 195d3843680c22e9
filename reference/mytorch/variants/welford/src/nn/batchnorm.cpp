// Forward: mean and variance in one pass, after Welford. Backward: the chain rule through the deviation s = sqrt(V +
// eps) instead of through the variance, with dLds = -sum(dLdNZ NZ) / s and ds/dZ = (Z - M) / (N s).
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features})),
      running_M(xt::zeros<double>({std::size_t{1}, num_features})),
      running_V(xt::ones<double>({std::size_t{1}, num_features})) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (eval) {
    const Matrix s = xt::sqrt(running_V + eps);
    NZ = (Z - running_M) / s;
    BZ = NZ * BW + Bb;
    return BZ;
  }
  this->Z = Z;
  N = Z.shape(0);
  M = xt::zeros_like(running_M);
  Matrix squares = xt::zeros_like(running_V);
  for (std::size_t i = 0; i < N; ++i) {
    const Matrix sample = xt::view(Z, xt::range(i, i + 1), xt::all());
    const Matrix before = sample - M;
    M += before / (i + 1.0);
    squares += before * (sample - M);
  }
  V = squares / static_cast<double>(N);
  const Matrix s = xt::sqrt(V + eps);
  NZ = (Z - M) / s;
  BZ = NZ * BW + Bb;
  running_M += (1.0 - alpha) * (M - running_M);
  running_V += (1.0 - alpha) * (V - running_V);
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  dLdBb = sum_keepdims(dLdBZ, 0);
  dLdBW = sum_keepdims(dLdBZ * NZ, 0);
  const auto n = static_cast<double>(N);
  const Matrix s = xt::sqrt(V + eps);
  const Matrix dLdNZ = BW * dLdBZ;
  const Matrix dLds = -sum_keepdims(dLdNZ * NZ, 0) / s;
  const Matrix dsdZ = (Z - M) / (n * s);
  const Matrix dLdcentred = dLdNZ / s + dLds * dsdZ;
  return dLdcentred - mean_keepdims(dLdcentred, 0);
}

}  // namespace mytorch::nn
