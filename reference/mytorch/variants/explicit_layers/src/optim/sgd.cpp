// No case for zero momentum: the velocities are always kept, and then equal the gradients.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum)
    : l{model.layers}, L{model.layers.size()}, lr{lr}, mu{momentum} {
  v_W.resize(L);
  v_b.resize(L);
  for (std::size_t i = 0; i < L; ++i) {
    v_W[i] = 0.0 * l[i].W;
    v_b[i] = 0.0 * l[i].b;
  }
}

void SGD::step() {
  for (std::size_t i = 0; i < L; ++i) {
    v_W[i] = mu * v_W[i] + l[i].dLdW;
    v_b[i] = mu * v_b[i] + l[i].dLdb;
    l[i].W = l[i].W - lr * v_W[i];
    l[i].b = l[i].b - lr * v_b[i];
  }
}

}  // namespace mytorch::optim
