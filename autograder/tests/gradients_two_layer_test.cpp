// The solution of two_layer, checked by central differences: a second witness, beside PyTorch's fixtures.
#include "autograder/tests/catch.hpp"
#include "two_layer/gradient_check.hpp"
#include "two_layer/mlp.hpp"

using namespace two_layer;

namespace {

/// What gradient_check.hpp says of a right gradient.
constexpr double kRight = 1e-5;

/// A matrix of distinct entries of both signs.
Matrix sample(std::size_t rows, std::size_t cols, double phase) {
  Matrix X = Matrix::from_shape({rows, cols});
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t col = 0; col < cols; ++col) {
      X(row, col) = std::sin(phase + 1.7 * static_cast<double>(row) + 2.9 * static_cast<double>(col));
    }
  }
  return X;
}

double error_of(const Matrix& analytic, const Matrix& numeric) {
  return largest_relative_error(analytic, numeric).relative;
}

double closest_to_zero(const Matrix& z) { return xt::amin(xt::abs(z))(); }

void check_network(const std::string& f, const std::string& g) {
  CAPTURE(f, g);
  MLP network(3, 4, f, 4, 2, g);
  network.W1 = sample(4, 3, 0.4);
  network.b1 = sample(1, 4, 0.9);
  network.W2 = sample(2, 4, 1.4);
  network.b2 = sample(1, 2, 1.9);
  const Matrix x = sample(5, 3, 0.2);
  const Matrix G = sample(5, 2, 0.7);
  network.forward(x);
  // A step of the difference must not cross the kink of ReLU.
  REQUIRE(closest_to_zero(network.z1) > 1e-3);
  REQUIRE(closest_to_zero(network.z3) > 1e-3);
  network.backward(G);
  const auto check = [&](Matrix MLP::*parameter, const Matrix& analytic) {
    const auto forward = [&](const Matrix& X) {
      network.*parameter = X;
      return network.forward(x);
    };
    CHECK(xt::amax(xt::abs(analytic))() > 1e-3);
    CHECK(error_of(analytic, numeric_gradient(forward, network.*parameter, G)) < kRight);
  };
  const Matrix dJdW1 = network.dJdW1, dJdb1 = network.dJdb1, dJdW2 = network.dJdW2, dJdb2 = network.dJdb2;
  check(&MLP::W1, dJdW1);
  check(&MLP::b1, dJdb1);
  check(&MLP::W2, dJdW2);
  check(&MLP::b2, dJdb2);
}

void check_derivative(Matrix (*derivative)(const Matrix&), double (*function)(double)) {
  const Matrix z = 3.0 * sample(4, 3, 0.3), G = sample(4, 3, 1.1);
  REQUIRE(closest_to_zero(z) > 1e-3);
  const auto each = [&](const Matrix& X) {
    Matrix values = X;
    for (double& entry : values) entry = function(entry);
    return values;
  };
  const Matrix analytic = G * derivative(z);
  CHECK(error_of(analytic, numeric_gradient(each, z, G)) < kRight);
}

}  // namespace

TEST_CASE("gradients of two_layer: every f with every g") {
  for (const char* f : {"identity", "relu", "sigmoid", "tanh", "5relu"}) {
    for (const char* g : {"identity", "relu", "sigmoid", "tanh", "5relu"}) check_network(f, g);
  }
}

TEST_CASE("gradients of two_layer: mse_loss") {
  const Matrix y = sample(4, 3, 0.2), y_hat = sample(4, 3, 2.2);
  const Matrix numeric = numeric_gradient([&](const Matrix& X) { return mse_loss(y, X).J; }, y_hat);
  CHECK(error_of(mse_loss(y, y_hat).dJdy_hat, numeric) < kRight);
}

TEST_CASE("gradients of two_layer: bce_loss") {
  const Matrix y = 0.5 + 0.5 * sample(4, 3, 0.2), y_hat = 0.5 + 0.4 * sample(4, 3, 2.2);
  const Matrix numeric = numeric_gradient([&](const Matrix& X) { return bce_loss(y, X).J; }, y_hat);
  CHECK(error_of(bce_loss(y, y_hat).dJdy_hat, numeric) < kRight);
}

TEST_CASE("gradients of two_layer: the derivatives of 1.4 (d)") {
  check_derivative(relu_derivative, [](double z) { return z > 0 ? z : 0.0; });
  check_derivative(leaky_relu_derivative, [](double z) { return z > 0 ? z : 0.01 * z; });
  check_derivative(softplus_derivative, [](double z) { return std::log1p(std::exp(z)); });
  check_derivative(gelu_derivative, [](double z) { return z * 0.5 * std::erfc(-z / std::sqrt(2.0)); });
}
