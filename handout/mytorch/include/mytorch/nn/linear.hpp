// The fully connected layer. You write its functions in src/nn/linear.cpp.
#pragma once

#include "mytorch/tensor.hpp"

namespace mytorch::nn {

/// Fully connected layer, Z = A W^T + 1 b^T.
///
/// Shapes: A (N, C_in), W (C_out, C_in), b (C_out, 1), Z (N, C_out).
/// Source: AI702 homework 1, section 5.1, equations 1 to 5.
class Linear {
 public:
  /// Sets W and b to zero.
  Linear(std::size_t in_features, std::size_t out_features);

  /// Returns Z (N, C_out) for the batch A (N, C_in), and keeps A and N for backward().
  Matrix forward(const Matrix& A);

  /// Returns dLdA (N, C_in) for dLdZ (N, C_out); leaves dLdW and dLdb, each divided by N.
  Matrix backward(const Matrix& dLdZ);

  Matrix W;           ///< weights (C_out, C_in)
  Matrix b;           ///< bias (C_out, 1)
  Matrix A;           ///< input of the last forward() (N, C_in)
  std::size_t N = 0;  ///< batch size of the last forward()
  Matrix dLdW;        ///< gradient of W (C_out, C_in), divided by N
  Matrix dLdb;        ///< gradient of b (C_out, 1), divided by N
};

}  // namespace mytorch::nn
