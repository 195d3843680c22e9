// Linear, tested in the two ways that every layer can be: against numbers worked out on paper, and against the
// numeric gradient. Until Linear is written the tests say so and check nothing.
#include "mytorch/nn/linear.hpp"

#include "mytorch/gradient_check.hpp"
#include "mytorch/not_implemented.hpp"
#include "testing.hpp"

using mytorch::largest_relative_error;
using mytorch::Matrix;
using mytorch::NotImplemented;
using mytorch::numeric_gradient;
using mytorch::nn::Linear;

namespace {

/// A layer from 3 features to 2.
Linear example_layer() {
  Linear layer(3, 2);
  layer.W = Matrix{{1.0, 2.0, 3.0}, {-1.0, 0.0, 1.0}};
  layer.b = Matrix{{0.5}, {-0.5}};
  return layer;
}

const Matrix A{{1.0, 0.0, 2.0}, {0.0, -1.0, 1.0}, {2.0, 1.0, 0.0}, {1.0, 1.0, 1.0}};  // 4 samples
const Matrix dLdZ{{1.0, 0.0}, {0.0, 2.0}, {-1.0, 1.0}, {2.0, 1.0}};

}  // namespace

TEST_CASE("Linear: W and b start at zero", "[linear]") {
  try {
    const Linear layer(3, 2);
    CHECK(difference(layer.W, Matrix{{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}}) == "");
    CHECK(difference(layer.b, Matrix{{0.0}, {0.0}}) == "");
  } catch (const NotImplemented& missing) {
    WARN(missing.what());
  }
}

TEST_CASE("Linear: forward, worked out by hand", "[linear]") {
  try {
    Linear layer = example_layer();
    // The first row: 1*1 + 0*2 + 2*3 + 0.5 = 7.5 and 1*(-1) + 0*0 + 2*1 - 0.5 = 0.5.
    CHECK(difference(layer.forward(A), Matrix{{7.5, 0.5}, {1.5, 0.5}, {4.5, -2.5}, {6.5, -0.5}}) == "");
    CHECK(difference(layer.A, A) == "");
    CHECK(layer.N == 4);
  } catch (const NotImplemented& missing) {
    WARN(missing.what());
  }
}

TEST_CASE("Linear: backward, worked out by hand", "[linear]") {
  try {
    Linear layer = example_layer();
    layer.forward(A);
    // The second row: 0*(1, 2, 3) + 2*(-1, 0, 1) = (-2, 0, 2).
    CHECK(difference(layer.backward(dLdZ),
                     Matrix{{1.0, 2.0, 3.0}, {-2.0, 0.0, 2.0}, {-2.0, -2.0, -2.0}, {1.0, 4.0, 7.0}}) == "");
    // Summed over the batch, then divided by N = 4.
    CHECK(difference(layer.dLdW, Matrix{{0.25, 0.25, 1.0}, {0.75, 0.0, 0.75}}) == "");
    CHECK(difference(layer.dLdb, Matrix{{0.5}, {1.0}}) == "");
  } catch (const NotImplemented& missing) {
    WARN(missing.what());
  }
}

TEST_CASE("Linear: the gradients agree with central differences", "[linear]") {
  try {
    Linear layer = example_layer();
    layer.forward(A);
    const Matrix dLdA = layer.backward(dLdZ);
    const Matrix dLdW = layer.dLdW * 4.0;  // the members are divided by N, the numeric gradients are not
    const Matrix dLdb = layer.dLdb * 4.0;

    const auto A_error =
        largest_relative_error(dLdA, numeric_gradient([&](const Matrix& X) { return layer.forward(X); }, A, dLdZ));
    const auto forward_with_W = [&](const Matrix& W) {
      layer.W = W;
      return layer.forward(A);
    };
    const auto W_error = largest_relative_error(dLdW, numeric_gradient(forward_with_W, layer.W, dLdZ));
    const auto forward_with_b = [&](const Matrix& b) {
      layer.b = b;
      return layer.forward(A);
    };
    const auto b_error = largest_relative_error(dLdb, numeric_gradient(forward_with_b, layer.b, dLdZ));

    INFO("dLdA: " << A_error << "\ndLdW: " << W_error << "\ndLdb: " << b_error);  // shown when a check fails
    CHECK(A_error.relative < 1e-5);
    CHECK(W_error.relative < 1e-5);
    CHECK(b_error.relative < 1e-5);
  } catch (const NotImplemented& missing) {
    WARN(missing.what());
  }
}
