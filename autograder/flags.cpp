// See flags.hpp.
#include "autograder/flags.hpp"

#include <algorithm>

#include "autograder/assignment.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

namespace {

/// How many unknown keys are named.
constexpr std::size_t kNamedKeys = 8;

}  // namespace

Flags read_flags(const std::string* bytes, const std::vector<std::string>& components) {
  Flags flags;
  if (!bytes) return flags;
  const std::string file = kFlagsFile;
  try {
    const nlohmann::json document = parse_strict(*bytes);
    if (!document.is_object()) throw JsonError("it must be an object, a key a component");
    std::size_t unknown = 0;
    for (const auto& [key, value] : document.items()) {
      if (std::find(components.begin(), components.end(), key) == components.end()) {
        if (++unknown > kNamedKeys) continue;
        flags.notices.push_back(file + " has the unknown key \"" + shortened(key) + "\": it is ignored");
      } else if (!value.is_boolean()) {
        flags.notices.push_back(file + ": " + key + " must be true or false; it counts as true");
      } else if (!value.get<bool>()) {
        flags.off.insert(key);
      }
    }
    if (unknown > kNamedKeys) {
      flags.notices.push_back(file + " has " + std::to_string(unknown - kNamedKeys) +
                              " more unknown keys: they are ignored");
    }
  } catch (const JsonError& error) {
    flags = {};
    flags.notices.push_back(file + " cannot be read, so every component is graded: " + shortened(error.what()));
  }
  return flags;
}

}  // namespace autograder
