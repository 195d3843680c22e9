// The three multilayer perceptrons. They differ in their layer sizes only, so one forward and one backward serve all.
#include "mytorch/models/mlp.hpp"

namespace mytorch::models {
namespace {

/// Fills `model` with linear layers sizes[0] -> sizes[1] -> ..., each followed by ReLU.
void build(Model& model, const std::vector<std::size_t>& sizes) {
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    model.layers.emplace_back(sizes[i], sizes[i + 1]);
    model.f.push_back(std::make_unique<nn::ReLU>());
  }
}

Matrix run_forward(Model& model, const Matrix& A0) {
  const std::size_t l = model.layers.size();
  model.Z.resize(l);
  model.A.resize(l + 1);
  model.A[0] = A0;
  for (std::size_t i = 0; i < l; ++i) {
    model.Z[i] = model.layers[i].forward(model.A[i]);
    model.A[i + 1] = model.f[i]->forward(model.Z[i]);
  }
  return model.A[l];
}

void run_backward(Model& model, const Matrix& dLdA) {
  const std::size_t l = model.layers.size();
  model.dAdZ.resize(l);
  model.dLdZ.resize(l);
  model.dLdA.resize(l + 1);
  model.dLdA[l] = dLdA;
  for (std::size_t i = l; i-- > 0;) {
    model.dAdZ[i] = model.f[i]->backward();
    model.dLdZ[i] = model.dLdA[i + 1] * model.dAdZ[i];
    model.dLdA[i] = model.layers[i].backward(model.dLdZ[i]);
  }
}

}  // namespace

MLP0::MLP0() { build(*this, {2, 3}); }
Matrix MLP0::forward(const Matrix& A0) { return run_forward(*this, A0); }
void MLP0::backward(const Matrix& dLdA) { run_backward(*this, dLdA); }

MLP1::MLP1() { build(*this, {2, 3, 2}); }
Matrix MLP1::forward(const Matrix& A0) { return run_forward(*this, A0); }
void MLP1::backward(const Matrix& dLdA) { run_backward(*this, dLdA); }

MLP4::MLP4() { build(*this, {2, 4, 8, 8, 4, 2}); }
Matrix MLP4::forward(const Matrix& A0) { return run_forward(*this, A0); }
void MLP4::backward(const Matrix& dLdA) { run_backward(*this, dLdA); }

}  // namespace mytorch::models
