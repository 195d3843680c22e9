// Templates and lambdas: one generic step, instantiated for W and for b by pointers to members.
#include "mytorch/optim/sgd.hpp"

#include <algorithm>
#include <iterator>

namespace mytorch::optim {
namespace {

template <auto parameter, auto gradient>
void move(nn::Linear& layer, Matrix& velocity, double lr, double mu) {
  if (mu == 0.0) {
    layer.*parameter -= lr * (layer.*gradient);
    return;
  }
  velocity = mu * velocity + layer.*gradient;
  layer.*parameter -= lr * velocity;
}

}  // namespace

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  auto zeros = [this](auto& velocities, auto parameter) {
    std::transform(l.begin(), l.end(), std::back_inserter(velocities),
                   [=](const nn::Linear& layer) { return Matrix(xt::zeros_like(layer.*parameter)); });
  };
  zeros(v_W, &nn::Linear::W);
  zeros(v_b, &nn::Linear::b);
}

void SGD::step() {
  for (std::size_t i = 0; i < L; ++i) {
    move<&nn::Linear::W, &nn::Linear::dLdW>(l[i], v_W[i], lr, mu);
    move<&nn::Linear::b, &nn::Linear::dLdb>(l[i], v_b[i], lr, mu);
  }
}

}  // namespace mytorch::optim
