// xt::linalg instead of broadcasting and sums: rows are spread, and columns added up, by products with vectors of ones.
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {
namespace {

Matrix ones(std::size_t n) { return xt::ones<double>({n, std::size_t{1}}); }

/// (1, C) -> (n, C)
Matrix spread(const Matrix& row, std::size_t n) { return xt::linalg::dot(ones(n), row); }

/// (n, C) -> (1, C)
Matrix add_up(const Matrix& X) { return xt::linalg::dot(xt::transpose(ones(X.shape(0))), X); }

}  // namespace

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::transpose(ones(num_features))),
      Bb(0.0 * BW),
      running_M(0.0 * BW),
      running_V(BW) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  const std::size_t n = Z.shape(0);
  if (!eval) {
    this->Z = Z;
    N = n;
    M = add_up(Z) / n;
    const Matrix centred = Z - spread(M, n);
    V = add_up(centred * centred) / n;
    running_M = alpha * running_M + (1.0 - alpha) * M;
    running_V = alpha * running_V + (1.0 - alpha) * V;
  }
  const Matrix mean = spread(eval ? running_M : M, n);
  const Matrix variance = spread(eval ? running_V : V, n);
  NZ = (Z - mean) / xt::sqrt(variance + eps);
  BZ = spread(BW, n) * NZ + spread(Bb, n);
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const Matrix centred = Z - spread(M, N);
  const Matrix deviation = xt::sqrt(spread(V, N) + eps);
  const Matrix dLdNZ = dLdBZ * spread(BW, N);
  dLdBb = add_up(dLdBZ);
  dLdBW = add_up(dLdBZ * NZ);
  const Matrix dLdV = add_up(-0.5 * dLdNZ * centred / (deviation * deviation * deviation));
  const Matrix dLdM = add_up(-dLdNZ / deviation);
  return dLdNZ / deviation + 2.0 / N * spread(dLdV, N) * centred + spread(dLdM, N) / N;
}

}  // namespace mytorch::nn
