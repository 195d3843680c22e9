// Sums over the batch in Einstein's notation, "ij,ij->j"; backward by the full Jacobian dNZ_ij/dZ_kj under a double
// sum over the samples, without dLdV and dLdM.
#include "mytorch/nn/batchnorm.hpp"

#include <cmath>

namespace mytorch::nn {
namespace {

/// ij,ij->j
Matrix contract(const Matrix& X, const Matrix& Y) {
  Matrix result = xt::zeros<double>({std::size_t{1}, X.shape(1)});
  for (std::size_t i = 0; i < X.shape(0); ++i) {
    for (std::size_t j = 0; j < X.shape(1); ++j) {
      result(0, j) += X(i, j) * Y(i, j);
    }
  }
  return result;
}

}  // namespace

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features})),
      running_M(xt::zeros<double>({std::size_t{1}, num_features})),
      running_V(xt::ones<double>({std::size_t{1}, num_features})) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  Matrix centred = Z - running_M;
  Matrix variance = running_V;
  if (!eval) {
    this->Z = Z;
    N = Z.shape(0);
    const Matrix share = xt::ones_like(Z) / static_cast<double>(N);
    M = contract(Z, share);
    centred = Z - M;
    V = contract(centred * share, centred);
    variance = V;
    running_M = M - alpha * (M - running_M);
    running_V = V - alpha * (V - running_V);
  }
  NZ = centred * (1.0 / xt::sqrt(variance + eps));
  BZ = Bb + BW * NZ;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  dLdBb = contract(dLdBZ, xt::ones_like(dLdBZ));
  dLdBW = contract(NZ, dLdBZ);
  Matrix dLdZ = xt::zeros_like(dLdBZ);
  for (std::size_t j = 0; j < Z.shape(1); ++j) {
    const double s = std::sqrt(V(0, j) + eps);
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t k = 0; k < N; ++k) {
        const double same = i == k ? 1.0 : 0.0;
        const double dNZdZ = (same - (1.0 + NZ(i, j) * NZ(k, j)) / static_cast<double>(N)) / s;
        dLdZ(k, j) += dLdBZ(i, j) * BW(0, j) * dNZdZ;
      }
    }
  }
  return dLdZ;
}

}  // namespace mytorch::nn
