// softmax_j = 1 / sum_k exp(a_k - a_j), from the differences of the logits alone; the loss is Y times the logarithm of
// the denominator. MSE as half the square of the root mean square.
#include "mytorch/nn/loss.hpp"

#include <cmath>

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const double root_mean_square = std::sqrt(xt::mean(xt::square(Y - A))());
  return root_mean_square * root_mean_square / 2.0;
}

Matrix MSELoss::backward() const {
  const auto N = static_cast<double>(A.shape(0));
  const auto C = static_cast<double>(A.shape(1));
  return A / N / C - Y / (C * N);
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  Matrix denominators = xt::zeros_like(A);
  for (std::size_t k = 0; k < A.shape(1); ++k) {
    Matrix logit = xt::view(A, xt::all(), xt::range(k, k + 1));
    denominators += xt::exp(logit - A);
  }
  softmax = 1.0 / denominators;
  Matrix H = Y * xt::log(denominators);
  return xt::sum(mean_keepdims(H, 0))();
}

Matrix CrossEntropyLoss::backward() const {
  Matrix dLdA = -Y;
  dLdA += softmax;
  return dLdA;
}

}  // namespace mytorch::nn
