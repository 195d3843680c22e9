// Using directives at the top and definitions at global scope; MLP1 and MLP4 borrow the passes of a shared function.
#include "mytorch/models/mlp.hpp"

using namespace std;
using namespace mytorch;
using namespace mytorch::models;

typedef vector<Matrix> List;

void make(Model* model, initializer_list<size_t> sizes) {
  for (auto in = sizes.begin(), out = in + 1; out != sizes.end(); ++in, ++out) {
    model->layers.push_back(nn::Linear(*in, *out));
    model->f.push_back(make_unique<nn::ReLU>());
  }
}

Matrix go(Model* model, const Matrix& A0) {
  size_t l = model->layers.size();
  model->Z = List(l), model->A = List(l + 1);
  model->A[0] = A0;
  for (size_t i = 0; i < l; i++) {
    model->Z[i] = model->layers[i].forward(model->A[i]);
    model->A[i + 1] = model->f[i]->forward(model->Z[i]);
  }
  return model->A.back();
}

void go_back(Model* model, const Matrix& dLdA) {
  size_t l = model->layers.size();
  model->dAdZ = List(l), model->dLdZ = List(l), model->dLdA = List(l + 1);
  model->dLdA[l] = dLdA;
  for (size_t i = l; i > 0; i--) {
    model->dAdZ[i - 1] = model->f[i - 1]->backward();
    model->dLdZ[i - 1] = model->dLdA[i] * model->dAdZ[i - 1];
    model->dLdA[i - 1] = model->layers[i - 1].backward(model->dLdZ[i - 1]);
  }
}

MLP0::MLP0() { make(this, {2, 3}); }
Matrix MLP0::forward(const Matrix& A0) { return go(this, A0); }
void MLP0::backward(const Matrix& dLdA) { go_back(this, dLdA); }

MLP1::MLP1() { make(this, {2, 3, 2}); }
Matrix MLP1::forward(const Matrix& A0) { return go(this, A0); }
void MLP1::backward(const Matrix& dLdA) { go_back(this, dLdA); }

MLP4::MLP4() { make(this, {2, 4, 8, 8, 4, 2}); }
Matrix MLP4::forward(const Matrix& A0) { return go(this, A0); }
void MLP4::backward(const Matrix& dLdA) { go_back(this, dLdA); }
