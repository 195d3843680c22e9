// Sums over indices only. Cross-entropy from the differences of the logits, sum_j Y_ij log(sum_k exp(A_ik - A_ij)),
// with the largest difference taken out; its gradient is the sum over k of Y_ik (softmax_ij - [j = k]).
#include "mytorch/nn/loss.hpp"

#include <algorithm>
#include <cmath>

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const double weight = 0.5 / (static_cast<double>(A.shape(0)) * static_cast<double>(A.shape(1)));
  double L = 0.0;
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    for (std::size_t j = 0; j < A.shape(1); ++j) {
      const double error = std::abs(A(i, j) - Y(i, j));
      L += weight * error * error;
    }
  }
  return L;
}

Matrix MSELoss::backward() const {
  Matrix dLdA = xt::zeros_like(A);
  const double weight = 1.0 / (static_cast<double>(A.shape(0)) * static_cast<double>(A.shape(1)));
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    for (std::size_t j = 0; j < A.shape(1); ++j) {
      dLdA(i, j) += weight * A(i, j);
      dLdA(i, j) -= weight * Y(i, j);
    }
  }
  return dLdA;
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  softmax = xt::zeros_like(A);
  double L = 0.0;
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    for (std::size_t j = 0; j < A.shape(1); ++j) {
      double largest = 0.0;
      for (std::size_t k = 0; k < A.shape(1); ++k) {
        largest = std::max(largest, A(i, k) - A(i, j));
      }
      double sum = 0.0;
      for (std::size_t k = 0; k < A.shape(1); ++k) {
        sum += std::exp(A(i, k) - A(i, j) - largest);
      }
      const double surprise = largest + std::log(sum);
      softmax(i, j) = std::exp(-surprise);
      L += Y(i, j) * surprise / static_cast<double>(A.shape(0));
    }
  }
  return L;
}

Matrix CrossEntropyLoss::backward() const {
  // sum_k Y_ik (softmax_ij - [j = k]), because the rows of Y sum to 1
  Matrix dLdA = xt::zeros_like(A);
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    for (std::size_t j = 0; j < A.shape(1); ++j) {
      for (std::size_t k = 0; k < A.shape(1); ++k) {
        dLdA(i, j) += Y(i, k) * (softmax(i, j) - (j == k ? 1.0 : 0.0));
      }
    }
  }
  return dLdA;
}

}  // namespace mytorch::nn
