// Plain loops over samples, features and units, without one matrix expression.
#include "two_layer/mlp.hpp"

#include <cmath>
#include <stdexcept>

namespace two_layer {
namespace {

enum class Function { identity, relu, sigmoid, tanh, five_relu };

Function function_named(const std::string& name) {
  if (name == "identity") return Function::identity;
  if (name == "relu") return Function::relu;
  if (name == "sigmoid") return Function::sigmoid;
  if (name == "tanh") return Function::tanh;
  if (name == "5relu") return Function::five_relu;
  throw std::invalid_argument("'" + name + "' (known: identity relu sigmoid tanh 5relu)");
}

double value(Function function, double z) {
  switch (function) {
    case Function::relu: return z > 0 ? z : 0;
    case Function::sigmoid: return 1 / (1 + std::exp(-z));
    case Function::tanh: return std::tanh(z);
    case Function::five_relu: return z > 0 ? 5 * z : 0;
    default: return z;
  }
}

double slope(Function function, double z) {
  const double a = value(function, z);
  switch (function) {
    case Function::relu: return z > 0 ? 1 : 0;
    case Function::sigmoid: return a * (1 - a);
    case Function::tanh: return 1 - a * a;
    case Function::five_relu: return z > 0 ? 5 : 0;
    default: return 1;
  }
}

void zero(Matrix& matrix, std::size_t rows, std::size_t columns) {
  matrix.resize({rows, columns});
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) matrix(i, j) = 0;
  }
}

void linear(const Matrix& in, const Matrix& W, const Matrix& b, Matrix& out) {
  zero(out, in.shape(0), W.shape(0));
  for (std::size_t i = 0; i < out.shape(0); ++i) {
    for (std::size_t j = 0; j < out.shape(1); ++j) {
      out(i, j) = b(0, j);
      for (std::size_t k = 0; k < in.shape(1); ++k) out(i, j) += in(i, k) * W(j, k);
    }
  }
}

void apply_each(Function function, const Matrix& in, Matrix& out) {
  zero(out, in.shape(0), in.shape(1));
  for (std::size_t i = 0; i < in.shape(0); ++i) {
    for (std::size_t j = 0; j < in.shape(1); ++j) out(i, j) = value(function, in(i, j));
  }
}

void gradients(const Matrix& dJdz, const Matrix& in, Matrix& dJdW, Matrix& dJdb) {
  zero(dJdW, dJdz.shape(1), in.shape(1));
  zero(dJdb, 1, dJdz.shape(1));
  for (std::size_t i = 0; i < dJdz.shape(0); ++i) {
    for (std::size_t j = 0; j < dJdz.shape(1); ++j) {
      dJdb(0, j) += dJdz(i, j);
      for (std::size_t k = 0; k < in.shape(1); ++k) dJdW(j, k) += dJdz(i, j) * in(i, k);
    }
  }
}

template <typename Entry>
Matrix each(const Matrix& z, Entry entry) {
  Matrix result;
  zero(result, z.shape(0), z.shape(1));
  for (std::size_t i = 0; i < z.shape(0); ++i) {
    for (std::size_t j = 0; j < z.shape(1); ++j) result(i, j) = entry(z(i, j));
  }
  return result;
}

}  // namespace

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function) {
  function_named(f_function);
  function_named(g_function);
  this->f_function = f_function;
  this->g_function = g_function;
  zero(W1, linear_1_out_features, linear_1_in_features);
  zero(b1, 1, linear_1_out_features);
  zero(W2, linear_2_out_features, linear_2_in_features);
  zero(b2, 1, linear_2_out_features);
}

Matrix MLP::forward(const Matrix& x) {
  this->x = x;
  linear(x, W1, b1, z1);
  apply_each(function_named(f_function), z1, z2);
  linear(z2, W2, b2, z3);
  apply_each(function_named(g_function), z3, y_hat);
  return y_hat;
}

void MLP::backward(const Matrix& dJdy_hat) {
  const Function f = function_named(f_function), g = function_named(g_function);
  Matrix dJdz3, dJdz1;
  zero(dJdz3, z3.shape(0), z3.shape(1));
  zero(dJdz1, z1.shape(0), z1.shape(1));
  for (std::size_t i = 0; i < z3.shape(0); ++i) {
    for (std::size_t k = 0; k < z3.shape(1); ++k) dJdz3(i, k) = dJdy_hat(i, k) * slope(g, z3(i, k));
    for (std::size_t j = 0; j < z1.shape(1); ++j) {
      for (std::size_t k = 0; k < z3.shape(1); ++k) dJdz1(i, j) += dJdz3(i, k) * W2(k, j);
      dJdz1(i, j) *= slope(f, z1(i, j));
    }
  }
  gradients(dJdz3, z2, dJdW2, dJdb2);
  gradients(dJdz1, x, dJdW1, dJdb1);
}

void MLP::clear_grad_and_cache() {
  for (Matrix* matrix : {&dJdW1, &dJdb1, &dJdW2, &dJdb2, &x, &z1, &z2, &z3, &y_hat}) zero(*matrix, 0, 0);
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  Loss loss;
  loss.dJdy_hat = y_hat;
  for (std::size_t i = 0; i < y.shape(0); ++i) {
    for (std::size_t j = 0; j < y.shape(1); ++j) {
      const double error = y_hat(i, j) - y(i, j);
      loss.J += error * error / y.size();
      loss.dJdy_hat(i, j) = 2 * error / y.size();
    }
  }
  return loss;
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  Loss loss;
  loss.dJdy_hat = y_hat;
  for (std::size_t i = 0; i < y.shape(0); ++i) {
    for (std::size_t j = 0; j < y.shape(1); ++j) {
      const double t = y(i, j), p = y_hat(i, j);
      loss.J -= (t * std::log(p) + (1 - t) * std::log1p(-p)) / y.size();
      loss.dJdy_hat(i, j) = (p - t) / (p - p * p) / y.size();
    }
  }
  return loss;
}

Matrix relu_derivative(const Matrix& z) {
  return each(z, [](double entry) { return slope(Function::relu, entry); });
}

Matrix leaky_relu_derivative(const Matrix& z) {
  return each(z, [](double entry) { return entry > 0 ? 1.0 : 0.01; });
}

Matrix softplus_derivative(const Matrix& z) {
  return each(z, [](double entry) { return value(Function::sigmoid, entry); });
}

Matrix gelu_derivative(const Matrix& z) {
  return each(z, [](double entry) {
    return 0.5 * std::erfc(-entry / std::sqrt(2.0)) + entry * std::exp(-entry * entry / 2) / std::sqrt(2 * M_PI);
  });
}

}  // namespace two_layer
