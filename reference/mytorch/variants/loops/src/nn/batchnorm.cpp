// Explicit loops, feature by feature, each feature worked out completely before the next.
#include "mytorch/nn/batchnorm.hpp"

#include <cmath>

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) : alpha(alpha) {
  BW = Matrix::from_shape({1, num_features});
  Bb = Matrix::from_shape({1, num_features});
  running_M = Matrix::from_shape({1, num_features});
  running_V = Matrix::from_shape({1, num_features});
  for (std::size_t j = 0; j < num_features; ++j) {
    BW(0, j) = 1.0;
    Bb(0, j) = 0.0;
    running_M(0, j) = 0.0;
    running_V(0, j) = 1.0;
  }
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  const std::size_t rows = Z.shape(0);
  const std::size_t C = Z.shape(1);
  NZ = Matrix::from_shape({rows, C});
  BZ = Matrix::from_shape({rows, C});
  if (!eval) {
    this->Z = Z;
    N = rows;
    M = Matrix::from_shape({1, C});
    V = Matrix::from_shape({1, C});
  }
  for (std::size_t j = 0; j < C; ++j) {
    double mean;
    double variance;
    if (eval) {
      mean = running_M(0, j);
      variance = running_V(0, j);
    } else {
      mean = 0.0;
      for (std::size_t i = 0; i < rows; ++i) {
        mean += Z(i, j);
      }
      mean /= rows;
      variance = 0.0;
      for (std::size_t i = 0; i < rows; ++i) {
        variance += (Z(i, j) - mean) * (Z(i, j) - mean);
      }
      variance /= rows;
      M(0, j) = mean;
      V(0, j) = variance;
      running_M(0, j) = alpha * running_M(0, j) + (1 - alpha) * mean;
      running_V(0, j) = alpha * running_V(0, j) + (1 - alpha) * variance;
    }
    for (std::size_t i = 0; i < rows; ++i) {
      NZ(i, j) = (Z(i, j) - mean) / std::sqrt(variance + eps);
      BZ(i, j) = BW(0, j) * NZ(i, j) + Bb(0, j);
    }
  }
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const std::size_t C = Z.shape(1);
  dLdBW = Matrix::from_shape({1, C});
  dLdBb = Matrix::from_shape({1, C});
  Matrix dLdZ = Matrix::from_shape({N, C});
  for (std::size_t j = 0; j < C; ++j) {
    double sum = 0.0;
    double scaled_sum = 0.0;
    double dLdV = 0.0;
    double dLdM = 0.0;
    for (std::size_t i = 0; i < N; ++i) {
      sum += dLdBZ(i, j);
      scaled_sum += dLdBZ(i, j) * NZ(i, j);
      dLdV -= 0.5 * dLdBZ(i, j) * BW(0, j) * (Z(i, j) - M(0, j)) * std::pow(V(0, j) + eps, -1.5);
      dLdM -= dLdBZ(i, j) * BW(0, j) * std::pow(V(0, j) + eps, -0.5);
    }
    dLdBb(0, j) = sum;
    dLdBW(0, j) = scaled_sum;
    for (std::size_t i = 0; i < N; ++i) {
      dLdZ(i, j) = dLdBZ(i, j) * BW(0, j) * std::pow(V(0, j) + eps, -0.5);
      dLdZ(i, j) += dLdV * 2 * (Z(i, j) - M(0, j)) / N + dLdM / N;
    }
  }
  return dLdZ;
}

}  // namespace mytorch::nn
