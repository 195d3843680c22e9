// Lists that are cleared and filled with push_back, and with insert at the front on the way back.
#include "mytorch/models/mlp.hpp"

namespace mytorch::models {

static Matrix forward_all(Model& m, Matrix A) {
  m.Z.clear();
  m.A.clear();
  m.A.push_back(A);
  for (std::size_t i = 0; i < m.layers.size(); ++i) {
    Matrix Z = m.layers[i].forward(A);
    A = m.f[i]->forward(Z);
    m.Z.push_back(Z);
    m.A.push_back(A);
  }
  return A;
}

static void backward_all(Model& m, Matrix dLdA) {
  m.dAdZ.clear();
  m.dLdZ.clear();
  m.dLdA.clear();
  m.dLdA.push_back(dLdA);
  for (int i = static_cast<int>(m.layers.size()) - 1; i >= 0; --i) {
    Matrix dAdZ = m.f[i]->backward();
    Matrix dLdZ = dLdA * dAdZ;
    dLdA = m.layers[i].backward(dLdZ);
    m.dAdZ.insert(m.dAdZ.begin(), dAdZ);
    m.dLdZ.insert(m.dLdZ.begin(), dLdZ);
    m.dLdA.insert(m.dLdA.begin(), dLdA);
  }
}

MLP0::MLP0() {
  layers.emplace_back(2, 3);
  for (const nn::Linear& layer : layers) {
    static_cast<void>(layer);
    f.push_back(std::unique_ptr<nn::Activation>(new nn::ReLU()));
  }
}
Matrix MLP0::forward(const Matrix& A0) { return forward_all(*this, A0); }
void MLP0::backward(const Matrix& dLdA) { backward_all(*this, dLdA); }

MLP1::MLP1() {
  layers.emplace_back(2, 3);
  layers.emplace_back(3, 2);
  while (f.size() < layers.size()) {
    f.push_back(std::unique_ptr<nn::Activation>(new nn::ReLU()));
  }
}
Matrix MLP1::forward(const Matrix& A0) { return forward_all(*this, A0); }
void MLP1::backward(const Matrix& dLdA) { backward_all(*this, dLdA); }

MLP4::MLP4() {
  layers.emplace_back(2, 4);
  layers.emplace_back(4, 8);
  layers.emplace_back(8, 8);
  layers.emplace_back(8, 4);
  layers.emplace_back(4, 2);
  while (f.size() < layers.size()) {
    f.push_back(std::unique_ptr<nn::Activation>(new nn::ReLU()));
  }
}
Matrix MLP4::forward(const Matrix& A0) { return forward_all(*this, A0); }
void MLP4::backward(const Matrix& dLdA) { backward_all(*this, dLdA); }

}  // namespace mytorch::models
