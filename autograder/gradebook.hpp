// A class in one table, and what it tells: from the journal's records to text. Pure.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "autograder/journal.hpp"
#include "autograder/policy.hpp"

namespace autograder {

/// The records that count: of each hand-in the last; then all, or one a student. The latest is the one that was handed
/// in last, the best the one of which the course's rules leave the most points, of equal ones the latest; what the
/// grader failed on counts only where there is nothing else. Sorted by student, then by name.
std::vector<Record> pick(const std::vector<Record>& all, Pick which);

/// Points that people have given: for each part of the homework that they grade, those of each student.
struct HandGrades {
  std::vector<ByHand> parts;
  std::map<std::string, std::map<std::string, double>> points;  ///< by student and part's id

  double max_score() const;
  /// Of all parts; nothing where one of them is not graded.
  std::optional<double> of(const std::string& student) const;
};

/// Returns them from a table with a column `student` and one for each part. Empty cells are not graded yet. Throws
/// UsageError for what is no number, below 0, or more than the part is worth.
HandGrades read_hand_grades(const std::filesystem::path& table, const std::vector<ByHand>& parts);

/// One row a record, a column a section; times last. Where there are parts graded by hand, a column each, and the
/// total, which is what the course's rules leave of all points. Cells that a spreadsheet would take for formulas begin
/// with an apostrophe.
std::string gradebook_csv(const std::vector<Record>& records, const HandGrades& by_hand = {});
std::string gradebook_json(const std::vector<Record>& records, const HandGrades& by_hand = {});

/// How the class did: scores, sections passed, the commonest failures, and what was not graded.
std::string summary(const std::vector<Record>& records);

}  // namespace autograder
