// Multilayer perceptrons. You write their constructors and passes in src/models/mlp.cpp.
#pragma once

#include <memory>
#include <vector>

#include "mytorch/nn/activation.hpp"
#include "mytorch/nn/linear.hpp"
#include "mytorch/tensor.hpp"

namespace mytorch::models {

/// A chain of l linear layers, each followed by an activation: A_0 -> Z_0 -> A_1 -> ... -> Z_{l-1} -> A_l.
///
/// Shapes: A[i] and dLdA[i] are (N, C_i); Z[i], dAdZ[i] and dLdZ[i] are (N, C_{i+1}).
/// Source: AI702 homework 1, section 7, equations 21 to 31.
class Model {
 public:
  virtual ~Model() = default;

  /// Returns A_l for the batch A0 (N, C_0); leaves the lists Z and A.
  virtual Matrix forward(const Matrix& A0) = 0;

  /// Takes dLdA (N, C_l), the gradient at the output, back to the input; leaves the lists dAdZ, dLdZ and dLdA, and
  /// dLdW and dLdb in every layer.
  virtual void backward(const Matrix& dLdA) = 0;

  std::vector<nn::Linear> layers;                  ///< the l linear layers
  std::vector<std::unique_ptr<nn::Activation>> f;  ///< the l activations, f[i] after layers[i]

  std::vector<Matrix> Z;     ///< l outputs of the layers
  std::vector<Matrix> A;     ///< l + 1: the input, then the output of each activation
  std::vector<Matrix> dAdZ;  ///< l derivatives of the activations
  std::vector<Matrix> dLdZ;  ///< l gradients at the outputs of the layers
  std::vector<Matrix> dLdA;  ///< l + 1 gradients: at the input, then at the output of each activation
};

/// No hidden layer: 2 -> 3, ReLU. Section 7.1.
class MLP0 : public Model {
 public:
  MLP0();
  Matrix forward(const Matrix& A0) override;
  void backward(const Matrix& dLdA) override;
};

/// One hidden layer: 2 -> 3 -> 2, ReLU after both. Section 7.2.
class MLP1 : public Model {
 public:
  MLP1();
  Matrix forward(const Matrix& A0) override;
  void backward(const Matrix& dLdA) override;
};

/// Four hidden layers: 2 -> 4 -> 8 -> 8 -> 4 -> 2, ReLU after all five. Section 7.3.
class MLP4 : public Model {
 public:
  MLP4();
  Matrix forward(const Matrix& A0) override;
  void backward(const Matrix& dLdA) override;
};

}  // namespace mytorch::models
