// std::transform_reduce over the entries for MSE; cross-entropy with one std::vector per sample, whose probabilities
// are shifted by the smallest logit and not by the largest.
#include "mytorch/nn/loss.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace mytorch::nn {

double MSELoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const double SSE = std::transform_reduce(A.begin(), A.end(), Y.begin(), 0.0, std::plus<>(),
                                           [](double a, double y) { return (a - y) * (a - y); });
  return 0.5 * SSE / static_cast<double>(Y.size());
}

Matrix MSELoss::backward() const {
  Matrix dLdA = Matrix::from_shape(A.shape());
  const double weight = 1.0 / static_cast<double>(A.size());
  std::transform(A.begin(), A.end(), Y.begin(), dLdA.begin(),
                 [&](double a, double y) { return weight * a - weight * y; });
  return dLdA;
}

double CrossEntropyLoss::forward(const Matrix& A, const Matrix& Y) {
  this->A = A;
  this->Y = Y;
  const std::size_t C = A.shape(1);
  softmax = Matrix::from_shape(A.shape());
  std::vector<double> losses;
  for (std::size_t i = 0; i < A.shape(0); ++i) {
    const double* logits = A.data() + i * C;
    const double smallest = *std::min_element(logits, logits + C);
    std::vector<double> p(logits, logits + C);
    std::for_each(p.begin(), p.end(), [&](double& x) { x = std::exp(x - smallest); });
    const double total = std::accumulate(p.begin(), p.end(), 0.0);
    std::for_each(p.begin(), p.end(), [&](double& x) { x /= total; });
    std::copy(p.begin(), p.end(), softmax.data() + i * C);
    losses.push_back(std::inner_product(p.begin(), p.end(), Y.data() + i * C, 0.0, std::plus<>(),
                                        [](double q, double y) { return y * std::log(1.0 / q); }));
  }
  return std::reduce(losses.begin(), losses.end()) / static_cast<double>(losses.size());
}

Matrix CrossEntropyLoss::backward() const {
  Matrix dLdA = softmax;
  std::transform(dLdA.begin(), dLdA.end(), Y.begin(), dLdA.begin(), std::minus<>());
  return dLdA;
}

}  // namespace mytorch::nn
