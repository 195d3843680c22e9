// Helpers with external linkage that linear.cpp and loss.cpp define too, with other bodies; file-level constants.
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {

static const double HALF = 0.5;
static const std::size_t DOWN = 0;

/// The mean row of X: (N, C) -> (1, C).
Matrix row_sums(const Matrix& X) { return mean_keepdims(X, DOWN); }

/// How many features X has.
inline double count(const Matrix& X) { return static_cast<double>(X.shape(1)); }

struct Reducer {
  virtual ~Reducer() = default;
  virtual Matrix reduce(const Matrix& X) const { return sum_keepdims(X, DOWN); }
};

template <class T>
T twice(const T& x) {
  return x / HALF;
}

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features})),
      running_M(Bb),
      running_V(BW) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (count(Z) != count(BW)) {
    throw std::invalid_argument("BatchNorm1d::forward: Z has another number of features");
  }
  if (!eval) {
    this->Z = Z;
    N = Z.shape(0);
    M = row_sums(Z);
    V = row_sums(xt::square(Z - M));
    NZ = (Z - M) / xt::sqrt(V + eps);
    running_M = alpha * running_M + (1.0 - alpha) * M;
    running_V = alpha * running_V + (1.0 - alpha) * V;
  } else {
    NZ = (Z - running_M) / xt::sqrt(running_V + eps);
  }
  BZ = BW * NZ + Bb;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const Reducer sums;
  dLdBb = sums.reduce(dLdBZ);
  dLdBW = sums.reduce(dLdBZ * NZ);
  const Matrix dLdNZ = dLdBZ * BW;
  const Matrix variance = V + eps;
  const Matrix dLdV = -HALF * sums.reduce(dLdNZ * (Z - M)) / (variance * xt::sqrt(variance));
  // The mean over the batch already divides by N.
  const Matrix dLdM = -row_sums(dLdNZ) / xt::sqrt(variance);
  return dLdNZ / xt::sqrt(variance) + twice(dLdV) * (Z - M) / static_cast<double>(N) + dLdM;
}

}  // namespace mytorch::nn
