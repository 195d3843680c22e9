// Activation functions. You write Sigmoid, Tanh and ReLU in src/nn/activation.cpp; Identity is there as an example.
#pragma once

#include "mytorch/tensor.hpp"

namespace mytorch::nn {

/// A function applied to each entry of a matrix.
///
/// Shapes: Z, A and dAdZ are all (N, C).
/// Source: AI702 homework 1, section 6, equations 6 to 20.
class Activation {
 public:
  virtual ~Activation() = default;

  /// Returns A, the function of each entry of Z, and keeps it for backward().
  virtual Matrix forward(const Matrix& Z) = 0;

  /// Returns dAdZ, the derivative at each entry of the last Z. It is not multiplied by any gradient from above.
  virtual Matrix backward() const = 0;

  Matrix A;  ///< what the last forward() returned (N, C)
};

/// A = Z. Complete: the worked example.
class Identity : public Activation {
 public:
  Matrix forward(const Matrix& Z) override;
  Matrix backward() const override;
};

/// A = 1 / (1 + exp(-Z)). Equations 6 to 11.
class Sigmoid : public Activation {
 public:
  Matrix forward(const Matrix& Z) override;
  Matrix backward() const override;
};

/// A = tanh(Z). Equations 12 to 16.
class Tanh : public Activation {
 public:
  Matrix forward(const Matrix& Z) override;
  Matrix backward() const override;
};

/// The rectified linear unit. Its derivative at exactly 0 is 0. Equations 17 to 20.
class ReLU : public Activation {
 public:
  Matrix forward(const Matrix& Z) override;
  Matrix backward() const override;
};

}  // namespace mytorch::nn
