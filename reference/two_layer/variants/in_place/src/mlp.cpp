// Gradients worked out in the members themselves, with assignments in place and references to them.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <stdexcept>
#include <string_view>

namespace two_layer {
namespace {

constexpr std::string_view kKnown = " identity relu sigmoid tanh 5relu ";

void check(const std::string& name) {
  const bool is_word = name.find(' ') == std::string::npos && !name.empty();
  if (!is_word || kKnown.find(" " + name + " ") == std::string_view::npos) {
    throw std::invalid_argument("MLP: \"" + name + "\" is not one of" + std::string(kKnown));
  }
}

void transform(const std::string& name, Matrix& z) {
  for (double& entry : z) {
    if (name == "relu" && !(entry > 0)) entry = 0;
    if (name == "5relu") entry = entry > 0 ? 5 * entry : 0;
    if (name == "sigmoid") entry = entry < 0 ? std::exp(entry) / (1 + std::exp(entry)) : 1 / (1 + std::exp(-entry));
    if (name == "tanh") entry = std::tanh(entry);
  }
}

/// Multiplies the gradient by the slope, from the function's value alone.
void scale(const std::string& name, Matrix& gradient, const Matrix& value) {
  if (name == "relu") gradient *= xt::cast<double>(value > 0.0);
  if (name == "5relu") gradient *= 5.0 * xt::cast<double>(value > 0.0);
  if (name == "sigmoid") gradient *= value * (1.0 - value);
  if (name == "tanh") gradient *= 1.0 - xt::square(value);
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function) {
  check(this->f_function = f_function);
  check(this->g_function = g_function);
  W1.resize({linear_1_out_features, linear_1_in_features});
  b1.resize({1, linear_1_out_features});
  W2.resize({linear_2_out_features, linear_2_in_features});
  b2.resize({1, linear_2_out_features});
  for (Matrix* parameter : {&W1, &b1, &W2, &b2}) parameter->fill(0.0);
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  xt::noalias(z1) = xt::linalg::dot(this->x, xt::transpose(W1));
  z1 += b1;
  transform(f_function, z2 = z1);
  xt::noalias(z3) = xt::linalg::dot(z2, xt::transpose(W2));
  z3 += b2;
  transform(g_function, y_hat = z3);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  Matrix gradient = dJdy_hat;
  scale(g_function, gradient, y_hat);
  dJdb2 = sum_keepdims(gradient, 0);
  dJdW2 = xt::linalg::dot(xt::transpose(gradient), z2);
  gradient = Matrix(xt::linalg::dot(gradient, W2));
  scale(f_function, gradient, z2);
  dJdb1 = sum_keepdims(gradient, 0);
  dJdW1 = xt::linalg::dot(xt::transpose(gradient), x);
}

void MLP::clear_grad_and_cache() {
  Matrix* const all[] = {&dJdW1, &dJdb1, &dJdW2, &dJdb2, &x, &z1, &z2, &z3, &y_hat};
  for (Matrix* matrix : all) matrix->resize({0, 0});
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  Loss loss;
  loss.dJdy_hat = y_hat;
  loss.dJdy_hat -= y;
  loss.J = xt::mean(loss.dJdy_hat * loss.dJdy_hat)();
  loss.dJdy_hat *= 2.0;
  loss.dJdy_hat /= y.size();
  return loss;
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  Loss loss;
  loss.dJdy_hat = y_hat;
  auto target = y.begin();
  for (double& entry : loss.dJdy_hat) {
    const double p = entry, t = *target++;
    loss.J += -t * std::log(p) - (1 - t) * std::log(1 - p);
    entry = (1 - t) / (1 - p) - t / p;
  }
  loss.J /= y.size();
  loss.dJdy_hat /= y.size();
  return loss;
}

Matrix relu_derivative(const Matrix& z) {
  Matrix slope = z;
  for (double& entry : slope) entry = entry > 0;
  return slope;
}

Matrix leaky_relu_derivative(const Matrix& z) {
  Matrix slope = relu_derivative(z);
  slope *= 0.99;
  slope += 0.01;
  return slope;
}

Matrix softplus_derivative(const Matrix& z) {
  Matrix slope = z;
  transform("sigmoid", slope);
  return slope;
}

Matrix gelu_derivative(const Matrix& z) {
  Matrix slope = z;
  for (double& entry : slope) {
    const double density = std::exp(-entry * entry / 2) * M_2_SQRTPI * M_SQRT1_2 / 2;
    entry = (1 + std::erf(entry * M_SQRT1_2)) / 2 + entry * density;
  }
  return slope;
}

}  // namespace two_layer
