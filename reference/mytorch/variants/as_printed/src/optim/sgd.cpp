// Equations 44 to 49 as printed, each parameter assigned anew instead of changed in place.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

SGD::SGD(models::Model& model, double lr, double momentum) : l(model.layers) {
  this->L = model.layers.size();
  this->lr = lr;
  this->mu = momentum;
  for (std::size_t i = 0; i < this->L; i++) {
    this->v_W.push_back(xt::zeros<double>(this->l[i].W.shape()));
    this->v_b.push_back(xt::zeros<double>(this->l[i].b.shape()));
  }
}

void SGD::step() {
  for (std::size_t i = 0; i < this->L; i++) {
    if (this->mu == 0) {
      this->l[i].W = this->l[i].W - this->lr * this->l[i].dLdW;
      this->l[i].b = this->l[i].b - this->lr * this->l[i].dLdb;
    } else {
      this->v_W[i] = this->mu * this->v_W[i] + this->l[i].dLdW;
      this->v_b[i] = this->mu * this->v_b[i] + this->l[i].dLdb;
      this->l[i].W = this->l[i].W - this->lr * this->v_W[i];
      this->l[i].b = this->l[i].b - this->lr * this->v_b[i];
    }
  }
}

}  // namespace mytorch::optim
