// Every model written out layer by layer, without loops; the lists are assigned from named matrices at the end.
#include "mytorch/models/mlp.hpp"

namespace mytorch::models {

MLP0::MLP0() {
  layers = {nn::Linear(2, 3)};
  f.emplace_back(new nn::ReLU);
}

Matrix MLP0::forward(const Matrix& A0) {
  Matrix Z0 = layers[0].forward(A0);
  Matrix A1 = f[0]->forward(Z0);
  Z = {Z0};
  A = {A0, A1};
  return A1;
}

void MLP0::backward(const Matrix& dLdA1) {
  Matrix dA1dZ0 = f[0]->backward();
  Matrix dLdZ0 = dLdA1 * dA1dZ0;
  Matrix dLdA0 = layers[0].backward(dLdZ0);
  dAdZ = {dA1dZ0};
  dLdZ = {dLdZ0};
  dLdA = {dLdA0, dLdA1};
}

MLP1::MLP1() {
  layers = {nn::Linear(2, 3), nn::Linear(3, 2)};
  f.emplace_back(new nn::ReLU);
  f.emplace_back(new nn::ReLU);
}

Matrix MLP1::forward(const Matrix& A0) {
  Matrix Z0 = layers[0].forward(A0);
  Matrix A1 = f[0]->forward(Z0);
  Matrix Z1 = layers[1].forward(A1);
  Matrix A2 = f[1]->forward(Z1);
  Z = {Z0, Z1};
  A = {A0, A1, A2};
  return A2;
}

void MLP1::backward(const Matrix& dLdA2) {
  Matrix dA2dZ1 = f[1]->backward();
  Matrix dLdZ1 = dLdA2 * dA2dZ1;
  Matrix dLdA1 = layers[1].backward(dLdZ1);
  Matrix dA1dZ0 = f[0]->backward();
  Matrix dLdZ0 = dLdA1 * dA1dZ0;
  Matrix dLdA0 = layers[0].backward(dLdZ0);
  dAdZ = {dA1dZ0, dA2dZ1};
  dLdZ = {dLdZ0, dLdZ1};
  dLdA = {dLdA0, dLdA1, dLdA2};
}

MLP4::MLP4() {
  layers = {nn::Linear(2, 4), nn::Linear(4, 8), nn::Linear(8, 8), nn::Linear(8, 4), nn::Linear(4, 2)};
  f.emplace_back(new nn::ReLU);
  f.emplace_back(new nn::ReLU);
  f.emplace_back(new nn::ReLU);
  f.emplace_back(new nn::ReLU);
  f.emplace_back(new nn::ReLU);
}

Matrix MLP4::forward(const Matrix& A0) {
  Matrix Z0 = layers[0].forward(A0);
  Matrix A1 = f[0]->forward(Z0);
  Matrix Z1 = layers[1].forward(A1);
  Matrix A2 = f[1]->forward(Z1);
  Matrix Z2 = layers[2].forward(A2);
  Matrix A3 = f[2]->forward(Z2);
  Matrix Z3 = layers[3].forward(A3);
  Matrix A4 = f[3]->forward(Z3);
  Matrix Z4 = layers[4].forward(A4);
  Matrix A5 = f[4]->forward(Z4);
  Z = {Z0, Z1, Z2, Z3, Z4};
  A = {A0, A1, A2, A3, A4, A5};
  return A5;
}

void MLP4::backward(const Matrix& dLdA5) {
  Matrix dA5dZ4 = f[4]->backward();
  Matrix dLdZ4 = dLdA5 * dA5dZ4;
  Matrix dLdA4 = layers[4].backward(dLdZ4);
  Matrix dA4dZ3 = f[3]->backward();
  Matrix dLdZ3 = dLdA4 * dA4dZ3;
  Matrix dLdA3 = layers[3].backward(dLdZ3);
  Matrix dA3dZ2 = f[2]->backward();
  Matrix dLdZ2 = dLdA3 * dA3dZ2;
  Matrix dLdA2 = layers[2].backward(dLdZ2);
  Matrix dA2dZ1 = f[1]->backward();
  Matrix dLdZ1 = dLdA2 * dA2dZ1;
  Matrix dLdA1 = layers[1].backward(dLdZ1);
  Matrix dA1dZ0 = f[0]->backward();
  Matrix dLdZ0 = dLdA1 * dA1dZ0;
  Matrix dLdA0 = layers[0].backward(dLdZ0);
  dAdZ = {dA1dZ0, dA2dZ1, dA3dZ2, dA4dZ3, dA5dZ4};
  dLdZ = {dLdZ0, dLdZ1, dLdZ2, dLdZ3, dLdZ4};
  dLdA = {dLdA0, dLdA1, dLdA2, dLdA3, dLdA4, dLdA5};
}

}  // namespace mytorch::models
