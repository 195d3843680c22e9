// Both passes as recursions: layer i calls layer i + 1 on its way forward, and layer i - 1 on its way back. The
// product of equation (30) is taken by selecting: the gradient where the activation lets it through, 0 elsewhere.
#include "mytorch/models/mlp.hpp"

namespace mytorch::models {
namespace {

void build(Model& model, std::size_t in) {
  static_cast<void>(model);
  static_cast<void>(in);
}

template <class... Sizes>
void build(Model& model, std::size_t in, std::size_t out, Sizes... rest) {
  model.layers.push_back(nn::Linear(in, out));
  model.f.emplace_back(std::make_unique<nn::ReLU>());
  build(model, out, rest...);
}

Matrix forward_from(Model& model, std::size_t i, const Matrix& A) {
  model.A.at(i) = A;
  if (i == model.layers.size()) {
    return A;
  }
  model.Z.at(i) = model.layers[i].forward(A);
  return forward_from(model, i + 1, model.f[i]->forward(model.Z.at(i)));
}

void backward_to(Model& model, std::size_t i, const Matrix& dLdA) {
  model.dLdA.at(i) = dLdA;
  if (i == 0) {
    return;
  }
  model.dAdZ.at(i - 1) = model.f[i - 1]->backward();
  // The slope of ReLU is 0 or 1.
  model.dLdZ.at(i - 1) = xt::where(model.dAdZ[i - 1] > 0.5, dLdA, 0.0);
  backward_to(model, i - 1, model.layers[i - 1].backward(model.dLdZ[i - 1]));
}

Matrix start_forward(Model& model, const Matrix& A0) {
  model.Z = std::vector<Matrix>(model.layers.size());
  model.A = std::vector<Matrix>(model.layers.size() + 1);
  return forward_from(model, 0, A0);
}

void start_backward(Model& model, const Matrix& dLdA) {
  model.dAdZ = std::vector<Matrix>(model.layers.size());
  model.dLdZ = std::vector<Matrix>(model.layers.size());
  model.dLdA = std::vector<Matrix>(model.layers.size() + 1);
  backward_to(model, model.layers.size(), dLdA);
}

}  // namespace

MLP0::MLP0() { build(*this, 2, 3); }
Matrix MLP0::forward(const Matrix& A0) { return start_forward(*this, A0); }
void MLP0::backward(const Matrix& dLdA) { start_backward(*this, dLdA); }

MLP1::MLP1() { build(*this, 2, 3, 2); }
Matrix MLP1::forward(const Matrix& A0) { return start_forward(*this, A0); }
void MLP1::backward(const Matrix& dLdA) { start_backward(*this, dLdA); }

MLP4::MLP4() { build(*this, 2, 4, 8, 8, 4, 2); }
Matrix MLP4::forward(const Matrix& A0) { return start_forward(*this, A0); }
void MLP4::backward(const Matrix& dLdA) { start_backward(*this, dLdA); }

}  // namespace mytorch::models
