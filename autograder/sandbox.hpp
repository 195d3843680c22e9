// How a program that reads or contains student code is shut in. A sandbox is a function from a command to a command:
// stages say what they run, the tier says how.
#pragma once

#include <string>

#include "autograder/process.hpp"

namespace autograder {

/// How strongly student code is shut in.
enum class Tier {
  none,  ///< not at all, but for limits: a student's own machine
};

const char* name_of(Tier tier);

/// Returns the strongest tier that this machine gives.
Tier strongest_tier();

/// Returns the command that runs `command` under the tier. Pure.
Command confine(const Command& command, Tier tier);

}  // namespace autograder
