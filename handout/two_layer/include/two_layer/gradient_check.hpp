// Numeric gradients by central differences, to check a backward() that you wrote. For your own tests:
// nothing that is graded needs this file. The README shows it at work.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "two_layer/tensor.hpp"

namespace two_layer {

/// How far each entry is moved, up and down, by numeric_gradient().
///
/// A central difference (L(x + h) - L(x - h)) / 2h is wrong by about h^2 L'''/6, because the curve bends, and by
/// about 1e-16 |L| / h, because a double has 16 digits. The first shrinks with h, the second grows. For numbers
/// around 1 the sum is smallest near h = 5e-6; between 1e-5 and 1e-6 both are far below any mistake in a formula.
/// The small end is chosen here: the smaller h, the less often a step crosses the kink of a ReLU.
inline constexpr double gradient_step = 1e-6;

namespace detail {
inline std::string shape_text(const Matrix& X) {
  return "(" + std::to_string(X.shape(0)) + ", " + std::to_string(X.shape(1)) + ")";
}

inline void require_same_shape(const char* first_name, const Matrix& first, const char* second_name,
                               const Matrix& second) {
  if (first.shape() != second.shape()) {
    throw std::invalid_argument(std::string(first_name) + " has shape " + shape_text(first) + ", but " + second_name +
                                " has shape " + shape_text(second));
  }
}
}  // namespace detail

/// Returns the gradient of the number L(X) with respect to X (R, C), entry by entry; the result is (R, C).
///
/// `L` is anything callable with a Matrix that returns a double, a loss for instance. It is called 2 R C times with
/// one entry moved, then once with X itself, so that an object that L works on is left as X leaves it. X is taken by
/// value: it may be a member that L sets.
///
///     Matrix numeric = numeric_gradient([&](const Matrix& A) { return loss.forward(A, Y); }, A);
template <typename Function>
Matrix numeric_gradient(Function L, Matrix X, double step = gradient_step) {
  static_assert(std::is_arithmetic_v<std::invoke_result_t<Function&, const Matrix&>>,
                "L must return a number; for a function that returns a Matrix pass G too: numeric_gradient(f, X, G)");
  Matrix gradient = xt::zeros_like(X);
  Matrix moved = X;
  for (std::size_t i = 0; i < X.shape(0); ++i) {
    for (std::size_t j = 0; j < X.shape(1); ++j) {
      const double up = X(i, j) + step;
      const double down = X(i, j) - step;
      moved(i, j) = up;
      const double L_up = L(moved);
      moved(i, j) = down;
      const double L_down = L(moved);
      moved(i, j) = X(i, j);
      gradient(i, j) = (L_up - L_down) / (up - down);  // up - down, not 2 step: what the additions really gave
    }
  }
  L(X);
  return gradient;
}

/// Returns the gradient of sum(G * f(X)) with respect to X (R, C); the result is (R, C).
///
/// That is what backward(G) has to return when `f` is forward() and X its input. `f` is anything callable with a
/// Matrix that returns a Matrix; G has the shape of what f returns. For a parameter, let f set it:
///
///     Matrix dLdA = numeric_gradient([&](const Matrix& A) { return layer.forward(A); }, A, dLdZ);
///     Matrix dLdW = numeric_gradient([&](const Matrix& W) { layer.W = W; return layer.forward(A); }, layer.W, dLdZ);
///
/// (Some homeworks want it divided by N: see the README's conventions.) Throws std::invalid_argument when G does not
/// have the shape of f(X).
template <typename Function>
Matrix numeric_gradient(Function f, Matrix X, const Matrix& G, double step = gradient_step) {
  auto weighted_sum = [&](const Matrix& moved) {
    const Matrix output = f(moved);
    detail::require_same_shape("f(X)", output, "G", G);
    return xt::sum(G * output)();
  };
  return numeric_gradient(weighted_sum, X, step);
}

/// Where two gradients disagree most, and by how much.
struct GradientError {
  double relative = 0.0;  ///< 0 when they are equal, infinity when either holds NaN or an infinity
  std::size_t row = 0;
  std::size_t column = 0;
  double analytic = 0.0;  ///< the two entries at (row, column)
  double numeric = 0.0;
};

/// Returns the largest relative error between two gradients of the same shape, and where it is.
///
/// The error of an entry is |analytic - numeric| / max(|analytic|, |numeric|, 1e-3). The 1e-3 is there because an
/// entry that is exactly zero comes out of central differences as something like 1e-10. A right gradient stays
/// below 1e-5, a wrong one is usually above 1e-2. Throws std::invalid_argument when the shapes differ.
inline GradientError largest_relative_error(const Matrix& analytic, const Matrix& numeric) {
  constexpr double smallest_scale = 1e-3;
  detail::require_same_shape("the analytic gradient", analytic, "the numeric gradient", numeric);
  GradientError worst;
  for (std::size_t i = 0; i < analytic.shape(0); ++i) {
    for (std::size_t j = 0; j < analytic.shape(1); ++j) {
      const double a = analytic(i, j);
      const double n = numeric(i, j);
      double relative = std::numeric_limits<double>::infinity();
      if (std::isfinite(a) && std::isfinite(n)) {
        relative = std::abs(a - n) / std::max({std::abs(a), std::abs(n), smallest_scale});
      }
      if (relative > worst.relative) worst = {relative, i, j, a, n};
    }
  }
  return worst;
}

/// Writes, for instance, "relative error 0.5 at (1, 0): analytic 2, numeric 4".
inline std::ostream& operator<<(std::ostream& out, const GradientError& error) {
  return out << "relative error " << error.relative << " at (" << error.row << ", " << error.column << "): analytic "
             << error.analytic << ", numeric " << error.numeric;
}

}  // namespace two_layer
