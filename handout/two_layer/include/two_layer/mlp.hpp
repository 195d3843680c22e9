// The network of this homework, its two losses, and four derivatives. You write all of them in src/mlp.cpp.
#pragma once

#include <cstddef>
#include <string>

#include "two_layer/tensor.hpp"

namespace two_layer {

/// A network of two layers: x -> Linear 1 -> z1 -> f -> z2 -> Linear 2 -> z3 -> g -> y_hat.
///
/// Shapes, for N samples of n features, h hidden units and K outputs: x (N, n); z1, z2 (N, h); z3, y_hat (N, K);
/// W1 (h, n); b1 (1, h); W2 (K, h); b2 (1, K). Every gradient has the shape of what it is the gradient of.
/// Source: NYU CSCI-GA 2572, homework 1 (Spring 2022), sections 1.1 and 2; tanh and 5 ReLU are from autumn 2022.
class MLP {
 public:
  /// Sets W1, b1, W2 and b2 to zero and keeps the two names; gradients and cache stay empty matrices.
  ///
  /// `f_function` and `g_function` are "identity", "relu", "sigmoid", "tanh" or "5relu". Throws std::invalid_argument
  /// for any other name, with a message that names these five. `linear_2_in_features` is always the same number as
  /// `linear_1_out_features`.
  MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
      std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function);

  /// Returns y_hat (N, K) for the batch x (N, n); leaves x, z1, z2, z3 and y_hat in the cache.
  Matrix forward(const Matrix& x);

  /// Takes dJdy_hat (N, K), the gradient at the output of the last forward(), back to the parameters; leaves dJdW1,
  /// dJdb1, dJdW2 and dJdb2, in the place of what an earlier call left there. They are sums over the batch: if J is a
  /// mean, dJdy_hat has the division in it already. Changes neither the parameters nor the cache.
  void backward(const Matrix& dJdy_hat);

  /// Makes the four gradients and the five matrices of the cache empty, of shape (0, 0); the parameters stay.
  void clear_grad_and_cache();

  std::string f_function;  ///< the name of f
  std::string g_function;  ///< the name of g

  Matrix W1;  ///< weights of Linear 1 (h, n)
  Matrix b1;  ///< bias of Linear 1 (1, h)
  Matrix W2;  ///< weights of Linear 2 (K, h)
  Matrix b2;  ///< bias of Linear 2 (1, K)

  Matrix dJdW1;  ///< gradient of W1 (h, n)
  Matrix dJdb1;  ///< gradient of b1 (1, h)
  Matrix dJdW2;  ///< gradient of W2 (K, h)
  Matrix dJdb2;  ///< gradient of b2 (1, K)

  // The cache: what the last forward() was given and computed.
  Matrix x;      ///< input (N, n)
  Matrix z1;     ///< output of Linear 1 (N, h)
  Matrix z2;     ///< output of f (N, h)
  Matrix z3;     ///< output of Linear 2 (N, K)
  Matrix y_hat;  ///< output of g (N, K)
};

/// What a loss answers: its value, and its gradient with respect to the prediction.
struct Loss {
  double J = 0.0;
  Matrix dJdy_hat;  ///< (N, K)
};

/// Mean squared error: the mean over all N K entries of (y_hat - y)^2, and its gradient.
/// Shapes: y, y_hat (N, K). Source: section 1.2; there it is the squared norm, for one sample.
Loss mse_loss(const Matrix& y, const Matrix& y_hat);

/// Binary cross-entropy: the mean over all N K entries of -(y log y_hat + (1 - y) log(1 - y_hat)), and its gradient.
/// Shapes: y, y_hat (N, K); y between 0 and 1, both included, y_hat between 0 and 1. Source: section 1.3 (b).
Loss bce_loss(const Matrix& y, const Matrix& y_hat);

// The derivatives of question 1.4 (d), at each entry of z (N, C); the result is (N, C).

/// Of ReLU. It is 0 at exactly 0.
Matrix relu_derivative(const Matrix& z);

/// Of LeakyReLU with a slope of 0.01 for negative inputs. It is 0.01 at exactly 0.
Matrix leaky_relu_derivative(const Matrix& z);

/// Of Softplus with beta = 1, log(1 + exp(z)).
Matrix softplus_derivative(const Matrix& z);

/// Of GELU, z Phi(z), where Phi is the distribution function of the standard normal distribution: the exact one, with
/// the error function, not its approximation by tanh.
Matrix gelu_derivative(const Matrix& z);

}  // namespace two_layer
