// What the proof of the grader (verify.hpp) reads off reports, and how it puts that into words. Pure.
#pragma once

#include <set>
#include <string>

#include "autograder/edits.hpp"
#include "autograder/examiner.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// "a, b", or "none".
std::string joined(const std::set<std::string>& texts);

/// The ids of the sections that did not pass.
std::set<std::string> lost_sections(const Report& report);

/// Whether any component was run and did not pass.
bool is_caught(const Report& report);

/// The ids of all hints that the report gives.
std::set<std::string> hints_of(const Report& report);

/// A row of the kill matrix: for each set a letter a component, "." where it passed.
std::string rows_of(const Reports& reports);

/// The edit as an entry of equivalent.json, the reason left out.
std::string as_entry(const Edit& edit);

/// The edit for a person: lines taken out, lines put in.
std::string as_diff(const Edit& edit);

}  // namespace autograder
