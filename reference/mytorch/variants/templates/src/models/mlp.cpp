// Templates and lambdas: the sizes of a model are template arguments, the passes are folds over them.
#include "mytorch/models/mlp.hpp"

#include <array>
#include <utility>

namespace mytorch::models {
namespace {

template <std::size_t... sizes>
struct Chain {
  static constexpr std::size_t l = sizeof...(sizes) - 1;
  static constexpr std::array<std::size_t, l + 1> C = {sizes...};

  template <class F>
  static void each(F f) {
    [&]<std::size_t... i>(std::index_sequence<i...>) { (f(i), ...); }(std::make_index_sequence<l>());
  }

  template <class F>
  static void each_reversed(F f) {
    each([&](std::size_t i) { f(l - 1 - i); });
  }

  static void build(Model& m) {
    each([&](std::size_t i) {
      m.layers.emplace_back(C[i], C[i + 1]);
      m.f.emplace_back(std::make_unique<nn::ReLU>());
    });
  }

  static Matrix forward(Model& m, const Matrix& A0) {
    m.Z.resize(l);
    m.A.resize(l + 1);
    m.A[0] = A0;
    each([&](std::size_t i) { m.A[i + 1] = m.f[i]->forward(m.Z[i] = m.layers[i].forward(m.A[i])); });
    return m.A[l];
  }

  static void backward(Model& m, const Matrix& dLdA) {
    m.dAdZ.resize(l);
    m.dLdZ.resize(l);
    m.dLdA.resize(l + 1);
    m.dLdA[l] = dLdA;
    each_reversed([&](std::size_t i) {
      m.dAdZ[i] = m.f[i]->backward();
      m.dLdZ[i] = m.dLdA[i + 1] * m.dAdZ[i];
      m.dLdA[i] = m.layers[i].backward(m.dLdZ[i]);
    });
  }
};

using Chain0 = Chain<2, 3>;
using Chain1 = Chain<2, 3, 2>;
using Chain4 = Chain<2, 4, 8, 8, 4, 2>;

}  // namespace

MLP0::MLP0() { Chain0::build(*this); }
Matrix MLP0::forward(const Matrix& A0) { return Chain0::forward(*this, A0); }
void MLP0::backward(const Matrix& dLdA) { Chain0::backward(*this, dLdA); }

MLP1::MLP1() { Chain1::build(*this); }
Matrix MLP1::forward(const Matrix& A0) { return Chain1::forward(*this, A0); }
void MLP1::backward(const Matrix& dLdA) { Chain1::backward(*this, dLdA); }

MLP4::MLP4() { Chain4::build(*this); }
Matrix MLP4::forward(const Matrix& A0) { return Chain4::forward(*this, A0); }
void MLP4::backward(const Matrix& dLdA) { Chain4::backward(*this, dLdA); }

}  // namespace mytorch::models
