// Velocity lists that step() clears and fills anew with push_back; with momentum zero they are left alone.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  for (std::size_t i = 0; i < L; ++i) {
    Matrix zero_W(l[i].W.shape(), 0.0);
    Matrix zero_b(l[i].b.shape(), 0.0);
    v_W.push_back(zero_W);
    v_b.push_back(zero_b);
  }
}

void SGD::step() {
  if (mu == 0.0) {
    for (nn::Linear& layer : l) {
      layer.W = layer.W - lr * layer.dLdW;
      layer.b = layer.b - lr * layer.dLdb;
    }
    return;
  }
  const std::vector<Matrix> old_W = v_W;
  const std::vector<Matrix> old_b = v_b;
  v_W.clear();
  v_b.clear();
  for (std::size_t i = 0; i < L; ++i) {
    v_W.push_back(mu * old_W[i] + l[i].dLdW);
    v_b.push_back(mu * old_b[i] + l[i].dLdb);
    l[i].W = l[i].W - lr * v_W.back();
    l[i].b = l[i].b - lr * v_b.back();
  }
}

}  // namespace mytorch::optim
