// Backward in one line per entry, written with the two gradients that are stored anyway, BW / s (g - (dLdBb + NZ
// dLdBW) / N), in explicit loops. Forward: one scale and one offset per feature, BZ = scale Z + offset; running := old
// + (1 - alpha) (new - old).
#include "mytorch/nn/batchnorm.hpp"

#include <cmath>

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) : alpha(alpha) {
  BW = xt::ones<double>({std::size_t{1}, num_features});
  running_V = BW;
  Bb = BW - BW;
  running_M = Bb;
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (!eval) {
    this->Z = Z;
    N = Z.shape(0);
    M = mean_keepdims(Z, 0);
    V = mean_keepdims(xt::square(Z - M), 0);
    for (std::size_t j = 0; j < Z.shape(1); ++j) {
      running_M(0, j) += (1.0 - alpha) * (M(0, j) - running_M(0, j));
      running_V(0, j) += (1.0 - alpha) * (V(0, j) - running_V(0, j));
    }
  }
  NZ.resize(Z.shape());
  BZ.resize(Z.shape());
  for (std::size_t j = 0; j < Z.shape(1); ++j) {
    const double mean = eval ? running_M(0, j) : M(0, j);
    const double inverse = 1.0 / std::sqrt((eval ? running_V(0, j) : V(0, j)) + eps);
    const double scale = BW(0, j) * inverse;
    const double offset = Bb(0, j) - scale * mean;
    for (std::size_t i = 0; i < Z.shape(0); ++i) {
      NZ(i, j) = (Z(i, j) - mean) * inverse;
      BZ(i, j) = std::fma(scale, Z(i, j), offset);
    }
  }
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  dLdBb = xt::zeros_like(Bb);
  dLdBW = xt::zeros_like(BW);
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < BW.shape(1); ++j) {
      dLdBb(0, j) += dLdBZ(i, j);
      dLdBW(0, j) += dLdBZ(i, j) * NZ(i, j);
    }
  }
  Matrix dLdZ = Matrix::from_shape(dLdBZ.shape());
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < BW.shape(1); ++j) {
      dLdZ(i, j) = BW(0, j) / std::sqrt(V(0, j) + eps) * (dLdBZ(i, j) - (dLdBb(0, j) + NZ(i, j) * dLdBW(0, j)) / N);
    }
  }
  return dLdZ;
}

}  // namespace mytorch::nn
