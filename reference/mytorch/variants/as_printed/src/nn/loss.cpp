// Equations 32 to 43 exactly as printed: sums as products with vectors of ones, softmax without a shift.
#include "mytorch/nn/loss.hpp"

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const std::size_t N = A.shape(0);
  const std::size_t C = A.shape(1);
  const Matrix ones_N = xt::ones<double>({N, std::size_t{1}});
  const Matrix ones_C = xt::ones<double>({C, std::size_t{1}});
  const Matrix SE = (A - Y) * (A - Y);
  const Matrix SSE = xt::linalg::dot(xt::linalg::dot(xt::transpose(ones_N), SE), ones_C);
  return SSE(0, 0) / (2.0 * N * C);
}

Matrix MSELoss::backward() const {
  const double N = A.shape(0);
  const double C = A.shape(1);
  return (A - Y) / (N * C);
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const std::size_t N = A.shape(0);
  const std::size_t C = A.shape(1);
  const Matrix ones_N = xt::ones<double>({N, std::size_t{1}});
  const Matrix ones_C = xt::ones<double>({C, std::size_t{1}});
  const Matrix exp_A = xt::exp(A);
  softmax = exp_A / sum_keepdims(exp_A, 1);
  const Matrix terms = -Y * xt::log(softmax);
  const Matrix crossentropy = xt::linalg::dot(terms, ones_C);
  const Matrix SCE = xt::linalg::dot(xt::transpose(ones_N), crossentropy);
  return SCE(0, 0) / N;
}

Matrix CrossEntropyLoss::backward() const { return softmax - Y; }

}  // namespace mytorch::nn
