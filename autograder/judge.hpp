// From what a worker answered, or how it ended, to the verdict on a case. Pure; the answer is hostile input.
#pragma once

#include <optional>
#include <string>

#include "autograder/fixture.hpp"
#include "autograder/hints.hpp"
#include "autograder/report.hpp"
#include "autograder/run.hpp"

namespace autograder {

/// How much of what a student's code printed is kept a case, in bytes: enough to debug with, little enough to show.
/// Each message that repeats something of an answer is cut there too.
inline constexpr std::size_t kKeptOutput = 4096;

/// What the worker says of a request that it does not understand, or nothing. It is a claim: a hand-in can write it
/// too, and only a worker without student code is believed.
std::optional<std::string> bad_request(const CaseRun& run);

/// Returns the verdict on one case. A case passes only on a complete, well-formed answer in which every expected
/// output matches; anything else has its status, and a mismatch or a message that says what was wrong.
CaseResult judge(const Case& one, const CaseRun& run);

/// As that; mismatches are in the order of computation, and what explains the first is noted with it (hints.hpp).
CaseResult judge(const Case& one, const CaseRun& run, const Homework& homework);

}  // namespace autograder
