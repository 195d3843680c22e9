// Parameters, gradients and velocities as plain ranges of doubles: std::transform for every update, with std::fma.
#include "mytorch/optim/sgd.hpp"

#include <algorithm>
#include <cmath>

namespace mytorch::optim {
namespace {

/// y := y + a x
void add(double a, const Matrix& x, Matrix& y) {
  std::transform(x.begin(), x.end(), y.begin(), y.begin(),
                 [a](double from, double to) { return std::fma(a, from, to); });
}

}  // namespace

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  for (std::size_t i = 0; i < L; ++i) {
    v_W.push_back(l[i].W);
    v_b.push_back(l[i].b);
    std::fill(v_W[i].begin(), v_W[i].end(), 0.0);
    std::fill(v_b[i].begin(), v_b[i].end(), 0.0);
  }
}

void SGD::step() {
  for (std::size_t i = 0; i < L; ++i) {
    // The part of the old velocity first, then the gradient: W - lr mu v - lr g.
    add(-lr * mu, v_W[i], l[i].W);
    add(-lr * mu, v_b[i], l[i].b);
    add(-lr, l[i].dLdW, l[i].W);
    add(-lr, l[i].dLdb, l[i].b);
    if (mu != 0.0) {
      add(mu - 1.0, v_W[i], v_W[i]);
      add(mu - 1.0, v_b[i], v_b[i]);
      add(1.0, l[i].dLdW, v_W[i]);
      add(1.0, l[i].dLdb, v_b[i]);
    }
  }
}

}  // namespace mytorch::optim
