// See screen.hpp.
#include "autograder/screen.hpp"

#include <algorithm>
#include <sstream>

namespace autograder {

namespace {

constexpr std::size_t kTab = 8;

/// The columns that a line takes: one a character, whatever its bytes, and none for "ESC [ ... m".
std::size_t columns_of(const std::string& line) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto byte = static_cast<unsigned char>(line[at]);
    if (byte == 0x1b) {
      at = std::min(line.find('m', at), line.size());
    } else if (byte == '\t') {
      columns += kTab - columns % kTab;
    } else if ((byte & 0xC0u) != 0x80u) {  // no later byte of a character in UTF-8
      ++columns;
    }
  }
  return columns;
}

/// As many of the first lines as fit into the rows, with one that says how many are left out.
std::string cut(const std::string& text, std::size_t rows, std::size_t columns) {
  if (rows_of(text, columns) <= rows) return text;
  std::istringstream lines(text);
  std::string shown;
  std::size_t used = 2, left_out = 0;  // with the lines about what is left out
  for (std::string line; std::getline(lines, line);) {
    used += rows_of(line + "\n", columns);
    if (left_out > 0 || used > rows) {
      ++left_out;
    } else {
      shown += line + "\n";
    }
  }
  return shown + "... (" + std::to_string(left_out) + " more lines; all of them without --watch)\n\n";
}

}  // namespace

std::size_t rows_of(const std::string& text, std::size_t columns) {
  std::istringstream lines(text);
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    rows += columns == 0 ? 1 : std::max<std::size_t>(1, (columns_of(line) + columns - 1) / columns);
  }
  return rows;
}

std::string screen(const TextParts& report, const std::string& news, const std::string& hint, const ScreenSize& size) {
  const std::string above = report.sections + news, below = report.score + hint;
  if (size.rows == 0) return above + report.details + below;
  const std::size_t used = rows_of(above + below, size.columns) + 1;
  return above + cut(report.details, size.rows > used ? size.rows - used : 0, size.columns) + below;
}

}  // namespace autograder
