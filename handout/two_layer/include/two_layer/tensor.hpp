// The one type of this homework, Matrix, and the parts of xtensor and xtensor-blas that work on it.
// Also three reductions that cannot go wrong; xtensor.md, next to the README, says why they are here.
#pragma once

#if __has_include(<xtensor/containers/xtensor.hpp>)  // xtensor 0.26 and later
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xeval.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/core/xoperation.hpp>
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/generators/xrandom.hpp>
#include <xtensor/io/xio.hpp>
#include <xtensor/misc/xmanipulation.hpp>
#include <xtensor/misc/xsort.hpp>
#include <xtensor/reducers/xnorm.hpp>
#include <xtensor/reducers/xreducer.hpp>
#include <xtensor/views/xbroadcast.hpp>
#include <xtensor/views/xindex_view.hpp>
#include <xtensor/views/xmasked_view.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xbroadcast.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xeval.hpp>
#include <xtensor/xindex_view.hpp>
#include <xtensor/xio.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmasked_view.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xnorm.hpp>
#include <xtensor/xoperation.hpp>
#include <xtensor/xrandom.hpp>
#include <xtensor/xreducer.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif
#include <xtensor-blas/xlinalg.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace two_layer {

/// A matrix of doubles: always two dimensions, rows first. A row vector is (1, C), a column vector (N, 1).
using Matrix = xt::xtensor<double, 2>;

namespace detail {
inline void require_axis(const char* function, std::size_t axis) {
  if (axis > 1) {
    throw std::invalid_argument(std::string(function) + ": a Matrix has axis 0 (down the rows) and axis 1 " +
                                "(along a row), not axis " + std::to_string(axis));
  }
}
}  // namespace detail

/// Adds X (R, C) up along an axis, like np.sum(X, axis=axis, keepdims=True).
/// Axis 0 returns (1, C), one sum a column; axis 1 returns (R, 1), one sum a row.
/// Throws std::invalid_argument for any other axis.
inline Matrix sum_keepdims(const Matrix& X, std::size_t axis) {
  detail::require_axis("sum_keepdims", axis);
  return xt::sum(X, {axis}, xt::keep_dims | xt::evaluation_strategy::immediate);
}

/// Averages X (R, C) along an axis, like np.mean(X, axis=axis, keepdims=True); shapes as for sum_keepdims.
inline Matrix mean_keepdims(const Matrix& X, std::size_t axis) {
  detail::require_axis("mean_keepdims", axis);
  return sum_keepdims(X, axis) / static_cast<double>(X.shape(axis));
}

/// Takes the largest entry of X (R, C) along an axis, like np.max(X, axis=axis, keepdims=True); shapes as for
/// sum_keepdims. Passes over NaN.
inline Matrix max_keepdims(const Matrix& X, std::size_t axis) {
  detail::require_axis("max_keepdims", axis);
  return xt::amax(X, {axis}, xt::keep_dims | xt::evaluation_strategy::immediate);
}

}  // namespace two_layer
