// Explicit loops over the entries of W and b with operator().
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum) : l(model.layers) {
  L = l.size();
  this->lr = lr;
  mu = momentum;
  for (std::size_t k = 0; k < L; k++) {
    v_W.push_back(Matrix(l[k].W.shape(), 0.0));
    v_b.push_back(Matrix(l[k].b.shape(), 0.0));
  }
}

void SGD::step() {
  for (std::size_t k = 0; k < L; k++) {
    for (std::size_t i = 0; i < l[k].W.shape(0); i++) {
      for (std::size_t j = 0; j < l[k].W.shape(1); j++) {
        if (mu == 0) {
          l[k].W(i, j) = l[k].W(i, j) - lr * l[k].dLdW(i, j);
        } else {
          v_W[k](i, j) = mu * v_W[k](i, j) + l[k].dLdW(i, j);
          l[k].W(i, j) = l[k].W(i, j) - lr * v_W[k](i, j);
        }
      }
      if (mu == 0) {
        l[k].b(i, 0) = l[k].b(i, 0) - lr * l[k].dLdb(i, 0);
      } else {
        v_b[k](i, 0) = mu * v_b[k](i, 0) + l[k].dLdb(i, 0);
        l[k].b(i, 0) = l[k].b(i, 0) - lr * v_b[k](i, 0);
      }
    }
  }
}

}  // namespace mytorch::optim
