// Using directives at the top and definitions at global scope, members set in the body, names of other letters.
#include "mytorch/nn/linear.hpp"

using namespace std;
using namespace mytorch;
using namespace mytorch::nn;

Linear::Linear(size_t n_in, size_t n_out) {
  W = xt::zeros<double>({n_out, n_in});
  b = xt::zeros<double>({n_out, size_t(1)});
}

Matrix Linear::forward(const Matrix& input) {
  A = input;
  N = input.shape(0);
  Matrix output = xt::linalg::dot(input, xt::transpose(W));
  for (size_t i = 0; i < N; i++) {
    xt::row(output, i) += xt::col(b, 0);
  }
  return output;
}

Matrix Linear::backward(const Matrix& gradient) {
  dLdW = xt::linalg::dot(xt::transpose(gradient), A);
  dLdW /= N;
  dLdb = xt::view(mean_keepdims(gradient, 0), 0, xt::all(), xt::newaxis());
  return xt::linalg::dot(gradient, W);
}
