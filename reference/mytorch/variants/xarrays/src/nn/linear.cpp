// xt::xarray inside, with sums that drop the axis and reshape that puts it back, as in NumPy.
#include "mytorch/nn/linear.hpp"

namespace mytorch::nn {

using Array = xt::xarray<double>;

Linear::Linear(std::size_t in_features, std::size_t out_features) {
  Array weights = xt::zeros<double>({out_features, in_features});
  Array bias = xt::zeros<double>({out_features});
  bias.reshape({-1, 1});
  W = weights;
  b = bias;
}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  Array a = A;
  Array w = W;
  Array bias = xt::flatten(b);
  Array z = xt::linalg::dot(a, xt::transpose(w)) + bias;
  return z;
}

Matrix Linear::backward(const Matrix& dLdZ) {
  Array g = dLdZ;
  Array a = A;
  Array w = W;
  Array dw = xt::linalg::dot(xt::transpose(g), a);
  Array db = xt::sum(g, {0});
  db.reshape({db.size(), std::size_t{1}});
  dLdW = dw / N;
  dLdb = db / N;
  Array da = xt::linalg::dot(g, w);
  return da;
}

}  // namespace mytorch::nn
