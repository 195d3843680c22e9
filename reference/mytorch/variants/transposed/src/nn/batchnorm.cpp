// Features as rows and samples as columns inside, with the sums along the rows. Backward takes the mean and the
// projection on NZ out of the gradient of NZ, one after the other.
#include "mytorch/nn/batchnorm.hpp"

namespace mytorch::nn {
namespace {

Matrix turned(const Matrix& X) { return xt::transpose(X); }

}  // namespace

BatchNorm1d::BatchNorm1d(std::size_t num_features, double alpha)
    : alpha(alpha),
      BW(xt::ones<double>({std::size_t{1}, num_features})),
      Bb(xt::zeros<double>({std::size_t{1}, num_features})),
      running_M(xt::zeros<double>({std::size_t{1}, num_features})),
      running_V(xt::ones<double>({std::size_t{1}, num_features})) {}

Matrix BatchNorm1d::forward(const Matrix& Z, bool eval) {
  Matrix features = turned(Z);
  Matrix mean = turned(running_M);
  Matrix variance = turned(running_V);
  if (!eval) {
    mean = mean_keepdims(features, 1);
    variance = mean_keepdims(xt::square(features - mean), 1);
    N = Z.shape(0);
    M = turned(mean);
    V = turned(variance);
    running_M -= (1.0 - alpha) * (running_M - M);
    running_V -= (1.0 - alpha) * (running_V - V);
    this->Z = Z;
  }
  features -= mean;
  features *= xt::pow(variance + eps, -0.5);
  NZ = turned(features);
  BZ = turned(turned(BW) * features + turned(Bb));
  return BZ;
}

Matrix BatchNorm1d::backward(const Matrix& dLdBZ) {
  const Matrix direction = turned(NZ);
  Matrix gradient = turned(dLdBZ);
  dLdBb = turned(sum_keepdims(gradient, 1));
  dLdBW = turned(sum_keepdims(gradient * direction, 1));

  gradient -= mean_keepdims(gradient, 1);
  // The rows of `direction` have mean 0, so that taking the mean out first does not change this projection.
  const Matrix along = mean_keepdims(gradient * direction, 1);
  gradient -= along * direction;
  gradient *= turned(BW) / xt::sqrt(turned(V) + eps);
  return turned(gradient);
}

}  // namespace mytorch::nn
