// Other forms of the same functions: by tanh, absolute values, signs, erfc and log1p; the losses from their gradients.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <stdexcept>

namespace two_layer {
namespace {

struct Pair {
  std::function<Matrix(const Matrix&)> value;
  std::function<Matrix(const Matrix&)> slope;  // at the input
};

Matrix logistic(const Matrix& z) { return 0.5 + 0.5 * xt::tanh(0.5 * z); }

const std::map<std::string, Pair>& functions() {
  static const std::map<std::string, Pair> all{
      {"identity", {[](const Matrix& z) { return z; }, [](const Matrix& z) -> Matrix { return xt::ones_like(z); }}},
      {"relu",
       {[](const Matrix& z) -> Matrix { return 0.5 * (z + xt::abs(z)); },
        [](const Matrix& z) -> Matrix { return xt::maximum(xt::sign(z), 0.0); }}},
      {"5relu",
       {[](const Matrix& z) -> Matrix { return 2.5 * (z + xt::abs(z)); },
        [](const Matrix& z) -> Matrix { return 5.0 * xt::maximum(xt::sign(z), 0.0); }}},
      {"sigmoid",
       {logistic, [](const Matrix& z) -> Matrix { return 0.25 / xt::square(xt::cosh(xt::clip(0.5 * z, -300, 300))); }}},
      {"tanh",
       {[](const Matrix& z) -> Matrix { return 2.0 * logistic(2.0 * z) - 1.0; },
        [](const Matrix& z) -> Matrix { return 1.0 / xt::square(xt::cosh(xt::clip(z, -300, 300))); }}}};
  return all;
}

const Pair& named(const std::string& name) {
  const auto found = functions().find(name);
  if (found != functions().end()) return found->second;
  std::string known;
  for (const auto& [each, pair] : functions()) known += "\n- " + each;
  throw std::invalid_argument("unknown function " + name + "; the known ones are:" + known);
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function)
    : f_function(f_function), g_function(g_function) {
  named(f_function);
  named(g_function);
  W1 = Matrix({linear_1_out_features, linear_1_in_features}, 0.0);
  b1 = Matrix({1, linear_1_out_features}, 0.0);
  W2 = Matrix({linear_2_out_features, linear_2_in_features}, 0.0);
  b2 = Matrix({1, linear_2_out_features}, 0.0);
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  z1 = xt::transpose(xt::linalg::dot(W1, xt::transpose(x)));
  z1 += b1;
  z2 = named(f_function).value(z1);
  z3 = xt::transpose(xt::linalg::dot(W2, xt::transpose(z2)));
  z3 += b2;
  return y_hat = named(g_function).value(z3);
}

void MLP::backward(const Matrix& dJdy_hat) {
  Matrix dJdz3 = named(g_function).slope(z3) * dJdy_hat;
  Matrix dJdz1 = named(f_function).slope(z1) * xt::linalg::dot(dJdz3, W2);
  dJdW2 = xt::transpose(xt::linalg::dot(xt::transpose(z2), dJdz3));
  dJdW1 = xt::transpose(xt::linalg::dot(xt::transpose(x), dJdz1));
  dJdb2 = mean_keepdims(dJdz3, 0) * x.shape(0);
  dJdb1 = mean_keepdims(dJdz1, 0) * x.shape(0);
}

void MLP::clear_grad_and_cache() {
  dJdW1 = dJdb1 = dJdW2 = dJdb2 = Matrix();
  x = z1 = z2 = z3 = y_hat = Matrix();
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  Matrix dJdy_hat = (y_hat - y) * 2.0 / y.size();
  return {xt::sum(dJdy_hat * (y_hat - y))() / 2.0, dJdy_hat};
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  Matrix entries = -y * xt::log(y_hat) - (1.0 - y) * xt::log1p(-y_hat);
  Matrix dJdy_hat = ((1.0 - y) / (1.0 - y_hat) - y / y_hat) / y.size();
  return {xt::mean(entries)(), dJdy_hat};
}

Matrix relu_derivative(const Matrix& z) { return functions().at("relu").slope(z); }

Matrix leaky_relu_derivative(const Matrix& z) { return 0.01 + 0.99 * relu_derivative(z); }

Matrix softplus_derivative(const Matrix& z) { return logistic(z); }

Matrix gelu_derivative(const Matrix& z) {
  Matrix density = xt::exp(-xt::square(z) / 2.0) / std::sqrt(2.0 * std::numbers::pi);
  return 0.5 * xt::erfc(-z / std::sqrt(2.0)) + z * density;
}

}  // namespace two_layer
