// std::valarray for the arithmetic, filled from a matrix and copied back; derivatives as products, ReLU by a mask.
#include "mytorch/nn/activation.hpp"

#include <algorithm>
#include <valarray>

namespace mytorch::nn {
namespace {

using Values = std::valarray<double>;

Values values(const Matrix& X) { return Values(X.data(), X.size()); }

Matrix matrix(const Values& values, const Matrix& like) {
  Matrix result = Matrix::from_shape(like.shape());
  std::copy(std::begin(values), std::end(values), result.begin());
  return result;
}

}  // namespace

Matrix Identity::forward(const Matrix& Z) {
  A = Z;
  return A;
}

Matrix Identity::backward() const {
  Matrix dAdZ = xt::ones_like(A);
  return dAdZ;
}

Matrix Sigmoid::forward(const Matrix& Z) {
  // exp(z / 2) / (exp(z / 2) + exp(-z / 2))
  const Values z = values(Z);
  const Values up = std::exp(0.5 * z);
  const Values down = std::exp(-0.5 * z);
  A = matrix(up / (up + down), Z);
  return A;
}

Matrix Sigmoid::backward() const {
  const Values a = values(A);
  return matrix(a * (1.0 - a), A);
}

Matrix Tanh::forward(const Matrix& Z) {
  const Values z = values(Z);
  A = matrix(std::sinh(z) / std::cosh(z), Z);
  return A;
}

Matrix Tanh::backward() const {
  const Values a = values(A);
  return matrix(1.0 - a * a, A);
}

Matrix ReLU::forward(const Matrix& Z) {
  Values z = values(Z);
  z[z < 0.0] = 0.0;
  A = matrix(z, Z);
  return A;
}

Matrix ReLU::backward() const {
  const Values a = values(A);
  Values slopes(0.0, a.size());
  slopes[a > 0.0] = 1.0;
  return matrix(slopes, A);
}

}  // namespace mytorch::nn
