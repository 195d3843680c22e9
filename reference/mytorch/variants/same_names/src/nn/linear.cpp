// Helpers with external linkage that loss.cpp and batchnorm.cpp define too, with other bodies; a global counter too.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

std::size_t forward_calls = 0;

/// Adds up the rows of X: (N, C) -> (1, C).
Matrix row_sums(const Matrix& X) { return sum_keepdims(X, 0); }

/// How many samples X holds.
inline double count(const Matrix& X) { return static_cast<double>(X.shape(0)); }

struct Reducer {
  virtual ~Reducer() = default;
  virtual Matrix reduce(const Matrix& X) const { return xt::transpose(row_sums(X)) / count(X); }
};

template <class T>
T twice(const T& x) {
  return x + x;
}

Linear::Linear(std::size_t in_features, std::size_t out_features)
    : W(xt::zeros<double>({out_features, in_features})), b(xt::zeros<double>({out_features, std::size_t{1}})) {}

Matrix Linear::forward(const Matrix& A) {
  ++forward_calls;
  this->A = A;
  N = A.shape(0);
  return xt::linalg::dot(A, xt::transpose(W)) + twice(Matrix(0.5 * xt::transpose(b)));
}

Matrix Linear::backward(const Matrix& dLdZ) {
  dLdW = xt::linalg::dot(xt::transpose(dLdZ), A) / count(A);
  dLdb = Reducer().reduce(dLdZ);
  return xt::linalg::dot(dLdZ, W);
}

}  // namespace mytorch::nn
