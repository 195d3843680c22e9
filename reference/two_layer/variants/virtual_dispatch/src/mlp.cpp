// A class for each function, chosen by its name, and one for the linear layers, whose parts are copied into the
// members.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <memory>
#include <stdexcept>

namespace two_layer {
namespace {

class Function {
 public:
  virtual ~Function() = default;
  virtual Matrix value(const Matrix& z) const = 0;
  virtual Matrix slope(const Matrix& z) const = 0;
};

class Identity : public Function {
 public:
  Matrix value(const Matrix& z) const override { return z; }
  Matrix slope(const Matrix& z) const override { return xt::ones<double>({z.shape(0), z.shape(1)}); }
};

class ReLU : public Function {
 public:
  explicit ReLU(double factor) : factor_(factor) {}
  Matrix value(const Matrix& z) const override { return factor_ * xt::maximum(z, 0.0); }
  Matrix slope(const Matrix& z) const override { return xt::where(z > 0.0, factor_, 0.0); }

 private:
  double factor_;
};

class Sigmoid : public Function {
 public:
  Matrix value(const Matrix& z) const override { return xt::pow(1.0 + xt::exp(-z), -1.0); }
  Matrix slope(const Matrix& z) const override {
    const Matrix e = xt::exp(-z);
    return e / xt::square(1.0 + e);
  }
};

class Tanh : public Function {
 public:
  Matrix value(const Matrix& z) const override { return xt::sinh(z) / xt::cosh(z); }
  Matrix slope(const Matrix& z) const override { return 2.0 / (xt::cosh(2.0 * z) + 1.0); }
};

std::unique_ptr<Function> make(const std::string& name) {
  if (name == "identity") return std::make_unique<Identity>();
  if (name == "relu") return std::make_unique<ReLU>(1.0);
  if (name == "sigmoid") return std::make_unique<Sigmoid>();
  if (name == "tanh") return std::make_unique<Tanh>();
  if (name == "5relu") return std::make_unique<ReLU>(5.0);
  throw std::invalid_argument("unknown: " + name + ". Choose from: identity, relu, sigmoid, tanh, 5relu.");
}

struct Linear {
  const Matrix& W;
  const Matrix& b;

  Matrix forward(const Matrix& in) const { return b + xt::linalg::dot(in, xt::transpose(W)); }

  Matrix backward(const Matrix& in, const Matrix& dJdout, Matrix& dJdW, Matrix& dJdb) const {
    const Matrix ones = xt::ones<double>({std::size_t{1}, in.shape(0)});
    dJdW = xt::linalg::dot(xt::transpose(dJdout), in);
    dJdb = xt::linalg::dot(ones, dJdout);
    return xt::linalg::dot(dJdout, W);
  }
};

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function)
    : f_function(f_function), g_function(g_function) {
  make(f_function);
  make(g_function);
  W1 = xt::zeros<double>({linear_1_out_features, linear_1_in_features});
  b1 = xt::zeros<double>({std::size_t{1}, linear_1_out_features});
  W2 = xt::zeros<double>({linear_2_out_features, linear_2_in_features});
  b2 = xt::zeros<double>({std::size_t{1}, linear_2_out_features});
}

Matrix MLP::forward(const Matrix& input) {
  x = input;
  z1 = Linear{W1, b1}.forward(x);
  z2 = make(f_function)->value(z1);
  z3 = Linear{W2, b2}.forward(z2);
  y_hat = make(g_function)->value(z3);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  const Matrix dJdz2 = Linear{W2, b2}.backward(z2, dJdy_hat * make(g_function)->slope(z3), dJdW2, dJdb2);
  Linear{W1, b1}.backward(x, dJdz2 * make(f_function)->slope(z1), dJdW1, dJdb1);
}

void MLP::clear_grad_and_cache() {
  const auto clear = [](auto&... matrices) { ((matrices = Matrix{}), ...); };
  clear(dJdW1, dJdb1, dJdW2, dJdb2, x, z1, z2, z3, y_hat);
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  // Over the outputs first, then over the batch.
  const Matrix a_sample = mean_keepdims(xt::square(y - y_hat), 1);
  Matrix dJdy_hat = (y_hat - y) * (2.0 / y.shape(0)) / y.shape(1);
  return {mean_keepdims(a_sample, 0)(0, 0), dJdy_hat};
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  const Matrix chosen = xt::pow(y_hat, y) * xt::pow(1.0 - y_hat, 1.0 - y);
  Matrix dJdy_hat = xt::where(y > y_hat, -1.0, 1.0) * xt::abs(y - y_hat) / (y_hat * (1.0 - y_hat)) / y.size();
  return {-mean_keepdims(mean_keepdims(xt::log(chosen), 0), 1)(0, 0), dJdy_hat};
}

Matrix relu_derivative(const Matrix& z) { return ReLU(1.0).slope(z); }

Matrix leaky_relu_derivative(const Matrix& z) { return xt::maximum(ReLU(1.0).slope(z), 0.01); }

Matrix softplus_derivative(const Matrix& z) { return Sigmoid().value(z); }

Matrix gelu_derivative(const Matrix& z) {
  // Of z (1 + erf(z / sqrt 2)) / 2, by the product rule.
  const double root = std::sqrt(2.0);
  const Matrix erf_slope = 2.0 / std::sqrt(M_PI) * xt::exp(-xt::square(z / root)) / root;
  return (1.0 + xt::erf(z / root) + z * erf_slope) / 2.0;
}

}  // namespace two_layer
