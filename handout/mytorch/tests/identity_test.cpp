// The smallest test there is: a layer, an input, and the answer worked out by hand. Identity is complete, so this
// passes from the first day. Copy it to sigmoid_test.cpp, say, and change what has to change.
#include "mytorch/nn/activation.hpp"
#include "testing.hpp"

using mytorch::Matrix;
using mytorch::nn::Identity;

TEST_CASE("Identity: forward returns its input and keeps it", "[identity]") {
  Identity identity;
  const Matrix Z{{-1.5, 0.0, 2.0}, {3.0, -4.0, 0.5}};

  CHECK(difference(identity.forward(Z), Z) == "");
  CHECK(difference(identity.A, Z) == "");
}

TEST_CASE("Identity: the derivative is 1 everywhere", "[identity]") {
  Identity identity;
  identity.forward(Matrix{{-1.5, 0.0, 2.0}, {3.0, -4.0, 0.5}});

  CHECK(difference(identity.backward(), Matrix{{1.0, 1.0, 1.0}, {1.0, 1.0, 1.0}}) == "");
}

TEST_CASE("Identity: backward belongs to the last forward, whatever its batch size", "[identity]") {
  Identity identity;
  identity.forward(Matrix{{1.0, 2.0}, {3.0, 4.0}});
  identity.forward(Matrix{{5.0, 6.0}});

  CHECK(difference(identity.backward(), Matrix{{1.0, 1.0}}) == "");
}
