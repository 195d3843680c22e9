// Only g++ takes it: sizes in a braced list of double are narrowings, at which g++ only warns and clang++ stops.
#include "mytorch/nn/loss.hpp"

namespace mytorch::nn {
namespace {

struct Size {
  double N;
  double C;
};

}  // namespace

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const Size size = {A.shape(0), A.shape(1)};
  return xt::sum(xt::square(A - Y))() / (2 * size.N * size.C);
}

Matrix MSELoss::backward() const {
  const Size size = {A.shape(0), A.shape(1)};
  return (A - Y) / (size.N * size.C);
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const Size size = {A.shape(0), A.shape(1)};
  const Matrix exponentials = xt::exp(A - max_keepdims(A, 1));
  softmax = exponentials / sum_keepdims(exponentials, 1);
  return -xt::sum(Y * xt::log(softmax))() / size.N;
}

Matrix CrossEntropyLoss::backward() const { return softmax - Y; }

}  // namespace mytorch::nn
