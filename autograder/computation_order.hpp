// In which order a component computes its outputs: what goes wrong first is named first. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Puts the mismatches of a case into the order in which the component computes its outputs: what went wrong first
/// stands first.
void order_by_computation(const Component& component, std::vector<Mismatch>& mismatches);

/// Returns how many of the outputs that a case compares, each element of a list for itself, are computed before that
/// one: "dLdW[1]".
std::size_t compared_before(const Component& component, const std::vector<std::pair<std::string, Value>>& expected,
                            const std::string& output);

}  // namespace autograder
