// Backward by the Jacobian of each feature, the (N, N) matrix (I - 1 1^T / N - x x^T / N) / s with x the column of NZ.
// Forward: the variance is half the mean of all squared differences between two samples, so that it needs no mean.
#include "mytorch/nn/batchnorm.hpp"

#include <cmath>

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features})),
      running_M(xt::zeros<double>({std::size_t{1}, num_features})),
      running_V(xt::ones<double>({std::size_t{1}, num_features})) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (!eval) {
    this->Z = Z;
    N = Z.shape(0);
    const auto n = static_cast<double>(N);
    M = xt::zeros<double>({std::size_t{1}, Z.shape(1)});
    V = xt::zeros<double>({std::size_t{1}, Z.shape(1)});
    for (std::size_t i = 0; i < N; ++i) {
      const Matrix sample = xt::view(Z, xt::range(i, i + 1), xt::all());
      M += sample / n;
      V += sum_keepdims(xt::square(Z - sample), 0) / (2.0 * n * n);
    }
    running_M = M + alpha * (running_M - M);
    running_V = V + alpha * (running_V - V);
  }
  const Matrix deviation = xt::sqrt((eval ? running_V : V) + eps);
  NZ = Z / deviation - (eval ? running_M : M) / deviation;
  BZ = Bb + NZ * BW;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const auto n = static_cast<double>(N);
  const Matrix same = xt::linalg::dot(xt::transpose(dLdBZ), Matrix(xt::ones<double>({N, std::size_t{1}})));
  const Matrix products = xt::linalg::dot(xt::transpose(dLdBZ), NZ);
  dLdBb = xt::transpose(same);
  dLdBW = xt::zeros_like(dLdBb);
  Matrix dLdZ = xt::zeros_like(dLdBZ);
  for (std::size_t j = 0; j < Z.shape(1); ++j) {
    dLdBW(0, j) = products(j, j);
    const Matrix x = xt::view(NZ, xt::all(), xt::range(j, j + 1));
    const Matrix identity = xt::eye<double>(N);
    const Matrix jacobian = (identity - 1.0 / n - x * xt::transpose(x) / n) / std::sqrt(V(0, j) + eps);
    const Matrix g = BW(0, j) * xt::view(dLdBZ, xt::all(), xt::range(j, j + 1));
    xt::view(dLdZ, xt::all(), xt::range(j, j + 1)) = xt::linalg::dot(xt::transpose(jacobian), g);
  }
  return dLdZ;
}

}  // namespace mytorch::nn
