// As question 1.2 asks for it on paper: sample by sample, column vectors, gradients as row vectors (numerator layout),
// and the Jacobians of f and g as diagonal matrices.
#include "two_layer/mlp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace two_layer {
namespace {

const std::array<std::string, 5> names{"identity", "relu", "sigmoid", "tanh", "5relu"};

std::size_t number_of(const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw std::invalid_argument("no such function: " + name + "; there are " + names[0] + ", " + names[1] + ", " +
                                names[2] + ", " + names[3] + " and " + names[4]);
  }
  return static_cast<std::size_t>(found - names.begin());
}

Matrix value_of(const std::string& name, const Matrix& z) {
  const std::vector<Matrix> all{z, xt::fmax(z, 0.0), 1.0 / (1.0 + xt::exp(-z)), xt::tanh(z), 5.0 * xt::fmax(z, 0.0)};
  return all[number_of(name)];
}

/// (C, C) for a column z (C, 1).
Matrix jacobian(const std::string& name, const Matrix& z) {
  Matrix J = xt::zeros<double>({z.shape(0), z.shape(0)});
  const Matrix a = value_of(name, z);
  for (std::size_t i = 0; i < z.shape(0); ++i) {
    const double step = z(i, 0) > 0 ? 1.0 : 0.0;
    const std::array<double, 5> slopes{1.0, step, a(i, 0) * (1 - a(i, 0)), 1 - a(i, 0) * a(i, 0), 5 * step};
    J(i, i) = slopes[number_of(name)];
  }
  return J;
}

Matrix column(const Matrix& batch, std::size_t sample) {
  return xt::transpose(Matrix(xt::view(batch, xt::range(sample, sample + 1), xt::all())));
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function)
    : f_function(names[number_of(f_function)]),
      g_function(names[number_of(g_function)]),
      W1(xt::zeros<double>({linear_1_out_features, linear_1_in_features})),
      b1(xt::transpose(xt::zeros<double>({linear_1_out_features, std::size_t{1}}))),
      W2(xt::zeros<double>({linear_2_out_features, linear_2_in_features})),
      b2(xt::transpose(xt::zeros<double>({linear_2_out_features, std::size_t{1}}))) {}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  z1 = z2 = xt::zeros<double>({x.shape(0), W1.shape(0)});
  z3 = y_hat = xt::zeros<double>({x.shape(0), W2.shape(0)});
  for (std::size_t i = 0; i < x.shape(0); ++i) {
    const Matrix z1_i = xt::linalg::dot(W1, column(x, i)) + xt::transpose(b1);
    const Matrix z2_i = value_of(f_function, z1_i);
    const Matrix z3_i = xt::linalg::dot(W2, z2_i) + xt::transpose(b2);
    xt::row(z1, static_cast<int>(i)) = xt::col(z1_i, 0);
    xt::row(z2, static_cast<int>(i)) = xt::col(z2_i, 0);
    xt::row(z3, static_cast<int>(i)) = xt::col(z3_i, 0);
    const Matrix y_hat_i = value_of(g_function, z3_i);
    xt::row(y_hat, static_cast<int>(i)) = xt::col(y_hat_i, 0);
  }
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  dJdW1 = xt::zeros_like(W1);
  dJdb1 = xt::zeros_like(b1);
  dJdW2 = xt::zeros_like(W2);
  dJdb2 = xt::zeros_like(b2);
  for (std::size_t i = 0; i < x.shape(0); ++i) {
    const Matrix row = xt::transpose(column(dJdy_hat, i));
    const Matrix dz3 = xt::linalg::dot(row, jacobian(g_function, column(z3, i)));
    const Matrix dz1 = xt::linalg::dot(xt::linalg::dot(dz3, W2), jacobian(f_function, column(z1, i)));
    const Matrix W2_i = xt::linalg::dot(column(z2, i), dz3);
    const Matrix W1_i = xt::linalg::dot(column(x, i), dz1);
    dJdW2 += xt::transpose(W2_i);
    dJdb2 += dz3;
    dJdW1 += xt::transpose(W1_i);
    dJdb1 += dz1;
  }
}

void MLP::clear_grad_and_cache() {
  const std::string f = f_function, g = g_function;
  MLP cleared(1, 1, f, 1, 1, g);
  cleared.W1 = W1;
  cleared.b1 = b1;
  cleared.W2 = W2;
  cleared.b2 = b2;
  *this = cleared;
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  const Matrix e = y_hat - y;
  const double J = xt::linalg::trace(xt::linalg::dot(e, xt::transpose(e)))() / y.size();
  return {J, e / (0.5 * y.size())};
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  const Matrix miss = 1.0 - y_hat;
  double J = 0.0;
  for (std::size_t i = 0; i < y.shape(0); ++i) {
    const Matrix terms = column(y, i) * xt::log(column(y_hat, i)) + (1.0 - column(y, i)) * xt::log(column(miss, i));
    J -= xt::mean(terms)() / y.shape(0);
  }
  return {J, ((1.0 - y) * y_hat - y * miss) / (y_hat * miss) / y.size()};
}

Matrix relu_derivative(const Matrix& z) { return 1.0 * (z > 0.0); }

Matrix leaky_relu_derivative(const Matrix& z) { return 1.0 * (z > 0.0) + 0.01 * (z <= 0.0); }

Matrix softplus_derivative(const Matrix& z) { return 1.0 - 1.0 / (1.0 + xt::exp(z)); }

Matrix gelu_derivative(const Matrix& z) {
  const Matrix t = z / std::sqrt(2.0);
  return 0.5 + 0.5 * xt::erf(t) + t * xt::exp(-t * t) / std::sqrt(M_PI);
}

}  // namespace two_layer
