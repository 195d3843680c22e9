// Explicit loops over samples and classes with operator() and the functions of <cmath>.
#include "mytorch/nn/loss.hpp"

#include <algorithm>
#include <cmath>

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const std::size_t N = A.shape(0);
  const std::size_t C = A.shape(1);
  double SSE = 0.0;
  for (std::size_t i = 0; i < N; i++) {
    for (std::size_t j = 0; j < C; j++) {
      SSE += (A(i, j) - Y(i, j)) * (A(i, j) - Y(i, j));
    }
  }
  return SSE / 2 / N / C;
}

Matrix MSELoss::backward() const {
  const std::size_t N = A.shape(0);
  const std::size_t C = A.shape(1);
  Matrix dLdA = Matrix::from_shape({N, C});
  for (std::size_t i = 0; i < N; i++) {
    for (std::size_t j = 0; j < C; j++) {
      dLdA(i, j) = (A(i, j) - Y(i, j)) / N / C;
    }
  }
  return dLdA;
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const std::size_t N = A.shape(0);
  const std::size_t C = A.shape(1);
  softmax = Matrix::from_shape({N, C});
  double loss = 0.0;
  for (std::size_t i = 0; i < N; i++) {
    double largest = A(i, 0);
    for (std::size_t j = 1; j < C; j++) {
      largest = std::max(largest, A(i, j));
    }
    double total = 0.0;
    for (std::size_t j = 0; j < C; j++) {
      total += std::exp(A(i, j) - largest);
    }
    for (std::size_t j = 0; j < C; j++) {
      softmax(i, j) = std::exp(A(i, j) - largest) / total;
      loss -= Y(i, j) * (A(i, j) - largest - std::log(total));
    }
  }
  return loss / N;
}

Matrix CrossEntropyLoss::backward() const {
  Matrix dLdA = Matrix::from_shape(A.shape());
  for (std::size_t i = 0; i < A.shape(0); i++) {
    for (std::size_t j = 0; j < A.shape(1); j++) {
      dLdA(i, j) = softmax(i, j) - Y(i, j);
    }
  }
  return dLdA;
}

}  // namespace mytorch::nn
