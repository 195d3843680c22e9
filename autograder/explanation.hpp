// A sentence on what sanitizers found, and the known trap that it is. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "autograder/report.hpp"
#include "autograder/sanitizer_report.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

/// Says what happened at the innermost place in a file of the hand-in; nothing where there is none. `stack` and `other`
/// are the lines of the finding's addresses. `exception` is what the
/// worker said of one: "std::runtime_error: Dot: shape mismatch." `passing` are the hand-in's files that pass by
/// themselves: of what happens in one of these, the line is named too that called it from any other.
std::optional<Explanation> explanation_of(const Finding& finding, const std::vector<SourceLine>& stack,
                                          const std::vector<SourceLine>& other, const Handin& handin,
                                          const std::string& exception, const std::set<std::string>& passing = {});

}  // namespace autograder
