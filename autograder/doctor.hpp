// What this machine offers for grading.
#pragma once

#include <filesystem>
#include <string>

#include "autograder/grade.hpp"

namespace autograder {

struct Diagnosis {
  std::string text;  ///< a line a finding, for a person
  bool can_grade = true;
};

/// Looks at compilers, libraries, sandbox and course folder, and grades nothing but an empty worker: it builds and
/// starts one from the stubs of each assignment.
Diagnosis diagnose(const std::filesystem::path& root, const Machine& machine, Tier tier);

}  // namespace autograder
