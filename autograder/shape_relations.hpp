// What a wrong matrix tells of a slip by its shape: nothing is stored in it, a sum is left out, a row stood beside a
// column. Pure.
#pragma once

#include <string>
#include <vector>

#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Returns what holds of an `actual` without elements, or of another shape than `expected`, which has elements; none
/// where the shapes are the same. `place` is the output's: "dLdW[1]".
std::vector<Relation> shape_relations(const Matrix& expected, const Matrix& actual, const std::string& place);

}  // namespace autograder
