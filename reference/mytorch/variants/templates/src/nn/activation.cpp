// Templates and lambdas: one map over the entries, with std::transform or xt::vectorize.
#include "mytorch/nn/activation.hpp"

#if __has_include(<xtensor/core/xvectorize.hpp>)  // xtensor 0.26 and later
#include <xtensor/core/xvectorize.hpp>
#else
#include <xtensor/xvectorize.hpp>
#endif

#include <algorithm>
#include <cmath>

namespace mytorch::nn {
namespace {

template <class F>
Matrix map(const Matrix& X, F f) {
  Matrix result = Matrix::from_shape(X.shape());
  std::transform(X.begin(), X.end(), result.begin(), f);
  return result;
}

template <int exponent>
constexpr double power(double x) {
  if constexpr (exponent == 0) {
    return 1.0;
  } else {
    return x * power<exponent - 1>(x);
  }
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
  return A = map(Z, [](double z) { return 1.0 / (1.0 + std::exp(-z)); });
}

Matrix Sigmoid::backward() const {
  return map(A, [](double a) { return a - power<2>(a); });
}

Matrix Tanh::forward(const Matrix& Z) {
  return A = map(Z, static_cast<double (*)(double)>(std::tanh));
}

Matrix Tanh::backward() const {
  return map(A, [](auto a) { return 1 - power<2>(a); });
}

Matrix ReLU::forward(const Matrix& Z) {
  auto positive_part = xt::vectorize([](double z) { return std::max(z, 0.0); });
  return A = positive_part(Z);
}

Matrix ReLU::backward() const {
  auto step = xt::vectorize([](double a) { return a > 0 ? 1.0 : 0.0; });
  return step(A);
}

}  // namespace mytorch::nn
