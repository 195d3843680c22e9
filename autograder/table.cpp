// See table.hpp.
#include "autograder/table.hpp"

#include <algorithm>

#ifdef AUTOGRADER_HAS_TABLES
#include <csv.h>
#endif

#include "autograder/assignment.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;

#ifdef AUTOGRADER_HAS_TABLES

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// What libcsv calls with each cell and at the end of each row.
struct Collected {
  Rows rows;
  std::vector<std::string> row;

  static void end_cell(void* text, std::size_t size, void* self) {
    static_cast<Collected*>(self)->row.emplace_back(static_cast<const char*>(text), size);
  }
  static void end_row(int, void* self) {
    auto& collected = *static_cast<Collected*>(self);
    collected.rows.push_back(std::move(collected.row));
    collected.row.clear();
  }
};

class Parser {
 public:
  Parser() {
    // Half a quoted cell is a file that somebody cut.
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
  }
  ~Parser() { csv_free(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Rows parse(const std::string& text, const std::string& file) {
    Collected all;
    const bool is_read =
        csv_parse(&parser_, text.data(), text.size(), Collected::end_cell, Collected::end_row, &all) == text.size() &&
        csv_fini(&parser_, Collected::end_cell, Collected::end_row, &all) == 0;
    if (!is_read) {
      throw UsageError("the table " + file + ", row " + std::to_string(all.rows.size() + 1) +
                       ": it is not well-formed CSV (" + csv_strerror(csv_error(&parser_)) + ")");
    }
    return all.rows;
  }

 private:
  csv_parser parser_{};
};

std::size_t column_of(const std::vector<std::string>& header, const std::string& name, const std::string& file) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw UsageError("the table " + file + ": its first row has no column `" + name + "`");
  }
  return static_cast<std::size_t>(found - header.begin());
}

}  // namespace

Table read_table(const fs::path& path, const std::vector<std::string>& columns) {
  const std::string file = path.string();
  if (!fs::is_regular_file(path)) throw UsageError("the table " + file + ": there is no such file");
  std::string text = read_file(path);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // Excel writes one
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  const Rows rows = Parser().parse(text, file);
  if (rows.empty()) throw UsageError("the table " + file + ": it is empty; its first row names the columns");
  const std::vector<std::string>& header = rows.front();
  const std::size_t student = column_of(header, "student", file);
  std::map<std::string, std::size_t> places;
  for (const std::string& column : columns) places[column] = column_of(header, column, file);
  Table table;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const std::string where = "the table " + file + ", row " + std::to_string(i + 1) + ": ";
    if (row.size() != header.size()) {
      throw UsageError(where + std::to_string(row.size()) + " cells, and the first row has " +
                       std::to_string(header.size()));
    }
    if (row[student].empty()) throw UsageError(where + "it names no student");
    auto& cells = table[row[student]];
    if (!cells.empty()) throw UsageError(where + "the student " + row[student] + " occurs twice");
    cells["student"] = row[student];
    for (const auto& [column, place] : places) cells[column] = row[place];
  }
  return table;
}

#else

Table read_table(const fs::path&, const std::vector<std::string>&) {
  throw UsageError("this grader was built without libcsv (Debian: libcsv-dev), which tables need");
}

#endif

}  // namespace autograder
