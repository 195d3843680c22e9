// Comparing what a hand-in answered with what PyTorch computed. Pure: values in, mismatches out.
#pragma once

#include <string>
#include <vector>

#include "autograder/fixture.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Returns every mismatch between two values of the same type (see value_like); none where all of `actual` is right.
///
/// The shape comes first, and nothing is broadcast: a (1, 3) never matches a (3, 3). Then each element by
/// !(|a - e| <= atol + rtol |e|), on unrounded values, so that NaN never matches. An expected infinity matches only
/// itself. Lists are compared element by element, each mismatch with its place: "dLdW[1]".
std::vector<Mismatch> compare(const std::string& output, const Value& expected, const Value& actual,
                              Tolerance tolerance);

/// A mismatch for an output that the answer lacks, or that is of another type.
Mismatch missing_output(const std::string& output);
Mismatch wrong_type(const std::string& output, const TypeMismatch& mismatch);

}  // namespace autograder
