// Templates over the direction and the function, and algorithms of the standard library over the entries.
#include "two_layer/mlp.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <type_traits>

using namespace two_layer;

namespace {

struct Value {};
struct Slope {};

template <typename What>
double entry_of(const std::string& name, double z) {
  constexpr bool is_slope = std::is_same_v<What, Slope>;
  if (name == "identity") return is_slope ? 1.0 : z;
  if (name == "relu") return z <= 0 ? 0.0 : (is_slope ? 1.0 : z);
  if (name == "5relu") return 5.0 * entry_of<What>("relu", z);
  if (name == "sigmoid") {
    const double a = 1.0 / (1.0 + std::exp(-z));
    return is_slope ? a * (1.0 - a) : a;
  }
  if (name == "tanh") return is_slope ? 1.0 - std::pow(std::tanh(z), 2) : std::tanh(z);
  throw std::invalid_argument(name + "? identity, relu, sigmoid, tanh, 5relu");
}

template <typename Function>
Matrix mapped(const Matrix& z, Function function) {
  Matrix result = Matrix::from_shape({z.shape(0), z.shape(1)});
  std::transform(z.begin(), z.end(), result.begin(), function);
  return result;
}

template <typename Function>
Matrix mapped(const Matrix& y, const Matrix& y_hat, Function function) {
  Matrix result = Matrix::from_shape({y.shape(0), y.shape(1)});
  std::transform(y.begin(), y.end(), y_hat.begin(), result.begin(), function);
  return result;
}

template <typename What>
Matrix each(const std::string& name, const Matrix& z) {
  return mapped(z, [&name](double entry) { return entry_of<What>(name, entry); });
}

template <typename Gradient>
Matrix batch_sum(const Gradient& gradient) {
  return xt::sum(gradient, {0}, xt::keep_dims);
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g)
    : f_function(f), g_function(g) {
  entry_of<Value>(f, 0.0), entry_of<Value>(g, 0.0);
  W1 = xt::zeros<double>({linear_1_out_features, linear_1_in_features});
  b1 = sum_keepdims(Matrix(xt::transpose(W1)), 0);
  W2 = xt::zeros<double>({linear_2_out_features, linear_2_in_features});
  b2 = sum_keepdims(Matrix(xt::transpose(W2)), 0);
}

Matrix MLP::forward(const Matrix& x) {
  MLP::x = x;
  z1 = xt::broadcast(b1, {x.shape(0), b1.shape(1)}) + xt::linalg::dot(x, xt::transpose(W1));
  z2 = each<Value>(f_function, z1);
  z3 = xt::broadcast(b2, {x.shape(0), b2.shape(1)}) + xt::linalg::dot(z2, xt::transpose(W2));
  return y_hat = each<Value>(g_function, z3);
}

void MLP::backward(const Matrix& dJdy_hat) {
  const Matrix second = dJdy_hat * each<Slope>(g_function, z3);
  const Matrix first = each<Slope>(f_function, z1) * xt::linalg::dot(second, W2);
  dJdb1 = batch_sum(first);
  dJdb2 = batch_sum(second);
  dJdW1 = xt::linalg::dot(xt::transpose(first), x);
  dJdW2 = xt::linalg::dot(xt::transpose(second), z2);
}

void MLP::clear_grad_and_cache() {
  dJdW1 = {};
  dJdb1 = {};
  dJdW2 = {};
  dJdb2 = {};
  x = {};
  z1 = {};
  z2 = {};
  z3 = {};
  y_hat = {};
}

Loss two_layer::mse_loss(const Matrix& y, const Matrix& y_hat) {
  auto square = xt::square(y_hat - y);
  return {xt::mean(square)(), (y_hat - y) / (y.size() / 2.0)};
}

Loss two_layer::bce_loss(const Matrix& y, const Matrix& y_hat) {
  const auto cost = [](double t, double p) { return -t * std::log(p) - (1 - t) * std::log(1 - p); };
  const auto slope = [](double t, double p) { return (t == 0 ? 0 : -t / p) + (1 - t) / (1 - p); };
  return {xt::mean(mapped(y, y_hat, cost))(), mapped(y, y_hat, slope) / static_cast<double>(y.size())};
}

Matrix two_layer::relu_derivative(const Matrix& z) { return each<Slope>("relu", z); }

Matrix two_layer::leaky_relu_derivative(const Matrix& z) {
  return mapped(z, [](double entry) { return entry > 0 ? 1.0 : 0.01; });
}

Matrix two_layer::softplus_derivative(const Matrix& z) { return each<Value>("sigmoid", z); }

Matrix two_layer::gelu_derivative(const Matrix& z) {
  return mapped(z, [](double entry) {
    const double distribution = std::erfc(-entry / std::sqrt(2.0)) / 2;
    return distribution + entry * std::exp(-entry * entry / 2) / std::sqrt(8 * std::atan(1.0));
  });
}
