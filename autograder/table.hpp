// Tables that people keep about a class, as CSV files: extensions, points given by hand.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace autograder {

/// The rows of a table, by a student's id: column to cell.
using Table = std::map<std::string, std::map<std::string, std::string>>;

/// Reads a CSV file (RFC 4180, UTF-8, with or without a byte order mark) whose first row names the columns: `student`
/// and the given ones, in any order; others are let be. Throws UsageError, naming the file, the row and the remedy,
/// where it cannot be read, a column is missing, a row has another number of cells, or a student occurs twice.
Table read_table(const std::filesystem::path& file, const std::vector<std::string>& columns);

}  // namespace autograder
