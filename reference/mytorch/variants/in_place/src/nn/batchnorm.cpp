// In-place operators and xt::noalias: NZ and BZ grow out of Z, dLdZ out of dLdBZ.
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) : alpha(alpha) {
  for (Matrix* row : {&BW, &Bb, &running_M, &running_V}) {
    row->resize({1, num_features});
    row->fill(0.0);
  }
  BW += 1.0;
  running_V += 1.0;
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  NZ = Z;
  if (eval) {
    NZ -= running_M;
    NZ /= xt::sqrt(running_V + eps);
  } else {
    N = Z.shape(0);
    xt::noalias(this->Z) = Z;
    M = mean_keepdims(Z, 0);
    NZ -= M;
    V = mean_keepdims(NZ * NZ, 0);
    NZ /= xt::sqrt(V + eps);
    running_M *= alpha;
    running_M += (1.0 - alpha) * M;
    running_V *= alpha;
    running_V += (1.0 - alpha) * V;
  }
  BZ = NZ;
  BZ *= BW;
  BZ += Bb;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  dLdBb = sum_keepdims(dLdBZ, 0);
  Matrix product = dLdBZ;
  product *= NZ;
  dLdBW = sum_keepdims(product, 0);

  Matrix deviation = V;
  deviation += eps;
  xt::noalias(deviation) = xt::sqrt(deviation);
  Matrix centred = this->Z;
  centred -= M;

  Matrix dLdZ = dLdBZ;
  dLdZ *= BW;
  Matrix dLdV = sum_keepdims(dLdZ * centred, 0);
  dLdV *= -0.5;
  dLdV /= deviation * deviation * deviation;
  dLdZ /= deviation;
  const Matrix dLdM = -sum_keepdims(dLdZ, 0);
  centred *= dLdV;
  centred *= 2.0;
  centred += dLdM;
  centred /= static_cast<double>(N);
  dLdZ += centred;
  return dLdZ;
}

}  // namespace mytorch::nn
