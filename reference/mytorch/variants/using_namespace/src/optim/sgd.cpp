// Using directives at the top and definitions at global scope; a template and a helper that are global too.
#include "mytorch/optim/sgd.hpp"

using namespace std;
using namespace mytorch;
using namespace mytorch::optim;

vector<Matrix> zeros_like_all(const vector<nn::Linear>& layers, Matrix nn::Linear::*parameter) {
  vector<Matrix> result;
  for (const auto& layer : layers) {
    result.push_back(xt::zeros_like(layer.*parameter));
  }
  return result;
}

SGD::SGD(models::Model& model, double rate, double momentum)
    : l(model.layers),
      L(model.layers.size()),
      lr(rate),
      mu(momentum),
      v_W(zeros_like_all(l, &nn::Linear::W)),
      v_b(zeros_like_all(l, &nn::Linear::b)) {}

void SGD::step() {
  for (size_t i = 0; i < L; i++) {
    auto& layer = l[i];
    if (mu != 0) {
      v_W[i] = mu * v_W[i] + layer.dLdW;
      v_b[i] = mu * v_b[i] + layer.dLdb;
    }
    layer.W -= lr * (mu != 0 ? v_W[i] : layer.dLdW);
    layer.b -= lr * (mu != 0 ? v_b[i] : layer.dLdb);
  }
}
