// See dependencies.hpp.
#include "autograder/dependencies.hpp"

#include <fstream>
#include <sstream>

namespace autograder {

namespace fs = std::filesystem;

std::vector<fs::path> read_rule(const fs::path& rule, const fs::path& folder) {
  std::ifstream file(rule);
  std::vector<fs::path> files;
  std::string name;
  const auto end_name = [&] {
    if (!name.empty() && !name.ends_with(':')) files.push_back((folder / name).lexically_normal());
    name.clear();
  };
  for (char c = 0; file.get(c);) {
    if (c == '\\') {
      // Before a blank: part of a name. Before the end of a line: the rule goes on.
      if (file.get(c) && c != '\n') name += c == ' ' || c == '#' ? std::string(1, c) : std::string("\\") + c;
    } else if (c == ' ' || c == '\n') {
      end_name();
    } else {
      name += c;
    }
  }
  end_name();
  return files;
}

std::string identity_of(const fs::path& file) {
  std::error_code gone;
  const auto size = fs::file_size(file, gone);
  if (gone) return "gone";
  std::ostringstream word;
  word << size << "-" << fs::last_write_time(file, gone).time_since_epoch().count();
  return word.str();
}

}  // namespace autograder
