// Batch normalisation. You write its functions in src/nn/batchnorm.cpp.
#pragma once

#include "mytorch/tensor.hpp"

namespace mytorch::nn {

/// Normalises every feature over the batch, then scales and shifts it: BZ = BW * NZ + Bb.
///
/// Shapes: Z, NZ, BZ and their gradients (N, C); everything else (1, C).
/// Source: AI702 homework 1, section 10, equations 50 to 66.
class BatchNorm1d {
 public:
  /// BW starts at 1 and Bb at 0, running_M at 0 and running_V at 1.
  explicit BatchNorm1d(std::size_t num_features, double alpha = 0.9);

  /// Returns BZ (N, C) for the batch Z (N, C).
  ///
  /// Training (eval is false): normalises with the mean M and the biased variance V of this batch, keeps what
  /// backward() needs, and moves the running statistics: running := alpha running + (1 - alpha) batch.
  /// Inference (eval is true): normalises with running_M and running_V and changes neither.
  Matrix forward(const Matrix& Z, bool eval = false);

  /// Returns dLdZ (N, C) for dLdBZ (N, C) after a forward() in training; leaves dLdBW and dLdBb, which are sums
  /// over the batch.
  Matrix backward(const Matrix& dLdBZ);

  double alpha;        ///< how much of the running statistics is kept at each batch
  double eps = 1e-8;   ///< added to the variance, under the root
  std::size_t N = 0;   ///< batch size of the last training forward()
  Matrix Z;            ///< input of the last training forward() (N, C)
  Matrix NZ;           ///< normalised input of the last forward() (N, C)
  Matrix BZ;           ///< what the last forward() returned (N, C)
  Matrix M;            ///< mean of the last training batch (1, C)
  Matrix V;            ///< biased variance of the last training batch (1, C)
  Matrix BW;           ///< scale, gamma (1, C)
  Matrix Bb;           ///< shift, beta (1, C)
  Matrix dLdBW;        ///< gradient of BW (1, C)
  Matrix dLdBb;        ///< gradient of Bb (1, C)
  Matrix running_M;    ///< running mean (1, C)
  Matrix running_V;    ///< running variance (1, C)
};

}  // namespace mytorch::nn
