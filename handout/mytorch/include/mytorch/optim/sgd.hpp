// Stochastic gradient descent. You write its functions in src/optim/sgd.cpp.
#pragma once

#include <vector>

#include "mytorch/models/mlp.hpp"
#include "mytorch/nn/linear.hpp"
#include "mytorch/tensor.hpp"

namespace mytorch::optim {

/// Moves W and b of every layer of a model against their gradients, with or without momentum.
///
/// Without momentum: p := p - lr g. With it: v := mu v + g, then p := p - lr v.
/// Source: AI702 homework 1, section 9, equations 44 to 49.
class SGD {
 public:
  /// Refers to the layers of `model`, which must outlive this object; all velocities start at zero.
  explicit SGD(models::Model& model, double lr = 0.1, double momentum = 0.0);

  /// Updates W and b of every layer from its dLdW and dLdb, once.
  void step();

  std::vector<nn::Linear>& l;  ///< the model's own layers, not a copy
  std::size_t L;               ///< number of layers
  double lr;                   ///< learning rate, lambda
  double mu;                   ///< momentum
  std::vector<Matrix> v_W;     ///< velocity of each layer's W, same shape as W
  std::vector<Matrix> v_b;     ///< velocity of each layer's b, same shape as b
};

}  // namespace mytorch::optim
