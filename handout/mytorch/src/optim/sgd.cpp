// Stochastic gradient descent, with and without momentum. README, section 6.
#include "mytorch/optim/sgd.hpp"

#include "mytorch/not_implemented.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum) : l(model.layers) {
  // TODO: set L, lr and mu; start every velocity at zero, shaped like the W or b it belongs to.
  throw NotImplemented("optim::SGD::SGD");
}

void SGD::step() {
  // TODO: for each layer, update W and b; with momentum (mu not 0) update the velocities first.
  throw NotImplemented("optim::SGD::step");
}

}  // namespace mytorch::optim
