// See dependencies.hpp.
#include "autograder/dependencies.hpp"

#include <fstream>
#include <iterator>

namespace autograder {

namespace fs = std::filesystem;

std::vector<fs::path> read_rule(const fs::path& rule, const fs::path& folder) {
  std::ifstream file(rule);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::vector<fs::path> files;
  std::string name;
  const auto end_name = [&] {
    if (!name.empty() && !name.ends_with(':')) files.push_back((folder / name).lexically_normal());
    name.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      // Before a blank: part of a name. Before the end of a line: the rule goes on.
      const char next = text[++i];
      if (next != '\n') name += next == ' ' || next == '#' ? std::string(1, next) : std::string("\\") + next;
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
  return std::to_string(size) + "-" + std::to_string(fs::last_write_time(file, gone).time_since_epoch().count());
}

}  // namespace autograder
