// The flags file of a hand-in: a student switches components on as they are written. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace autograder {

struct Flags {
  std::set<std::string> off;         ///< components whose flag is false
  std::vector<std::string> notices;  ///< what is odd about the file, a sentence each
};

/// Reads autograder_flags.json; null means that the hand-in has none. Whatever the file does not clearly switch off is
/// on: a broken file, a key that is missing, a value that is no truth value. A notice says so.
Flags read_flags(const std::string* bytes, const std::vector<std::string>& components);

}  // namespace autograder
