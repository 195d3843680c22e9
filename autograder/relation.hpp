// How a wrong matrix is related to the right one, or to another matrix at hand: what the numbers alone reveal of a
// slip. Pure.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograder/fixture.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// So many numbers must support a relation: two agree by chance where a matrix is small.
inline constexpr std::size_t kEvidence = 3;

/// What a wrong matrix may be compared with.
struct Neighbours {
  std::vector<std::pair<std::string, Matrix>> inputs = {};      ///< given to the student's code, by name
  std::vector<std::pair<std::string, Matrix>> outputs = {};     ///< what other outputs should be
  std::vector<std::pair<std::string, std::size_t>> sizes = {};  ///< of the case, by the homework's symbols: N, C
  std::string place = {};                                       ///< of the matrix itself: "dLdW[1]"

  /// Another case, which the same process ran before.
  struct Earlier {
    std::optional<Matrix> expected = {};  ///< what the matrix of that name should have been there
    std::vector<std::pair<std::string, std::size_t>> sizes = {};
  };
  std::vector<Earlier> earlier = {};
};

/// What every double of a worker's fresh heap is (run.cpp), where the C library is glibc: about -8577.5.
inline const double kUninitialised = std::bit_cast<double>(std::uint64_t{0xC0C0C0C0C0C0C0C0});

/// The name of an output or input without a place in a list: of "dLdW[1]" it is "dLdW".
std::string base_of(const std::string& output);

/// Returns every relation that holds for all elements within a relative 1e-6, and that chance does not bring about: all
/// elements wrong by one factor, the transpose, the rows in another order, ... Of an output that is right there is
/// none. Sentences name symbols, never values, and say nothing that only one of several slips would explain.
std::vector<Relation> relations_of(const Matrix& expected, const Matrix& actual, const Neighbours& neighbours);

/// As that, of a list with another number of entries.
std::vector<Relation> relations_of(const List& expected, const List& actual, Tolerance tolerance);

}  // namespace autograder
