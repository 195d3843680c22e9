// The grader's proof of itself, for any assignment: the solution has full marks and the handout none, every wrong edit
// loses exactly its sections and is named rightly, every right variant passes, and random edits are caught.
#pragma once

#include <cstdint>
#include <ostream>

#include "autograder/grade.hpp"

namespace autograder {

struct VerifyOptions {
  GradeOptions grade;      ///< root, assignment, sandbox, cache, jobs
  std::size_t every = 1;   ///< only every so manieth wrong edit
  std::size_t random = 0;  ///< random edits that compile
  Fresh fresh = {200, 1};  ///< for the solution, what is equivalent, and random edits that survive the fixtures
  std::uint64_t seed = 1;  ///< of the random edits
};

/// Runs the proof and writes it to `out` as it goes. Returns whether it holds; what does not is named at the end.
/// Throws GraderError where the solution, or what belongs to the proof, is not there.
bool verify(const VerifyOptions& options, const Machine& machine, std::ostream& out);

}  // namespace autograder
