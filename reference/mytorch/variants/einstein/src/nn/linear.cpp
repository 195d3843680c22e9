// Every product in Einstein's notation, by one triple loop over named indices: "no,oi->ni" and its sisters.
#include "mytorch/nn/linear.hpp"

#include <array>

namespace mytorch::nn {
namespace {

/// result(p, q) += sum over n, o, i of left times right: the letters name which index stands where.
struct Einstein {
  std::array<std::size_t, 3> sizes;  // how far each of the three indices runs

  Matrix operator()(std::array<int, 2> at, const Matrix& left, std::array<int, 2> to, const Matrix& right,
                    std::array<int, 2> result_at) const {
    Matrix result(std::array<std::size_t, 2>{sizes[result_at[0]], sizes[result_at[1]]}, 0.0);
    std::array<std::size_t, 3> k{};
    for (k[0] = 0; k[0] < sizes[0]; ++k[0]) {
      for (k[1] = 0; k[1] < sizes[1]; ++k[1]) {
        for (k[2] = 0; k[2] < sizes[2]; ++k[2]) {
          result(k[result_at[0]], k[result_at[1]]) += left(k[at[0]], k[at[1]]) * right(k[to[0]], k[to[1]]);
        }
      }
    }
    return result;
  }
};

enum Index { n, o, i };

}  // namespace

Linear::Linear(std::size_t in_features, std::size_t out_features)
    : W(std::array<std::size_t, 2>{out_features, in_features}, 0.0),
      b(std::array<std::size_t, 2>{out_features, 1}, 0.0) {}

Matrix Linear::forward(const Matrix& A) {
  this->A = A;
  N = A.shape(0);
  const Matrix one = xt::ones<double>({N, std::size_t{1}});
  const Einstein weights{{N, W.shape(0), W.shape(1)}};
  const Einstein bias{{N, W.shape(0), 1}};
  return weights({n, i}, A, {o, i}, W, {n, o}) + bias({n, i}, one, {o, i}, b, {n, o});
}

Matrix Linear::backward(const Matrix& dLdZ) {
  const Matrix share = xt::full_like(xt::ones<double>({N, std::size_t{1}}), 1.0 / static_cast<double>(N));
  const Einstein weights{{N, W.shape(0), W.shape(1)}};
  const Einstein bias{{N, W.shape(0), 1}};
  dLdW = weights({n, o}, dLdZ, {n, i}, share * A, {o, i});
  dLdb = bias({n, o}, dLdZ, {n, i}, share, {o, i});
  return weights({n, o}, dLdZ, {o, i}, W, {n, i});
}

}  // namespace mytorch::nn
