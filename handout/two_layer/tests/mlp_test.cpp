// A network, tested in the two ways that every layer can be: against numbers worked out on paper, and against the
// numeric gradient. Until a function is written its test says so and checks nothing.
#include "two_layer/mlp.hpp"

#include "testing.hpp"
#include "two_layer/gradient_check.hpp"
#include "two_layer/not_implemented.hpp"

using two_layer::largest_relative_error;
using two_layer::Matrix;
using two_layer::MLP;
using two_layer::NotImplemented;
using two_layer::numeric_gradient;

namespace {

/// From 2 features over 3 hidden units to 2 outputs.
MLP example_network(const std::string& f, const std::string& g) {
  MLP network(2, 3, f, 3, 2, g);
  network.W1 = Matrix{{1.0, 0.0}, {0.0, -1.0}, {1.0, 1.0}};
  network.b1 = Matrix{{0.0, 1.0, -1.0}};
  network.W2 = Matrix{{1.0, 2.0, -1.0}, {0.5, 0.0, 1.0}};
  network.b2 = Matrix{{0.5, -0.5}};
  return network;
}

const Matrix x{{1.0, 2.0}, {-1.0, 0.5}, {3.0, -1.0}, {0.5, 0.25}};  // 4 samples

}  // namespace

TEST_CASE("forward: worked out by hand", "[forward]") {
  try {
    MLP network = example_network("relu", "identity");
    // The first sample: z1 = (1, -2 + 1, 1 + 2 - 1) = (1, -1, 2), z2 = (1, 0, 2), z3 = (1 - 2 + 0.5, 0.5 + 2 - 0.5).
    const Matrix y_hat = network.forward(x);
    CHECK(difference(y_hat, Matrix{{-0.5, 2.0}, {1.5, -0.5}, {6.5, 2.0}, {2.5, -0.25}}) == "");
    CHECK(difference(network.z1, Matrix{{1.0, -1.0, 2.0}, {-1.0, 0.5, -1.5}, {3.0, 2.0, 1.0}, {0.5, 0.75, -0.25}}) ==
          "");
    CHECK(difference(network.y_hat, y_hat) == "");
  } catch (const NotImplemented& missing) {
    WARN(missing.what());
  }
}

TEST_CASE("backward: the gradients agree with central differences", "[backward]") {
  try {
    MLP network = example_network("tanh", "sigmoid");
    const Matrix dJdy_hat{{1.0, -2.0}, {0.5, 0.3}, {1.0, 2.0}, {-1.0, 0.7}};  // any numbers of this shape
    network.forward(x);
    network.backward(dJdy_hat);
    const Matrix dJdW1 = network.dJdW1;  // first: the numeric gradient calls forward again and again

    const auto forward_with_W1 = [&](const Matrix& W1) {
      network.W1 = W1;
      return network.forward(x);
    };
    const auto error = largest_relative_error(dJdW1, numeric_gradient(forward_with_W1, network.W1, dJdy_hat));
    INFO(error);  // where the largest error is; shown when the check fails
    CHECK(error.relative < 1e-5);
  } catch (const NotImplemented& missing) {
    WARN(missing.what());
  }
}
