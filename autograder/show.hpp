// One case in full: its inputs, and expected and actual values side by side. For public cases only.
#pragma once

#include <string>
#include <string_view>

#include "autograder/fixture.hpp"
#include "autograder/run.hpp"

namespace autograder {

/// Returns the case's inputs, then for each output what was expected and what came back, with the elements out of
/// tolerance marked. Pure.
std::string show_case(const Case& one, const CaseRun& run);

}  // namespace autograder
