// The solution, checked by central differences: a second witness, beside PyTorch's fixtures, for every backward.
#include "autograder/tests/catch.hpp"
#include "mytorch/gradient_check.hpp"
#include "mytorch/models/mlp.hpp"
#include "mytorch/nn/activation.hpp"
#include "mytorch/nn/batchnorm.hpp"
#include "mytorch/nn/linear.hpp"
#include "mytorch/nn/loss.hpp"

using namespace mytorch;

namespace {

/// What gradient_check.hpp says of a right gradient.
constexpr double kRight = 1e-5;

/// A matrix of distinct entries of both signs, none within 0.05 of zero, where ReLU has its kink.
Matrix sample(std::size_t rows, std::size_t cols, double phase) {
  Matrix X = Matrix::from_shape({rows, cols});
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t col = 0; col < cols; ++col) {
      const double x = std::sin(phase + 1.7 * static_cast<double>(row) + 2.9 * static_cast<double>(col));
      X(row, col) = x + (x < 0 ? -0.05 : 0.05);
    }
  }
  return X;
}

double error_of(const Matrix& analytic, const Matrix& numeric) {
  return largest_relative_error(analytic, numeric).relative;
}

template <typename Function>
void check_activation(Function f) {
  const Matrix Z = sample(4, 3, 0.3);
  const Matrix G = sample(4, 3, 1.1);
  f.forward(Z);
  Matrix analytic = G * f.backward();
  CHECK(error_of(analytic, numeric_gradient([&](const Matrix& X) { return f.forward(X); }, Z, G)) < kRight);
}

template <typename Model>
void check_model(std::size_t outputs) {
  Model model;
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const auto phase = static_cast<double>(i);
    model.layers[i].W = sample(model.layers[i].W.shape(0), model.layers[i].W.shape(1), 0.4 + phase);
    model.layers[i].b = sample(model.layers[i].b.shape(0), 1, 0.9 + phase);
  }
  const Matrix A0 = sample(3, 2, 0.2);
  const Matrix G = sample(3, outputs, 0.7);
  model.forward(A0);
  model.backward(G);
  const Matrix dLdA0 = model.dLdA[0];
  CHECK(xt::amax(xt::abs(dLdA0))() > 1e-3);
  CHECK(error_of(dLdA0, numeric_gradient([&](const Matrix& X) { return model.forward(X); }, A0, G)) < kRight);
  for (nn::Linear& layer : model.layers) {
    const Matrix numeric_W = numeric_gradient(
        [&](const Matrix& W) {
          layer.W = W;
          return model.forward(A0);
        },
        layer.W, G);
    const Matrix numeric_b = numeric_gradient(
        [&](const Matrix& b) {
          layer.b = b;
          return model.forward(A0);
        },
        layer.b, G);
    CHECK(error_of(layer.dLdW * 3.0, numeric_W) < kRight);
    CHECK(error_of(layer.dLdb * 3.0, numeric_b) < kRight);
  }
}

}  // namespace

TEST_CASE("gradients: Linear") {
  nn::Linear layer(3, 2);
  layer.W = sample(2, 3, 0.5);
  layer.b = sample(2, 1, 0.8);
  const Matrix A = sample(4, 3, 0.1);
  const Matrix G = sample(4, 2, 1.3);
  layer.forward(A);
  const Matrix dLdA = layer.backward(G);
  CHECK(error_of(dLdA, numeric_gradient([&](const Matrix& X) { return layer.forward(X); }, A, G)) < kRight);
  const Matrix numeric_W = numeric_gradient(
      [&](const Matrix& W) {
        layer.W = W;
        return layer.forward(A);
      },
      layer.W, G);
  const Matrix numeric_b = numeric_gradient(
      [&](const Matrix& b) {
        layer.b = b;
        return layer.forward(A);
      },
      layer.b, G);
  CHECK(error_of(layer.dLdW * 4.0, numeric_W) < kRight);
  CHECK(error_of(layer.dLdb * 4.0, numeric_b) < kRight);
}

TEST_CASE("gradients: Identity") { check_activation(nn::Identity()); }
TEST_CASE("gradients: Sigmoid") { check_activation(nn::Sigmoid()); }
TEST_CASE("gradients: Tanh") { check_activation(nn::Tanh()); }
TEST_CASE("gradients: ReLU") { check_activation(nn::ReLU()); }

TEST_CASE("gradients: MSELoss") {
  nn::MSELoss loss;
  const Matrix A = sample(4, 3, 0.2), Y = sample(4, 3, 2.2);
  loss.forward(A, Y);
  const Matrix dLdA = loss.backward();
  CHECK(error_of(dLdA, numeric_gradient([&](const Matrix& X) { return loss.forward(X, Y); }, A)) < kRight);
}

TEST_CASE("gradients: CrossEntropyLoss, whose gradient is not divided by N") {
  nn::CrossEntropyLoss loss;
  const Matrix A = sample(4, 3, 0.2);
  Matrix Y = xt::exp(sample(4, 3, 2.2));
  Y = Y / sum_keepdims(Y, 1);
  loss.forward(A, Y);
  const Matrix dLdA = loss.backward();
  CHECK(error_of(dLdA / 4.0, numeric_gradient([&](const Matrix& X) { return loss.forward(X, Y); }, A)) < kRight);
}

TEST_CASE("gradients: BatchNorm1d") {
  nn::BatchNorm1d bn(3);
  bn.BW = sample(1, 3, 0.6);
  bn.Bb = sample(1, 3, 1.6);
  const Matrix Z = sample(5, 3, 0.4);
  const Matrix G = sample(5, 3, 2.4);
  bn.forward(Z);
  const Matrix dLdZ = bn.backward(G);
  const Matrix dLdBW = bn.dLdBW, dLdBb = bn.dLdBb;
  CHECK(error_of(dLdZ, numeric_gradient([&](const Matrix& X) { return bn.forward(X); }, Z, G)) < kRight);
  CHECK(error_of(dLdBW, numeric_gradient(
                            [&](const Matrix& BW) {
                              bn.BW = BW;
                              return bn.forward(Z);
                            },
                            bn.BW, G)) < kRight);
  CHECK(error_of(dLdBb, numeric_gradient(
                            [&](const Matrix& Bb) {
                              bn.Bb = Bb;
                              return bn.forward(Z);
                            },
                            bn.Bb, G)) < kRight);
}

TEST_CASE("gradients: MLP0") { check_model<models::MLP0>(3); }
TEST_CASE("gradients: MLP1") { check_model<models::MLP1>(2); }
TEST_CASE("gradients: MLP4") { check_model<models::MLP4>(2); }

TEST_CASE("gradients: a wrong gradient is told from a right one") {
  nn::Tanh f;
  const Matrix Z = sample(2, 2, 0.3), G = sample(2, 2, 1.1);
  f.forward(Z);
  const Matrix wrong = G * (1.0 - f.A);
  CHECK(error_of(wrong, numeric_gradient([&](const Matrix& X) { return f.forward(X); }, Z, G)) > 1e-2);
}
