// The solution of an assignment, reference/<assignment>/: what only the course's own machines have.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

/// The folder of the solution and of what goes with it: wrong edits, right variants, recipes of fresh cases.
std::filesystem::path solution_folder(const std::filesystem::path& root, const Assignment& assignment);

bool has_solution(const std::filesystem::path& root, const Assignment& assignment);

/// The solution as a hand-in. Throws GraderError where a listed source is missing.
Handin read_solution(const std::filesystem::path& root, const Assignment& assignment);

/// The handout's own sources as a hand-in: nothing is implemented. Throws GraderError where one is missing.
Handin read_handout(const std::filesystem::path& root, const Assignment& assignment);

/// Another right solution, reference/<assignment>/variants/<name>.
struct Variant {
  std::string name;
  Handin handin;
};

/// All of them by name, each the solution with the files that it has of its own; none where there is no such folder.
std::vector<Variant> read_variants(const std::filesystem::path& root, const Assignment& assignment);

}  // namespace autograder
