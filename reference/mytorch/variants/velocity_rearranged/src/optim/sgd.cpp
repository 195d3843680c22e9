// The parameters move first, by lr mu times the old velocity and lr times the gradient, which together are lr times
// the new one; then the velocity takes its step, v += g - (1 - mu) v. The order is free because neither reads the
// other.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {
namespace {

void descend(Matrix& p, Matrix& v, const Matrix& g, double lr, double mu) {
  p = p - lr * mu * v - lr * g;
  if (mu != 0.0) {
    v += g - (1.0 - mu) * v;
  }
}

}  // namespace

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  for (const nn::Linear& layer : l) {
    v_W.push_back(layer.W - layer.W);
    v_b.push_back(layer.b - layer.b);
  }
}

void SGD::step() {
  for (std::size_t i = L; i-- > 0;) {
    descend(l[i].b, v_b[i], l[i].dLdb, lr, mu);
    descend(l[i].W, v_W[i], l[i].dLdW, lr, mu);
  }
}

}  // namespace mytorch::optim
