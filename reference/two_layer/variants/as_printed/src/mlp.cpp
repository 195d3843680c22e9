// The formulas as the homework and its handout print them, one after the other.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <stdexcept>

namespace two_layer {
namespace {

Matrix sigmoid(const Matrix& z) { return 1.0 / (1.0 + xt::exp(-z)); }

Matrix tanh_of(const Matrix& z) {
  Matrix up = xt::exp(z);
  Matrix down = xt::exp(-z);
  return (up - down) / (up + down);
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function) {
  for (const std::string& name : {f_function, g_function}) {
    if (name != "identity" && name != "relu" && name != "sigmoid" && name != "tanh" && name != "5relu") {
      throw std::invalid_argument(name + " is none of identity, relu, sigmoid, tanh, 5relu");
    }
  }
  this->f_function = f_function;
  this->g_function = g_function;
  W1 = xt::zeros<double>({linear_1_out_features, linear_1_in_features});
  b1 = xt::zeros<double>({std::size_t{1}, linear_1_out_features});
  W2 = xt::zeros<double>({linear_2_out_features, linear_2_in_features});
  b2 = xt::zeros<double>({std::size_t{1}, linear_2_out_features});
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  z1 = xt::linalg::dot(x, xt::transpose(W1)) + b1;
  z2 = z1;
  if (f_function == "relu") z2 = xt::maximum(z1, 0.0);
  if (f_function == "5relu") z2 = 5.0 * xt::maximum(z1, 0.0);
  if (f_function == "sigmoid") z2 = sigmoid(z1);
  if (f_function == "tanh") z2 = tanh_of(z1);
  z3 = xt::linalg::dot(z2, xt::transpose(W2)) + b2;
  y_hat = z3;
  if (g_function == "relu") y_hat = xt::maximum(z3, 0.0);
  if (g_function == "5relu") y_hat = 5.0 * xt::maximum(z3, 0.0);
  if (g_function == "sigmoid") y_hat = sigmoid(z3);
  if (g_function == "tanh") y_hat = tanh_of(z3);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  Matrix dy_hatdz3 = xt::ones_like(z3);
  if (g_function == "relu") dy_hatdz3 = xt::where(z3 > 0.0, 1.0, 0.0);
  if (g_function == "5relu") dy_hatdz3 = xt::where(z3 > 0.0, 5.0, 0.0);
  if (g_function == "sigmoid") dy_hatdz3 = sigmoid(z3) * (1.0 - sigmoid(z3));
  if (g_function == "tanh") dy_hatdz3 = 1.0 - xt::pow(tanh_of(z3), 2);
  Matrix dz2dz1 = xt::ones_like(z1);
  if (f_function == "relu") dz2dz1 = xt::where(z1 > 0.0, 1.0, 0.0);
  if (f_function == "5relu") dz2dz1 = xt::where(z1 > 0.0, 5.0, 0.0);
  if (f_function == "sigmoid") dz2dz1 = sigmoid(z1) * (1.0 - sigmoid(z1));
  if (f_function == "tanh") dz2dz1 = 1.0 - xt::pow(tanh_of(z1), 2);
  dJdW2 = xt::linalg::dot(xt::transpose(Matrix(dJdy_hat * dy_hatdz3)), z2);
  dJdb2 = sum_keepdims(dJdy_hat * dy_hatdz3, 0);
  Matrix dJdz1 = xt::linalg::dot(Matrix(dJdy_hat * dy_hatdz3), W2) * dz2dz1;
  dJdW1 = xt::linalg::dot(xt::transpose(dJdz1), x);
  dJdb1 = sum_keepdims(dJdz1, 0);
}

void MLP::clear_grad_and_cache() {
  dJdW1 = Matrix();
  dJdb1 = Matrix();
  dJdW2 = Matrix();
  dJdb2 = Matrix();
  x = Matrix();
  z1 = Matrix();
  z2 = Matrix();
  z3 = Matrix();
  y_hat = Matrix();
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  const double NK = static_cast<double>(y.shape(0)) * static_cast<double>(y.shape(1));
  Loss loss;
  loss.J = xt::sum(xt::pow(y_hat - y, 2))() / NK;
  loss.dJdy_hat = 2.0 * (y_hat - y) / NK;
  return loss;
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  const double NK = static_cast<double>(y.shape(0)) * static_cast<double>(y.shape(1));
  Loss loss;
  loss.J = xt::sum(-(y * xt::log(y_hat) + (1.0 - y) * xt::log(1.0 - y_hat)))() / NK;
  loss.dJdy_hat = (-y / y_hat + (1.0 - y) / (1.0 - y_hat)) / NK;
  return loss;
}

Matrix relu_derivative(const Matrix& z) { return xt::where(z > 0.0, 1.0, 0.0); }

Matrix leaky_relu_derivative(const Matrix& z) { return xt::where(z <= 0.0, 0.01, 1.0); }

Matrix softplus_derivative(const Matrix& z) { return xt::exp(z) / (1.0 + xt::exp(z)); }

Matrix gelu_derivative(const Matrix& z) {
  const double pi = 3.14159265358979323846;
  return 0.5 * (1.0 + xt::erf(z / std::sqrt(2.0))) + z * xt::exp(-xt::pow(z, 2) / 2.0) / std::sqrt(2.0 * pi);
}

}  // namespace two_layer
