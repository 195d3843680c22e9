// What a hand-in is at the moment: enough to tell whether it has changed, and which of two came later.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace autograder {

struct HandinState {
  std::string digest;     ///< of everything that a grade may look at; empty where it cannot be read
  std::string handed_in;  ///< when it was last changed: UTC, ISO 8601 to the nanosecond; empty where that is unknown
};

/// Looks at an archive, or at the files with wanted names below a folder. The time is the archive's, or that of the
/// newest of those files: platforms put the time of handing in there, and unpackers keep it.
HandinState state_of(const std::filesystem::path& handin, const std::set<std::string>& wanted);

/// The same time without what is behind the seconds' point: neither spreadsheets nor due times know nanoseconds.
std::string to_the_second(const std::string& time);

}  // namespace autograder
