// In-place operators and xt::noalias on the parameters and the velocities.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(l.size()), lr(lr), mu(momentum), v_W(L), v_b(L) {
  for (std::size_t i = 0; i < L; ++i) {
    v_W[i].resize(l[i].W.shape());
    v_W[i].fill(0.0);
    v_b[i].resize(l[i].b.shape());
    v_b[i].fill(0.0);
  }
}

void SGD::step() {
  for (std::size_t i = 0; i < L; ++i) {
    nn::Linear& layer = l[i];
    if (mu != 0.0) {
      v_W[i] *= mu;
      v_W[i] += layer.dLdW;
      v_b[i] *= mu;
      v_b[i] += layer.dLdb;
    }
    xt::noalias(layer.W) -= lr * (mu == 0.0 ? layer.dLdW : v_W[i]);
    xt::noalias(layer.b) -= lr * (mu == 0.0 ? layer.dLdb : v_b[i]);
  }
}

}  // namespace mytorch::optim
