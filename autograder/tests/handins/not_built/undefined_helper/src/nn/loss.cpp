// Mean squared error and cross-entropy, with their gradients.
#include "mytorch/nn/loss.hpp"

namespace mytorch::nn {

/// Declared, and defined nowhere.
Matrix row_sums(const Matrix& X);

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const double SSE = xt::sum(xt::square(A - Y))();
  return SSE / (2.0 * static_cast<double>(A.size()));
}

Matrix MSELoss::backward() const {
  Matrix dLdA = (A - Y) / static_cast<double>(A.size());
  return dLdA;
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  // Softmax does not change when a row is shifted; with its largest entry at 0 no exponential overflows.
  Matrix shifted = A - max_keepdims(A, 1);
  Matrix log_softmax = shifted - xt::log(row_sums(xt::exp(shifted)));
  softmax = xt::exp(log_softmax);
  return -xt::sum(Y * log_softmax)() / static_cast<double>(A.shape(0));
}

Matrix CrossEntropyLoss::backward() const {
  Matrix dLdA = softmax - Y;
  return dLdA;
}

}  // namespace mytorch::nn
