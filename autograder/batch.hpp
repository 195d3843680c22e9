// A class: every hand-in of a folder graded once, whatever becomes of this process meanwhile.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "autograder/executor.hpp"
#include "autograder/journal.hpp"
#include "autograder/output_folder.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// May grades that were given with other fixtures, points or another version of the grader stay in the table?
enum class Mixing { refused, accepted };

struct BatchOptions {
  std::filesystem::path folder;      ///< of the class
  std::filesystem::path out;         ///< journal, reports/, gradebook.csv, summary.txt
  std::filesystem::path root;        ///< the course folder
  std::string assignment;            ///< what hand-ins are graded as; empty: found from their files
  std::string fixtures = "public";   ///< what they are graded with: "public", "hidden" or a folder
  std::optional<Fresh> fresh = {};   ///< and with these
  std::vector<std::string> regrade;  ///< "all", "failed", "none", or names
  Mixing mixing = Mixing::refused;
  Rehearsal rehearsal = Rehearsal::no;  ///< yes: grades, says what would change, and leaves `out` as it is
};

/// Has the executor grade what is not graded yet, writes a report a hand-in and the class's tables, and says on `out`
/// how it goes, on a terminal in one line. A hand-in on which the grader fails is recorded as that and stops nothing.
/// Returns whether the journal's last grades have one. Throws GraderError where nothing can be graded or written,
/// UsageError for a name that is not there, or grades that may not be mixed.
bool run_batch(const BatchOptions& options, const Executor& executor, std::ostream& out, bool is_terminal);

/// Writes gradebook.csv and summary.txt of a journal's last records.
void write_tables(const std::vector<Record>& last, const std::filesystem::path& out);

}  // namespace autograder
