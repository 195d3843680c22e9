// xt::xarray inside, with sums that drop the axis and reshape that puts it back, as in NumPy.
#include "mytorch/nn/loss.hpp"

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  xt::xarray<double> SE = xt::square(A - Y);
  xt::xarray<double> per_sample = xt::sum(SE, {1});
  xt::xarray<double> SSE = xt::sum(per_sample);
  return SSE() / (2.0 * SE.size());
}

Matrix MSELoss::backward() const {
  xt::xarray<double> difference = A - Y;
  return difference / difference.size();
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  xt::xarray<double> largest = xt::amax(A, {1});
  largest.reshape({-1, 1});
  xt::xarray<double> exponentials = xt::exp(A - largest);
  xt::xarray<double> sums = xt::sum(exponentials, {1});
  sums.reshape({-1, 1});
  xt::xarray<double> probabilities = exponentials / sums;
  softmax = probabilities;
  xt::xarray<double> H = xt::sum(-Y * xt::log(probabilities), {1});
  xt::xarray<double> mean = xt::mean(H);
  return mean();
}

Matrix CrossEntropyLoss::backward() const {
  xt::xarray<double> gradient = softmax - Y;
  return gradient;
}

}  // namespace mytorch::nn
