// What a grade ended differently than the one before it, for a student who has just saved. Pure.
#pragma once

#include <string>

#include "autograder/report.hpp"
#include "autograder/report_writers.hpp"

namespace autograder {

/// Lines such as "Since the last run: 15 -> 25 points" and "  activation: failed -> passed, 0 -> 10 points", with the
/// components below a section that has several. What fails now and did not fail before stands first. Both reports are
/// on hand-ins that were not refused.
std::string news(const Report& before, const Report& after, Colour colour);

/// Which files were compiled for this report, and how many were there already: a sentence in a line.
std::string built_text(const Report& report);

}  // namespace autograder
