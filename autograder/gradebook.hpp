// A class in one table, and what it tells: from the journal's records to text. Pure.
#pragma once

#include <string>
#include <vector>

#include "autograder/journal.hpp"

namespace autograder {

enum class Pick { all, best, latest };  ///< of several hand-ins of one student

/// The records that count: of each hand-in the last; then all, or one a student. The latest is the one that was handed
/// in last, the best the one with the most points, of equal ones the latest; what the grader failed on counts only
/// where there is nothing else. Sorted by student, then by name.
std::vector<Record> pick(const std::vector<Record>& all, Pick which);

/// One row a record, a column a section; times last. Cells that a spreadsheet would take for formulas begin with an
/// apostrophe.
std::string gradebook_csv(const std::vector<Record>& records);
std::string gradebook_json(const std::vector<Record>& records);

/// How the class did: scores, sections passed, the commonest failures, and what was not graded.
std::string summary(const std::vector<Record>& records);

}  // namespace autograder
