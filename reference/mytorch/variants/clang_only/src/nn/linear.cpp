// Only clang++ takes it: a member named like its own type changes the meaning of the name, which g++ refuses.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {
namespace {

struct Gradients {
  Matrix W;
  Matrix b;
};

struct Pass {
  Matrix dLdA;
  Gradients Gradients;
};

Pass go_back(const Linear& layer, const Matrix& dLdZ) {
  const auto batch_size = static_cast<double>(layer.N);
  Pass pass;
  pass.dLdA = xt::linalg::dot(dLdZ, layer.W);
  pass.Gradients.W = xt::linalg::dot(xt::transpose(dLdZ), layer.A) / batch_size;
  pass.Gradients.b = xt::transpose(sum_keepdims(dLdZ, 0)) / batch_size;
  return pass;
}

}  // namespace

Linear::Linear(std::size_t in_features, std::size_t out_features)
    : W(xt::zeros<double>({out_features, in_features})), b(xt::zeros<double>({out_features, std::size_t{1}})) {}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  Matrix Z = xt::linalg::dot(A, xt::transpose(W)) + xt::transpose(b);
  return Z;
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const Pass pass = go_back(*this, dLdZ);
  dLdW = pass.Gradients.W;
  dLdb = pass.Gradients.b;
  return pass.dLdA;
}

}  // namespace mytorch::nn
