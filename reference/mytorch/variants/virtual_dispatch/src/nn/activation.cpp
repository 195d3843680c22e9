// Virtual dispatch: each activation hands a function object to one loop, which knows only its base class.
#include "mytorch/nn/activation.hpp"

#include <cmath>

namespace mytorch::nn {

class Function {
 public:
  virtual ~Function() = default;
  virtual double value(double z) const = 0;
  virtual double slope(double a) const = 0;
};

class SigmoidFunction final : public Function {
 public:
  double value(double z) const override { return 1.0 / (1.0 + std::exp(-z)); }
  double slope(double a) const override { return a * (1.0 - a); }
};

class TanhFunction final : public Function {
 public:
  double value(double z) const override { return std::tanh(z); }
  double slope(double a) const override { return 1.0 - a * a; }
};

class ReLUFunction final : public Function {
 public:
  double value(double z) const override { return z > 0.0 ? z : 0.0; }
  double slope(double a) const override { return a > 0.0; }
};

static Matrix apply(const Matrix& X, const Function& function, double (Function::*member)(double) const) {
  Matrix result = X;
  for (double& x : result) {
    x = (function.*member)(x);
  }
  return result;
}

Matrix Identity::forward(const Matrix& Z) {
  A = Z;
  return A;
}

Matrix Identity::backward() const {
  Matrix dAdZ = xt::ones_like(A);
  return dAdZ;
}

Matrix Sigmoid::forward(const Matrix& Z) {
  A = apply(Z, SigmoidFunction(), &Function::value);
  return A;
}

Matrix Sigmoid::backward() const { return apply(A, SigmoidFunction(), &Function::slope); }

Matrix Tanh::forward(const Matrix& Z) {
  A = apply(Z, TanhFunction(), &Function::value);
  return A;
}

Matrix Tanh::backward() const { return apply(A, TanhFunction(), &Function::slope); }

Matrix ReLU::forward(const Matrix& Z) {
  A = apply(Z, ReLUFunction(), &Function::value);
  return A;
}

Matrix ReLU::backward() const { return apply(A, ReLUFunction(), &Function::slope); }

}  // namespace mytorch::nn
