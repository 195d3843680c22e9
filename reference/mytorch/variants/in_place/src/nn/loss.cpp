// In-place operators and xt::noalias: differences and exponentials are formed in the matrix that is returned or kept.
#include "mytorch/nn/loss.hpp"

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  xt::noalias(this->A) = A;
  xt::noalias(this->Y) = Y;
  Matrix SE = A;
  SE -= Y;
  SE *= SE;
  double L = xt::sum(SE)();
  L /= 2.0;
  L /= static_cast<double>(A.size());
  return L;
}

Matrix MSELoss::backward() const {
  Matrix dLdA = A;
  dLdA -= Y;
  dLdA /= static_cast<double>(A.size());
  return dLdA;
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  xt::noalias(this->A) = A;
  xt::noalias(this->Y) = Y;
  softmax = A;
  softmax -= max_keepdims(A, 1);
  xt::noalias(softmax) = xt::exp(softmax);
  const Matrix sums = sum_keepdims(softmax, 1);
  softmax /= sums;
  Matrix H = xt::log(softmax);
  H *= Y;
  double L = 0.0;
  L -= xt::sum(H)();
  L /= static_cast<double>(A.shape(0));
  return L;
}

Matrix CrossEntropyLoss::backward() const {
  Matrix dLdA = softmax;
  dLdA -= Y;
  return dLdA;
}

}  // namespace mytorch::nn
