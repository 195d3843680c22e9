// A small class for the tests of `batch`, and the program as an instructor calls it.
#pragma once

#include <string>
#include <vector>

#include "autograder/journal.hpp"
#include "autograder/process.hpp"
#include "autograder/tests/course.hpp"

namespace autograder_tests {

/// gradebook.csv in an output folder, without times, which differ from run to run.
std::string table_in(const fs::path& out);
/// A JSON report there, without times, and without what was built before.
std::string report_in(const fs::path& out, const std::string& name);

/// Five hand-ins: two right ones, one with a wrong edit, one that does not compile, one that is no archive.
struct Class {
  autograder::TemporaryFolder folder;
  fs::path handins = folder.path() / "class", out = folder.path() / "out";

  Class();

  /// Replaces a text that stands in a hand-in's file.
  void edit(const std::string& name, const std::string& file, const std::string& find, const std::string& put) const;

  /// `batch` on the class, two at a time, with further words.
  autograder::Command command(const std::vector<std::string>& words = {}) const;
  /// Runs that to its end.
  autograder::Completed run(const std::vector<std::string>& words = {}) const;

  std::string table() const { return table_in(out); }
  std::string report(const std::string& name) const { return report_in(out, name); }
  /// Whether reports/ holds what the journal's last records hold, and nothing else.
  bool reports_are_the_journals() const;
  std::vector<autograder::Record> records() const;
  /// How many records each hand-in has.
  std::map<std::string, int> times_graded() const;
};

inline const std::vector<std::string> kClassNames{"alice", "bob", "carl", "dora", "eve"};

int exit_code(const autograder::Completed& completed);

}  // namespace autograder_tests
