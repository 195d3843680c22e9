// One case in full, for a student who wants to know: `grade --show` and `grade --debug`.
#pragma once

#include "autograder/grade.hpp"

namespace autograder {

enum class Look {
  show,   ///< prints inputs, expected and actual values
  debug,  ///< runs the case under gdb, with the caller's own rights
};

enum class MayShow { open_only, hidden };  ///< of which fixtures values may be shown

/// Builds the hand-in and looks at the one case that the options name. Throws UsageError where that is not one, and
/// where it is hidden and may not be shown.
void look_at_case(const GradeOptions& options, const Machine& machine, Look how, MayShow which);

}  // namespace autograder
