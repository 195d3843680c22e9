// Debug output left in: the parameters before and after every step.
#include "mytorch/optim/sgd.hpp"

#include <iostream>

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  for (const nn::Linear& layer : l) {
    v_W.push_back(xt::zeros_like(layer.W));
    v_b.push_back(xt::zeros_like(layer.b));
  }
  std::cout << "SGD with lr=" << lr << ", momentum=" << momentum << ", " << L << " layers\n";
}

void SGD::step() {
  for (std::size_t i = 0; i < L; ++i) {
    std::cout << "layer " << i << " before: " << l[i].W << '\n';
    if (mu == 0.0) {
      l[i].W -= lr * l[i].dLdW;
      l[i].b -= lr * l[i].dLdb;
    } else {
      v_W[i] = mu * v_W[i] + l[i].dLdW;
      v_b[i] = mu * v_b[i] + l[i].dLdb;
      l[i].W -= lr * v_W[i];
      l[i].b -= lr * v_b[i];
    }
    std::cout << "layer " << i << " after: " << l[i].W << '\n';
  }
}

}  // namespace mytorch::optim
