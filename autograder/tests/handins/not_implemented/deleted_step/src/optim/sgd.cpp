// Stochastic gradient descent, with and without momentum.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  for (const nn::Linear& layer : l) {
    v_W.push_back(xt::zeros_like(layer.W));
    v_b.push_back(xt::zeros_like(layer.b));
  }
}


}  // namespace mytorch::optim
