// The sandbox tiers that this machine gives, each opened once: tests go through all of them.
#pragma once

#include <vector>

#include "autograder/sandbox.hpp"

namespace autograder_tests {

/// Strongest first; with AUTOGRADER_TIERS in the environment only those that it names. Says on standard error which
/// ones are missing here, and why.
const std::vector<autograder::Sandbox>& tiers();

/// Those in which a program cannot read what it was not shown.
std::vector<autograder::Sandbox> closing_tiers();

}  // namespace autograder_tests
