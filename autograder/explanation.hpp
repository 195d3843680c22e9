// A sentence on what sanitizers found, and the known trap that it is. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "autograder/report.hpp"
#include "autograder/sanitizer_report.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

/// Says what happened at the innermost place in a file of the hand-in; nothing where there is none. `stack` and `other`
/// are the lines of the finding's addresses. `exception` is what the
/// worker said of one: "std::runtime_error: Dot: shape mismatch."
std::optional<Explanation> explanation_of(const Finding& finding, const std::vector<SourceLine>& stack,
                                          const std::vector<SourceLine>& other, const Handin& handin,
                                          const std::string& exception);

}  // namespace autograder
