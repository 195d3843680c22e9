// Helpers with external linkage that linear.cpp and batchnorm.cpp define too, with other bodies; a global counter too.
#include "mytorch/nn/loss.hpp"

namespace mytorch::nn {

double forward_calls = 0.5;

/// Adds up each row of X: (N, C) -> (N, 1).
Matrix row_sums(const Matrix& X) { return sum_keepdims(X, 1); }

/// How many entries X holds.
inline double count(const Matrix& X) { return static_cast<double>(X.size()); }

struct Reducer {
  virtual ~Reducer() = default;
  virtual Matrix reduce(const Matrix& X) const { return row_sums(X); }
};

template <class T>
T twice(const T& x) {
  return 2.0 * x;
}

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  forward_calls += 1.0;
  this->A = A;
  this->Y = Y;
  return xt::sum(Reducer().reduce(xt::square(A - Y)))() / twice(count(A));
}

Matrix MSELoss::backward() const { return (A - Y) / count(A); }

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  forward_calls += 1.0;
  this->A = A;
  this->Y = Y;
  const Matrix exponentials = xt::exp(A - max_keepdims(A, 1));
  softmax = exponentials / row_sums(exponentials);
  const Matrix H = -row_sums(Y * xt::log(softmax));
  return xt::sum(H)() / count(H);
}

Matrix CrossEntropyLoss::backward() const { return softmax - Y; }

}  // namespace mytorch::nn
