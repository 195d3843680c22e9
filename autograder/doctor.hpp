// What this machine offers for grading.
#pragma once

#include <filesystem>
#include <string>

namespace autograder {

struct Diagnosis {
  std::string text;  ///< a line a finding, for a person
  bool can_grade = true;
};

/// Looks at compilers, libraries, course folder, and which sandbox tier this machine gives, and why no stronger one. It
/// grades nothing: it builds a worker from the stubs of each assignment and starts it in the sandbox.
Diagnosis diagnose(const std::filesystem::path& root);

}  // namespace autograder
