// The log of the sum of exponentials in one pass over the row, rescaled whenever a larger logit turns up; the loss is
// a running mean over the samples. MSE as a running mean over the entries.
#include "mytorch/nn/loss.hpp"

#include <cmath>

namespace mytorch::nn {
namespace {

/// log(sum_j exp(X(i, j)))
double log_sum_exp(const Matrix& X, std::size_t i) {
  double largest = X(i, 0);
  double sum = 1.0;
  for (std::size_t j = 1; j < X.shape(1); ++j) {
    if (X(i, j) > largest) {
      sum = sum * std::exp(largest - X(i, j)) + 1.0;
      largest = X(i, j);
    } else {
      sum += std::exp(X(i, j) - largest);
    }
  }
  return largest + std::log(sum);
}

}  // namespace

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  double mean = 0.0;
  double count = 0.0;
  auto y = Y.begin();
  for (double a : A) {
    const double error = a - *y++;
    mean += (error * error - mean) / ++count;
  }
  return 0.5 * mean;
}

Matrix MSELoss::backward() const {
  Matrix dLdA = A;
  auto y = Y.begin();
  for (double& entry : dLdA) {
    entry = (entry - *y++) / A.size();
  }
  return dLdA;
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  softmax.resize(A.shape());
  double mean = 0.0;
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    const double normaliser = log_sum_exp(A, i);
    double H = 0.0;
    for (std::size_t j = 0; j < A.shape(1); ++j) {
      softmax(i, j) = std::exp(A(i, j) - normaliser);
      H += Y(i, j) * (normaliser - A(i, j));
    }
    mean += (H - mean) / (i + 1.0);
  }
  return mean;
}

Matrix CrossEntropyLoss::backward() const {
  Matrix dLdA = softmax;
  for (std::size_t i = 0; i < Y.size(); ++i) {
    dLdA.flat(i) -= Y.flat(i);
  }
  return dLdA;
}

}  // namespace mytorch::nn
