// Why a component crashes or gives garbage: its files are built again with sanitizers, and the first failing case is
// run again, both in the sandbox. Changes no verdict.
#pragma once

#include <string>
#include <vector>

#include "autograder/grade.hpp"

namespace autograder {

/// How many components of a hand-in are explained where nobody asks for all. One that needs the files of another, and
/// more, is left out: it likely fails for the same reason. So is one that fails by the line of another.
inline constexpr std::size_t kExplained = 3;

/// Whether the way in which a component fails wants explaining. Pure. Automatically: where it crashed, threw, or gave
/// wrong numbers that no hint explains, or one that may as well be said of memory which is gone: it is empty, zero,
/// infinite, never set.
bool wants_explanation(const ComponentResult& component, Explain which);

/// Sets the explanations of those components that want one and get one, in the place of such hints. Returns notices:
/// why there is none, where that is the machine's doing. On withheld fixtures nothing is explained unless that is asked
/// for (Explain::always): the report would not show it. Throws nothing: a grade that is there is not lost for want of
/// an explanation.
std::vector<std::string> explain_failures(const Workbench& bench, const GradeOptions& options, const Machine& machine,
                                          std::vector<ComponentResult>& components);

}  // namespace autograder
