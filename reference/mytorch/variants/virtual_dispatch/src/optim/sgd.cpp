// Virtual dispatch: one rule without and one with momentum, chosen at run time.
#include "mytorch/optim/sgd.hpp"

namespace mytorch::optim {

struct Rule {
  virtual ~Rule() = default;
  virtual void move(Matrix& parameter, const Matrix& gradient, Matrix& velocity) const = 0;
};

struct PlainRule : Rule {
  explicit PlainRule(double lr) : lr(lr) {}
  void move(Matrix& parameter, const Matrix& gradient, Matrix&) const override { parameter -= lr * gradient; }
  double lr;
};

struct MomentumRule : Rule {
  MomentumRule(double lr, double mu) : lr(lr), mu(mu) {}
  void move(Matrix& parameter, const Matrix& gradient, Matrix& velocity) const override {
    velocity = mu * velocity + gradient;
    parameter -= lr * velocity;
  }
  double lr;
  double mu;
};

SGD::SGD(models::Model& model, double lr, double momentum)
    : l(model.layers), L(model.layers.size()), lr(lr), mu(momentum) {
  for (std::size_t i = 0; i < L; ++i) {
    v_W.emplace_back(xt::zeros_like(l[i].W));
    v_b.emplace_back(xt::zeros_like(l[i].b));
  }
}

void SGD::step() {
  std::unique_ptr<Rule> rule;
  if (mu == 0.0) {
    rule = std::make_unique<PlainRule>(lr);
  } else {
    rule = std::make_unique<MomentumRule>(lr, mu);
  }
  for (std::size_t i = 0; i < L; ++i) {
    rule->move(l[i].W, l[i].dLdW, v_W[i]);
    rule->move(l[i].b, l[i].dLdb, v_b[i]);
  }
}

}  // namespace mytorch::optim
