// Templates and lambdas: expressions are passed on unevaluated, and one template serves mean and sum.
#include "mytorch/nn/batchnorm.hpp"

#include <utility>

namespace mytorch::nn {
namespace {

enum class Scale { none, batch };

template <Scale scale, class E>
Matrix down(E&& expression) {
  Matrix X = std::forward<E>(expression);
  Matrix sums = sum_keepdims(X, 0);
  if constexpr (scale == Scale::batch) {
    sums /= static_cast<double>(X.shape(0));
  }
  return sums;
}

template <class... Rows>
void fill_rows(std::size_t C, double value, Rows&... rows) {
  ((rows = xt::full_like(Matrix::from_shape({std::size_t{1}, C}), value)), ...);
}

}  // namespace

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) : alpha(alpha) {
  fill_rows(num_features, 1.0, BW, running_V);
  fill_rows(num_features, 0.0, Bb, running_M);
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  auto normalise = [&](const Matrix& mean, const Matrix& variance) {
    NZ = (Z - mean) / xt::sqrt(variance + eps);
    BZ = BW * NZ + Bb;
    return BZ;
  };
  if (eval) {
    return normalise(running_M, running_V);
  }
  auto track = [this](Matrix& running, const Matrix& batch) { running = alpha * running + (1.0 - alpha) * batch; };
  this->Z = Z;
  N = Z.shape(0);
  M = down<Scale::batch>(Z);
  V = down<Scale::batch>((Z - M) * (Z - M));
  track(running_M, M);
  track(running_V, V);
  return normalise(M, V);
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  dLdBb = down<Scale::none>(dLdBZ);
  dLdBW = down<Scale::none>(dLdBZ * NZ);
  const Matrix s = xt::sqrt(V + eps);
  const Matrix g = dLdBZ * BW / s;
  return g - down<Scale::batch>(g) - NZ * down<Scale::batch>(g * NZ);
}

}  // namespace mytorch::nn
