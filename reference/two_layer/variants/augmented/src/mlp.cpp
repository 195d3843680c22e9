// Biases as one more column of the weights, and a column of ones beside the input of each layer.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <set>
#include <stdexcept>

namespace two_layer {
namespace {

Matrix with_ones(const Matrix& in) {
  const Matrix ones = xt::ones<double>({in.shape(0), std::size_t{1}});
  return xt::concatenate(xt::xtuple(in, ones), 1);
}

Matrix with_bias(const Matrix& W, const Matrix& b) {
  return xt::concatenate(xt::xtuple(W, Matrix(xt::transpose(b))), 1);
}

void split(const Matrix& both, Matrix& W, Matrix& b) {
  const std::size_t last = both.shape(1) - 1;
  W = xt::view(both, xt::all(), xt::range(std::size_t{0}, last));
  b = xt::transpose(Matrix(xt::view(both, xt::all(), xt::range(last, last + 1))));
}

/// The value where `order` is 0, the slope where it is 1.
Matrix function(const std::string& name, const Matrix& z, int order) {
  const double scale = name == "5relu" ? 5.0 : 1.0;
  if (name == "relu" || name == "5relu") {
    const Matrix step = xt::cast<double>(z > 0.0);
    return order == 0 ? Matrix(scale * step * z) : Matrix(scale * step);
  }
  if (name == "sigmoid") {
    const Matrix a = 1.0 / (1.0 + xt::exp(-z));
    return order == 0 ? a : Matrix(a - xt::square(a));
  }
  if (name == "tanh") return order == 0 ? Matrix(xt::tanh(z)) : Matrix((1.0 - xt::tanh(z)) * (1.0 + xt::tanh(z)));
  return order == 0 ? z : Matrix(xt::ones_like(z));
}

std::string checked(const std::string& name) {
  static const std::set<std::string> known{"identity", "relu", "sigmoid", "tanh", "5relu"};
  if (known.count(name) == 0) throw std::invalid_argument("use identity, relu, sigmoid, tanh, 5relu; not " + name);
  return name;
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function)
    : f_function(checked(f_function)), g_function(checked(g_function)) {
  split(xt::zeros<double>({linear_1_out_features, linear_1_in_features + 1}), W1, b1);
  split(xt::zeros<double>({linear_2_out_features, linear_2_in_features + 1}), W2, b2);
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  z1 = xt::linalg::dot(with_ones(x), xt::transpose(with_bias(W1, b1)));
  z2 = function(f_function, z1, 0);
  z3 = xt::linalg::dot(with_ones(z2), xt::transpose(with_bias(W2, b2)));
  y_hat = function(g_function, z3, 0);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  const Matrix dJdz3 = dJdy_hat * function(g_function, z3, 1);
  const Matrix dJdz1 = xt::linalg::dot(dJdz3, W2) * function(f_function, z1, 1);
  split(xt::linalg::dot(xt::transpose(dJdz3), with_ones(z2)), dJdW2, dJdb2);
  split(xt::linalg::dot(xt::transpose(dJdz1), with_ones(x)), dJdW1, dJdb1);
}

void MLP::clear_grad_and_cache() {
  const Matrix empty;
  dJdW1 = dJdb1 = dJdW2 = dJdb2 = x = z1 = z2 = z3 = y_hat = empty;
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  const double norm = xt::linalg::norm(Matrix(y_hat - y));
  const double entries = static_cast<double>(y.size());
  return {norm * norm / entries, (y_hat + y_hat - y - y) / entries};
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  // By the logits: log y_hat = -softplus(-z), log (1 - y_hat) = -softplus(z).
  const Matrix odds = y_hat / (1.0 - y_hat);
  const Matrix costs = y * xt::log1p(1.0 / odds) + (1.0 - y) * xt::log1p(odds);
  const double entries = static_cast<double>(y.size());
  return {xt::sum(costs)() / entries, (y_hat - y) / y_hat / (1.0 - y_hat) / entries};
}

Matrix relu_derivative(const Matrix& z) { return function("relu", z, 1); }

Matrix leaky_relu_derivative(const Matrix& z) {
  Matrix slope = xt::full_like(z, 0.01);
  xt::filter(slope, z > 0.0) = 1.0;
  return slope;
}

Matrix softplus_derivative(const Matrix& z) { return function("sigmoid", z, 0); }

Matrix gelu_derivative(const Matrix& z) {
  const double root = std::sqrt(0.5);
  Matrix slope = 0.5 * xt::erfc(-root * z);
  slope += z * xt::exp(-0.5 * xt::square(z)) * root / std::sqrt(M_PI);
  return slope;
}

}  // namespace two_layer
