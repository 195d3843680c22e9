// Loss functions. You write them in src/nn/loss.cpp.
#pragma once

#include "mytorch/tensor.hpp"

namespace mytorch::nn {

/// Measures how far the model's output A is from the wanted output Y.
///
/// Shapes: A, Y and dLdA are all (N, C); the loss is one number.
/// Source: AI702 homework 1, section 8, equations 32 to 43.
class Loss {
 public:
  virtual ~Loss() = default;

  /// Returns the loss of A against Y, and keeps both for backward().
  virtual double forward(const Matrix& A, const Matrix& Y) = 0;

  /// Returns dLdA for the last forward().
  virtual Matrix backward() const = 0;

  Matrix A;  ///< model output of the last forward() (N, C)
  Matrix Y;  ///< wanted output of the last forward() (N, C)
};

/// Half the mean squared error, SSE / (2 N C), with gradient (A - Y) / (N C). Equations 32 to 35.
class MSELoss : public Loss {
 public:
  double forward(const Matrix& A, const Matrix& Y) override;
  Matrix backward() const override;
};

/// Cross-entropy of softmax(A) against the distribution Y, averaged over the batch. Equations 36 to 43.
/// A holds logits. Each row of Y sums to 1: one-hot, or spread over several classes.
class CrossEntropyLoss : public Loss {
 public:
  double forward(const Matrix& A, const Matrix& Y) override;

  /// Returns softmax(A) - Y, not divided by N.
  Matrix backward() const override;

  Matrix softmax;  ///< softmax of each row of the last A (N, C)
};

}  // namespace mytorch::nn
