// See class_tables.hpp.
#include "autograder/tests/class_tables.hpp"

#include <sstream>

#include "autograder/assignment.hpp"

namespace autograder_tests {

std::string table_without_times(const std::filesystem::path& out) {
  std::istringstream lines(autograder::read_file(out / "gradebook.csv"));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    for (int column = 0; column < 2; ++column) line.resize(line.rfind(','));
    text += line + "\n";
  }
  return text;
}

}  // namespace autograder_tests
