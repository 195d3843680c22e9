// Plain loops with int counters, the three models written out one after the other; the lists are made anew each time.
#include "mytorch/models/mlp.hpp"

namespace mytorch::models {

MLP0::MLP0() {
  layers.push_back(nn::Linear(2, 3));
  f.push_back(std::make_unique<nn::ReLU>());
}

Matrix MLP0::forward(const Matrix& A0) {
  Z = std::vector<Matrix>(1);
  A = std::vector<Matrix>(2);
  A[0] = A0;
  Z[0] = layers[0].forward(A[0]);
  A[1] = f[0]->forward(Z[0]);
  return A[1];
}

void MLP0::backward(const Matrix& dLdA) {
  dAdZ = std::vector<Matrix>(1);
  dLdZ = std::vector<Matrix>(1);
  this->dLdA = std::vector<Matrix>(2);
  this->dLdA[1] = dLdA;
  dAdZ[0] = f[0]->backward();
  dLdZ[0] = this->dLdA[1] * dAdZ[0];
  this->dLdA[0] = layers[0].backward(dLdZ[0]);
}

MLP1::MLP1() {
  layers.push_back(nn::Linear(2, 3));
  layers.push_back(nn::Linear(3, 2));
  for (int i = 0; i < 2; i++) {
    f.push_back(std::make_unique<nn::ReLU>());
  }
}

Matrix MLP1::forward(const Matrix& A0) {
  int l = layers.size();
  Z = std::vector<Matrix>(l);
  A = std::vector<Matrix>(l + 1);
  A[0] = A0;
  for (int i = 0; i < l; i++) {
    Z[i] = layers[i].forward(A[i]);
    A[i + 1] = f[i]->forward(Z[i]);
  }
  return A[l];
}

void MLP1::backward(const Matrix& dLdA) {
  int l = layers.size();
  dAdZ = std::vector<Matrix>(l);
  dLdZ = std::vector<Matrix>(l);
  this->dLdA = std::vector<Matrix>(l + 1);
  this->dLdA[l] = dLdA;
  for (int i = l - 1; i >= 0; i--) {
    dAdZ[i] = f[i]->backward();
    dLdZ[i] = this->dLdA[i + 1] * dAdZ[i];
    this->dLdA[i] = layers[i].backward(dLdZ[i]);
  }
}

MLP4::MLP4() {
  int sizes[] = {2, 4, 8, 8, 4, 2};
  for (int i = 0; i < 5; i++) {
    layers.push_back(nn::Linear(sizes[i], sizes[i + 1]));
    f.push_back(std::make_unique<nn::ReLU>());
  }
}

Matrix MLP4::forward(const Matrix& A0) {
  int l = layers.size();
  Z = std::vector<Matrix>(l);
  A = std::vector<Matrix>(l + 1);
  A[0] = A0;
  for (int i = 0; i < l; i++) {
    Z[i] = layers[i].forward(A[i]);
    A[i + 1] = f[i]->forward(Z[i]);
  }
  return A[l];
}

void MLP4::backward(const Matrix& dLdA) {
  int l = layers.size();
  dAdZ = std::vector<Matrix>(l);
  dLdZ = std::vector<Matrix>(l);
  this->dLdA = std::vector<Matrix>(l + 1);
  this->dLdA[l] = dLdA;
  for (int i = l - 1; i >= 0; i--) {
    dAdZ[i] = f[i]->backward();
    dLdZ[i] = this->dLdA[i + 1] * dAdZ[i];
    this->dLdA[i] = layers[i].backward(dLdZ[i]);
  }
}

}  // namespace mytorch::models
