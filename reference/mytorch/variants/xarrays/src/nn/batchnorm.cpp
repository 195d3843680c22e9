// xt::xarray inside, one-dimensional statistics, xt::mean and xt::variance, views that add the axis again.
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {

using Array = xt::xarray<double>;

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) : alpha(alpha) {
  Array one = xt::ones<double>({num_features});
  Array zero = xt::zeros<double>({num_features});
  BW = xt::view(one, xt::newaxis(), xt::all());
  Bb = xt::view(zero, xt::newaxis(), xt::all());
  running_M = xt::view(zero, xt::newaxis(), xt::all());
  running_V = xt::view(one, xt::newaxis(), xt::all());
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (eval) {
    NZ = (Z - running_M) / xt::sqrt(running_V + eps);
  } else {
    this->Z = Z;
    N = Z.shape(0);
    Array mean = xt::mean(Z, {0});
    Array variance = xt::variance(Z, {0});
    M = xt::view(mean, xt::newaxis(), xt::all());
    V = xt::view(variance, xt::newaxis(), xt::all());
    Array normalised = (Z - mean) / xt::sqrt(variance + eps);
    NZ = normalised;
    running_M = alpha * running_M + (1 - alpha) * M;
    running_V = alpha * running_V + (1 - alpha) * V;
  }
  BZ = BW * NZ + Bb;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  Array db = xt::sum(dLdBZ, {0});
  Array dw = xt::sum(dLdBZ * NZ, {0});
  dLdBb = xt::view(db, xt::newaxis(), xt::all());
  dLdBW = xt::view(dw, xt::newaxis(), xt::all());

  Array g = dLdBZ * BW;
  Array centred = Z - M;
  Array s = xt::sqrt(xt::flatten(V) + eps);
  Array dLdV = -0.5 * xt::sum(g * centred, {0}) / xt::pow(s, 3.0);
  Array dLdM = -xt::sum(g, {0}) / s;
  Array dLdZ = g / s + dLdV * 2 * centred / N + dLdM / N;
  return dLdZ;
}

}  // namespace mytorch::nn
