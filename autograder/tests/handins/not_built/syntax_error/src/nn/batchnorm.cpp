// Batch normalisation. Row vectors (1, C) broadcast over the batch (N, C).
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
    NZ = (Z - running_M) / xt::sqrt(running_V + eps);
  } else {
    this->Z = Z;
    N = Z.shape(0
    M = mean_keepdims(Z, 0);
    V = mean_keepdims(xt::square(Z - M), 0);
    NZ = (Z - M) / xt::sqrt(V + eps);
    running_M = alpha * running_M + (1.0 - alpha) * M;
    running_V = alpha * running_V + (1.0 - alpha) * V;
  }
  BZ = BW * NZ + Bb;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const auto batch_size = static_cast<double>(N);
  dLdBb = sum_keepdims(dLdBZ, 0);
  dLdBW = sum_keepdims(dLdBZ * NZ, 0);

  Matrix centred = Z - M;
  Matrix inverse_deviation = 1.0 / xt::sqrt(V + eps);
  Matrix dLdNZ = dLdBZ * BW;
  Matrix dLdV = -0.5 * sum_keepdims(dLdNZ * centred, 0) * xt::pow(inverse_deviation, 3);
  Matrix dLdM = -sum_keepdims(dLdNZ, 0) * inverse_deviation - 2.0 * dLdV * mean_keepdims(centred, 0);
  Matrix dLdZ = dLdNZ * inverse_deviation + 2.0 * dLdV * centred / batch_size + dLdM / batch_size;
  return dLdZ;
}

}  // namespace mytorch::nn
