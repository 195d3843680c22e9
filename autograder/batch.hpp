// A class: every hand-in of a folder graded once, whatever becomes of this process meanwhile.
#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/journal.hpp"
#include "autograder/output_folder.hpp"

namespace autograder {

/// May grades that were given with other fixtures, points or another version of the grader stay in the table?
enum class Mixing { refused, accepted };

struct BatchOptions {
  GradeOptions grade;  ///< of each hand-in; `handin` and `sandbox` are the batch's to set
  Feedback feedback = Feedback::automatic;
  std::filesystem::path folder;      ///< of the class
  std::filesystem::path out;         ///< journal, reports/, gradebook.csv, summary.txt
  std::size_t jobs = 1;              ///< hand-ins at a time
  std::vector<std::string> regrade;  ///< "all", "failed", "none", or names
  Mixing mixing = Mixing::refused;
  Rehearsal rehearsal = Rehearsal::no;  ///< yes: grades, says what would change, and leaves `out` as it is
};

/// Opens a sandbox for one of several hand-ins that are graded at a time: what is swept at the end of one must not be
/// another's.
using OpenSandbox = std::function<Sandbox()>;

/// Grades what is not graded yet, writes a report a hand-in and the class's tables, and says on `out` how it goes, on a
/// terminal in one line. A hand-in on which the grader fails is recorded as that and stops nothing. Returns whether
/// the journal's last grades have one. Throws GraderError where nothing can be graded or written, UsageError for a name
/// that is not there, or grades that may not be mixed.
bool run_batch(const BatchOptions& options, const OpenSandbox& open, std::ostream& out, bool is_terminal);

/// Writes gradebook.csv and summary.txt of a journal's last records.
void write_tables(const std::vector<Record>& last, const std::filesystem::path& out);

}  // namespace autograder
