// The two-layer network, forward and backward, its losses, and the derivatives of question 1.4 (d).
#include "two_layer/mlp.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace two_layer {
namespace {

void require_known(const std::string& function) {
  for (const char* known : {"identity", "relu", "sigmoid", "tanh", "5relu"}) {
    if (function == known) return;
  }
  throw std::invalid_argument("there is no function \"" + function + "\": use identity, relu, sigmoid, tanh or 5relu");
}

Matrix value_of(const std::string& function, const Matrix& z) {
  if (function == "relu") return xt::maximum(z, 0.0);
  if (function == "5relu") return 5.0 * xt::maximum(z, 0.0);
  if (function == "sigmoid") return 1.0 / (1.0 + xt::exp(-z));
  if (function == "tanh") return xt::tanh(z);
  return z;
}

/// The derivative of the function at each entry of z, where it has the value a.
Matrix slope(const std::string& function, const Matrix& z, const Matrix& a) {
  if (function == "relu") return xt::cast<double>(z > 0.0);
  if (function == "5relu") return 5.0 * xt::cast<double>(z > 0.0);
  if (function == "sigmoid") return a * (1.0 - a);
  if (function == "tanh") return 1.0 - a * a;
  return xt::ones_like(z);
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function)
    : f_function(f_function),
      g_function(g_function),
      W1(xt::zeros<double>({linear_1_out_features, linear_1_in_features})),
      b1(xt::zeros<double>({std::size_t{1}, linear_1_out_features})),
      W2(xt::zeros<double>({linear_2_out_features, linear_2_in_features})),
      b2(xt::zeros<double>({std::size_t{1}, linear_2_out_features})) {
  require_known(f_function);
  require_known(g_function);
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  z1 = xt::linalg::dot(x, xt::transpose(W1)) + b1;
  z2 = value_of(f_function, z1);
  z3 = xt::linalg::dot(z2, xt::transpose(W2)) + b2;
  y_hat = value_of(g_function, z3);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  Matrix dJdz3 = dJdy_hat * slope(g_function, z3, y_hat);
  dJdW2 = xt::linalg::dot(xt::transpose(dJdz3), z2);
  dJdb2 = sum_keepdims(dJdz3, 0);
  Matrix dJdz2 = xt::linalg::dot(dJdz3, W2);
  Matrix dJdz1 = dJdz2 * slope(f_function, z1, z2);
  dJdW1 = xt::linalg::dot(xt::transpose(dJdz1), x);
  dJdb1 = sum_keepdims(dJdz1, 0);
}

void MLP::clear_grad_and_cache() {
  for (Matrix* matrix : {&dJdW1, &dJdb1, &dJdW2, &dJdb2, &x, &z1, &z2, &z3, &y_hat}) *matrix = Matrix();
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  const auto entries = static_cast<double>(y.size());
  const double J = xt::sum(xt::square(y_hat - y))() / entries;
  return {J, 2.0 * (y_hat - y) / entries};
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  const auto entries = static_cast<double>(y.size());
  // As PyTorch bounds them: a prediction of exactly 0 or 1 costs much, but not more than can be computed with.
  Matrix log_y_hat = xt::maximum(xt::log(y_hat), -100.0);
  Matrix log_rest = xt::maximum(xt::log(1.0 - y_hat), -100.0);
  Matrix variance = xt::maximum(y_hat * (1.0 - y_hat), 1e-12);
  const double J = -xt::sum(y * log_y_hat + (1.0 - y) * log_rest)() / entries;
  return {J, (y_hat - y) / variance / entries};
}

Matrix relu_derivative(const Matrix& z) { return xt::cast<double>(z > 0.0); }

Matrix leaky_relu_derivative(const Matrix& z) { return xt::where(z > 0.0, 1.0, 0.01); }

Matrix softplus_derivative(const Matrix& z) { return 1.0 / (1.0 + xt::exp(-z)); }

Matrix gelu_derivative(const Matrix& z) {
  Matrix distribution = 0.5 * (1.0 + xt::erf(z / std::numbers::sqrt2));
  Matrix density = xt::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  return distribution + z * density;
}

}  // namespace two_layer
