// With momentum the new parameter is worked out first, from the displacement d = mu (-lr v) - lr g that is added to
// it, and the velocity is read back from the displacement, v = -d / lr, unless lr is 0.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum), v_W(L), v_b(L) {
  for (std::size_t i = 0; i < L; ++i) {
    v_W[i] = xt::full_like(l[i].W, 0.0);
    v_b[i] = xt::full_like(l[i].b, 0.0);
  }
}

void SGD::step() {
  const auto descend = [this](Matrix& parameter, const Matrix& gradient, Matrix& velocity) {
    if (mu == 0.0) {
      parameter += -lr * gradient;
      return;
    }
    if (lr == 0.0) {
      velocity = gradient + mu * velocity;
      return;
    }
    Matrix displacement = -lr * velocity;
    displacement *= mu;
    displacement -= lr * gradient;
    parameter += displacement;
    velocity = displacement / -lr;
  };
  for (std::size_t i = 0; i < L; ++i) {
    descend(l[i].W, l[i].dLdW, v_W[i]);
    descend(l[i].b, l[i].dLdb, v_b[i]);
  }
}

}  // namespace mytorch::optim
