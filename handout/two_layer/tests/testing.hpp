// What every test file includes: Catch2, whichever version is installed, and a comparison of matrices that says where
// they differ. The same comparison, with the same tolerance, as the grader's.
#pragma once

#include <cmath>
#include <sstream>
#include <string>

#if __has_include(<catch2/catch_all.hpp>)  // Catch2 3
#include <catch2/catch_all.hpp>
#else  // Catch2 2
#include <catch2/catch.hpp>
#endif

#include "two_layer/tensor.hpp"

/// Returns "" when the matrices are equal, or else what is wrong, such as "shape (4, 2), expected (4, 3)" or
/// "(1, 0) is 2, expected 0.5". Shapes are compared first, and NaN equals nothing.
///
///     CHECK(difference(layer.forward(A), expected) == "");
inline std::string difference(const two_layer::Matrix& actual, const two_layer::Matrix& expected, double rtol = 1e-5,
                              double atol = 1e-8) {
  std::ostringstream text;
  text.precision(10);
  if (actual.shape() != expected.shape()) {
    text << "shape (" << actual.shape(0) << ", " << actual.shape(1) << "), expected (" << expected.shape(0) << ", "
         << expected.shape(1) << ")";
    return text.str();
  }
  for (std::size_t i = 0; i < expected.shape(0); ++i) {
    for (std::size_t j = 0; j < expected.shape(1); ++j) {
      const bool close = std::abs(actual(i, j) - expected(i, j)) <= atol + rtol * std::abs(expected(i, j));
      if (!close) {
        text << "(" << i << ", " << j << ") is " << actual(i, j) << ", expected " << expected(i, j);
        return text.str();
      }
    }
  }
  return "";
}
