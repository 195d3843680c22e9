// Backward in the compact closed form, BW / (N s) * (N g - sum g - NZ sum(g NZ)), and one path for both modes.
#include "mytorch/nn/batchnorm.hpp"

#include <array>

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(std::array<std::size_t, 2>{1, num_features}, 1.0),
      Bb(std::array<std::size_t, 2>{1, num_features}, 0.0),
      running_M(std::array<std::size_t, 2>{1, num_features}, 0.0),
      running_V(std::array<std::size_t, 2>{1, num_features}, 1.0) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (!eval) {
    N = Z.shape(0);
    this->Z = Z;
    M = mean_keepdims(Z, 0);
    V = mean_keepdims(xt::square(Z - M), 0);
    running_M += (1.0 - alpha) * (M - running_M);
    running_V += (1.0 - alpha) * (V - running_V);
  }
  const Matrix& mean = eval ? running_M : M;
  const Matrix& variance = eval ? running_V : V;
  NZ = (Z - mean) / xt::sqrt(variance + eps);
  return BZ = xt::fma(BW, NZ, Bb);
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const auto n = static_cast<double>(N);
  dLdBb = sum_keepdims(dLdBZ, 0);
  dLdBW = sum_keepdims(dLdBZ * NZ, 0);
  Matrix scale = BW / xt::sqrt(V + eps) / n;
  return scale * (n * dLdBZ - dLdBb - NZ * dLdBW);
}

}  // namespace mytorch::nn
