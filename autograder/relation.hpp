// How a wrong matrix is related to the right one, or to another matrix at hand: what the numbers alone reveal of a
// slip. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// What a wrong matrix may be compared with.
struct Neighbours {
  std::vector<std::pair<std::string, Matrix>> inputs;      ///< given to the student's code, by name
  std::vector<std::pair<std::string, Matrix>> outputs;     ///< what other outputs should be
  std::vector<std::pair<std::string, std::size_t>> sizes;  ///< of the case, by the homework's symbols: N, C
};

/// Returns every relation that holds for all elements within a relative 1e-6, and that chance does not bring about: all
/// elements wrong by one factor, the transpose, the rows in another order, ... Of an output that is right there is
/// none. Sentences name symbols, never values, and say nothing that only one of several slips would explain.
std::vector<Relation> relations_of(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours);

}  // namespace autograder
