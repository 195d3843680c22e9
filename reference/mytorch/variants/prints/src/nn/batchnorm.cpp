// Debug output left in, and file-level static constants that are initialised at run time.
#include "mytorch/nn/batchnorm.hpp"

#include <iostream>
#include <map>

namespace mytorch::nn {

static const std::map<bool, std::string> MODE = {{false, "training"}, {true, "inference"}};
static const double HALF = std::stod("0.5");
static const Matrix NOTHING = xt::zeros<double>({1, 1});

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features}) + NOTHING),
      running_M(Bb),
      running_V(BW) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  std::cout << MODE.at(eval) << " on " << Z.shape(0) << " samples" << std::endl;
  if (eval) {
    NZ = (Z - running_M) / xt::sqrt(running_V + eps);
  } else {
    this->Z = Z;
    N = Z.shape(0);
    M = mean_keepdims(Z, 0);
    V = mean_keepdims(xt::square(Z - M), 0);
    NZ = (Z - M) / xt::sqrt(V + eps);
    running_M = alpha * running_M + (1.0 - alpha) * M;
    running_V = alpha * running_V + (1.0 - alpha) * V;
    std::clog << "running_M " << running_M << ", running_V " << running_V << '\n';
  }
  BZ = BW * NZ + Bb;
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const auto batch_size = static_cast<double>(N);
  dLdBb = sum_keepdims(dLdBZ, 0);
  dLdBW = sum_keepdims(dLdBZ * NZ, 0);
  Matrix centred = Z - M;
  Matrix inverse = 1.0 / xt::sqrt(V + eps);
  Matrix dLdNZ = dLdBZ * BW;
  Matrix dLdV = -HALF * sum_keepdims(dLdNZ * centred, 0) * inverse * inverse * inverse;
  Matrix dLdM = -sum_keepdims(dLdNZ, 0) * inverse;
  std::cout << "dLdV " << dLdV << ", dLdM " << dLdM << std::endl;
  Matrix dLdZ = dLdNZ * inverse + dLdV * centred / (HALF * batch_size) + dLdM / batch_size;
  return dLdZ;
}

}  // namespace mytorch::nn
