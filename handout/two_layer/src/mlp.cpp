// The two-layer network, forward and backward, its losses, and the derivatives of question 1.4 (d). The README says
// what each function has to do. This is the one file of code that you hand in.
#include "two_layer/mlp.hpp"

#include "two_layer/not_implemented.hpp"

namespace two_layer {

MLP::MLP(std::size_t linear_1_in_features, std::size_t linear_1_out_features, const std::string& f_function,
         std::size_t linear_2_in_features, std::size_t linear_2_out_features, const std::string& g_function) {
  // TODO: refuse names that are not known; set the parameters to zero (their shapes are in mlp.hpp), keep the names.
  throw NotImplemented("MLP::MLP");
}

Matrix MLP::forward(const Matrix& x) {
  // TODO: keep x, z1, z2, z3 and y_hat, return y_hat.
  throw NotImplemented("MLP::forward");
}

void MLP::backward(const Matrix& dJdy_hat) {
  // TODO: set dJdW2, dJdb2, dJdW1 and dJdb1.
  throw NotImplemented("MLP::backward");
}

void MLP::clear_grad_and_cache() {
  // TODO: make the four gradients and the five matrices of the cache empty.
  throw NotImplemented("MLP::clear_grad_and_cache");
}

Loss mse_loss(const Matrix& y, const Matrix& y_hat) {
  // TODO: return the mean of the squared errors over all entries, and its gradient.
  throw NotImplemented("mse_loss");
}

Loss bce_loss(const Matrix& y, const Matrix& y_hat) {
  // TODO: return the mean of the binary cross-entropies over all entries, and its gradient.
  throw NotImplemented("bce_loss");
}

Matrix relu_derivative(const Matrix& z) {
  // TODO: return the slope of ReLU at each entry of z.
  throw NotImplemented("relu_derivative");
}

Matrix leaky_relu_derivative(const Matrix& z) {
  // TODO: return the slope of LeakyReLU(0.01) at each entry of z.
  throw NotImplemented("leaky_relu_derivative");
}

Matrix softplus_derivative(const Matrix& z) {
  // TODO: return the slope of Softplus(1) at each entry of z.
  throw NotImplemented("softplus_derivative");
}

Matrix gelu_derivative(const Matrix& z) {
  // TODO: return the slope of GELU at each entry of z.
  throw NotImplemented("gelu_derivative");
}

}  // namespace two_layer
