// What a report comes to in the journal, and how two grades of one hand-in differ. Pure.
#pragma once

#include <string>

#include "autograder/journal.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// Sets outcome, message, points, what rules leave of them, sections and failures from the report.
void fill(Record& record, const Report& report);

/// "85 -> 90; sgd failed -> passed", or nothing where the second grade changes nothing.
std::string difference(const Record& before, const Record& after);

}  // namespace autograder
