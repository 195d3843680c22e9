// xt::xarray, whose number of dimensions is not fixed, reshaped where a Matrix is wanted; sums by einsum-like products.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <iostream>
#include <stdexcept>

namespace two_layer {

using Array = xt::xarray<double>;

static Array f_of(const std::string& name, const Array& z) {
  if (name == "relu") return z * (z > 0.0);
  if (name == "5relu") return z * (z > 0.0) * 5.0;
  if (name == "sigmoid") return 1.0 / (1.0 + xt::exp(-z));
  if (name == "tanh") return xt::tanh(z);
  if (name == "identity") return z;
  throw std::invalid_argument("identity|relu|sigmoid|tanh|5relu");
}

static Array df_of(const std::string& name, const Array& z) {
  const Array a = f_of(name, z);
  if (name == "relu") return xt::cast<double>(a > 0.0);
  if (name == "5relu") return xt::cast<double>(a > 0.0) * 5.0;
  if (name == "sigmoid") return a - a * a;
  if (name == "tanh") return 1.0 - a * a;
  return xt::ones<double>(z.shape());
}

static Matrix as_row(const Array& vector) {
  Array row = vector;
  row.reshape({1, static_cast<int>(vector.size())});
  return row;
}

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function)
    : f_function(f_function), g_function(g_function) {
  f_of(f_function, Array{0.0});
  f_of(g_function, Array{0.0});
  std::cout << "a network " << f_function << ", " << g_function << std::endl;
  W1 = xt::zeros<double>({linear_1_out_features, linear_1_in_features});
  W2 = xt::zeros<double>({linear_2_out_features, linear_2_in_features});
  b1 = as_row(xt::zeros<double>({linear_1_out_features}));
  b2 = as_row(xt::zeros<double>({linear_2_out_features}));
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  const Array first = xt::linalg::tensordot(x, W1, {1}, {1}) + xt::view(b1, 0, xt::all());
  const Array hidden = f_of(f_function, first);
  const Array second = xt::linalg::tensordot(hidden, Array(W2), {1}, {1}) + xt::view(b2, 0, xt::all());
  z1 = first;
  z2 = hidden;
  z3 = second;
  y_hat = f_of(g_function, second);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  const Array dJdz3 = dJdy_hat * df_of(g_function, z3);
  const Array dJdz1 = xt::linalg::dot(dJdz3, Array(W2)) * df_of(f_function, z1);
  dJdW2 = xt::linalg::tensordot(dJdz3, Array(z2), {0}, {0});
  dJdW1 = xt::linalg::tensordot(dJdz1, Array(x), {0}, {0});
  dJdb2 = as_row(xt::sum(dJdz3, {0}));
  dJdb1 = as_row(xt::sum(dJdz1, {0}));
}

void MLP::clear_grad_and_cache() {
  for (Matrix* one : {&dJdW1, &dJdb1, &dJdW2, &dJdb2, &x, &z1, &z2, &z3, &y_hat}) *one = xt::zeros<double>({0, 0});
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  const Array error = Array(y_hat) - Array(y);
  return {xt::mean(xt::square(error))(), 2.0 * error / static_cast<double>(error.size())};
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  const Array p = y_hat, t = y;
  const Array gradient = t * (-1.0 / p) + (1.0 - t) * (1.0 / (1.0 - p));
  return {-xt::mean(t * xt::log(p) + (1.0 - t) * xt::log(1.0 - p))(), gradient / static_cast<double>(p.size())};
}

Matrix relu_derivative(const Matrix& z) { return df_of("relu", z); }

Matrix leaky_relu_derivative(const Matrix& z) {
  Array slope = xt::ones<double>({z.shape(0), z.shape(1)});
  xt::masked_view(slope, z <= 0.0) = 0.01;
  return slope;
}

Matrix softplus_derivative(const Matrix& z) { return f_of("sigmoid", z); }

Matrix gelu_derivative(const Matrix& z) {
  const Array a = z;
  return 0.5 * (1.0 + xt::erf(a * M_SQRT1_2)) + a * xt::exp(-a * a / 2.0) * (M_2_SQRTPI * M_SQRT1_2 / 2.0);
}

}  // namespace two_layer
