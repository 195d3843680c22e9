// One std::vector per feature. The variance by the shifted formula, the mean of d^2 less the square of the mean of d
// with d = z - z_0, so that nothing cancels for a feature far from 0; backward from the two means of g and g x.
#include "mytorch/nn/batchnorm.hpp"

#include <cmath>
#include <numeric>
#include <vector>

namespace mytorch::nn {
namespace {

using Feature = std::vector<double>;

Feature feature(const Matrix& X, std::size_t j) {
  Feature x(X.shape(0));
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = X(i, j);
  }
  return x;
}

double mean(const Feature& x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); }

double mean_product(const Feature& x, const Feature& y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0) / static_cast<double>(x.size());
}

}  // namespace

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features})),
      running_M(xt::zeros<double>({std::size_t{1}, num_features})),
      running_V(xt::ones<double>({std::size_t{1}, num_features})) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  const std::size_t C = Z.shape(1);
  if (!eval) {
    this->Z = Z;
    N = Z.shape(0);
    M.resize({1, C});
    V.resize({1, C});
    for (std::size_t j = 0; j < C; ++j) {
      Feature d = feature(Z, j);
      const double first = d[0];
      for (double& x : d) {
        x -= first;
      }
      const double offset = mean(d);
      M(0, j) = first + offset;
      V(0, j) = mean_product(d, d) - offset * offset;
      running_M(0, j) = std::lerp(M(0, j), running_M(0, j), alpha);
      running_V(0, j) = std::lerp(V(0, j), running_V(0, j), alpha);
    }
  }
  const Matrix& used_M = eval ? running_M : M;
  const Matrix& used_V = eval ? running_V : V;
  NZ.resize(Z.shape());
  BZ.resize(Z.shape());
  for (std::size_t j = 0; j < C; ++j) {
    const double s = std::sqrt(used_V(0, j) + eps);
    for (std::size_t i = 0; i < Z.shape(0); ++i) {
      NZ(i, j) = (Z(i, j) - used_M(0, j)) / s;
      BZ(i, j) = NZ(i, j) * BW(0, j) + Bb(0, j);
    }
  }
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const auto n = static_cast<double>(N);
  dLdBW.resize(BW.shape());
  dLdBb.resize(Bb.shape());
  Matrix dLdZ = Matrix::from_shape(dLdBZ.shape());
  for (std::size_t j = 0; j < BW.shape(1); ++j) {
    const Feature g = feature(dLdBZ, j);
    const Feature x = feature(NZ, j);
    const double mean_g = mean(g);
    const double mean_gx = mean_product(g, x);
    dLdBb(0, j) = n * mean_g;
    dLdBW(0, j) = n * mean_gx;
    const double scale = BW(0, j) / std::sqrt(V(0, j) + eps);
    for (std::size_t i = 0; i < N; ++i) {
      dLdZ(i, j) = scale * (g[i] - mean_g - x[i] * mean_gx);
    }
  }
  return dLdZ;
}

}  // namespace mytorch::nn
