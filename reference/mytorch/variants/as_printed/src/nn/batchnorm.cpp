// Equations 50 to 66 exactly as printed, with every intermediate under its name, also the term that adds up to zero.
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha) {
  this->alpha = alpha;
  this->eps = 1e-8;

  this->BW = xt::ones<double>({std::size_t(1), num_features});
  this->Bb = xt::zeros<double>({std::size_t(1), num_features});
  this->dLdBW = xt::zeros<double>({std::size_t(1), num_features});
  this->dLdBb = xt::zeros<double>({std::size_t(1), num_features});

  this->running_M = xt::zeros<double>({std::size_t(1), num_features});
  this->running_V = xt::ones<double>({std::size_t(1), num_features});
}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  if (eval == false) {
    this->Z = Z;
    this->N = Z.shape(0);
    this->M = sum_keepdims(Z, 0) / this->N;                             // 50
    this->V = sum_keepdims(xt::pow(Z - this->M, 2), 0) / this->N;       // 51
    this->NZ = (Z - this->M) / xt::sqrt(this->V + this->eps);           // 52
    this->BZ = this->BW * this->NZ + this->Bb;                          // 53
    this->running_M = alpha * this->running_M + (1 - alpha) * this->M;  // 54
    this->running_V = alpha * this->running_V + (1 - alpha) * this->V;  // 55
  } else {
    this->NZ = (Z - this->running_M) / xt::sqrt(this->running_V + this->eps);  // 56
    this->BZ = this->BW * this->NZ + this->Bb;                                 // 57
  }
  return this->BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const double N = this->N;
  this->dLdBb = sum_keepdims(dLdBZ, 0);             // 58
  this->dLdBW = sum_keepdims(dLdBZ * this->NZ, 0);  // 59
  Matrix dLdNZ = dLdBZ * this->BW;                  // 60

  Matrix centred = this->Z - this->M;
  Matrix to_minus_1_2 = xt::pow(this->V + this->eps, -1.0 / 2.0);
  Matrix to_minus_3_2 = xt::pow(this->V + this->eps, -3.0 / 2.0);

  Matrix dLdV = -1.0 / 2.0 * sum_keepdims(dLdNZ * centred * to_minus_3_2, 0);  // 61, 62

  Matrix sum_of_centred = sum_keepdims(centred, 0);
  Matrix dNZdM = -to_minus_1_2 - 1.0 / 2.0 * centred * to_minus_3_2 * (-2.0 / N * sum_of_centred);  // 63, 64
  Matrix dLdM = sum_keepdims(dLdNZ * dNZdM, 0);                                                     // 65

  Matrix dLdZ = dLdNZ * to_minus_1_2 + dLdV * (2.0 / N * centred) + 1.0 / N * dLdM;  // 66
  return dLdZ;
}

}  // namespace mytorch::nn
