// The solution of an assignment, reference/<assignment>/: what only the course's own machines have.
#pragma once

#include <filesystem>
#include <string>

#include "autograder/assignment.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

/// The folder of the solution and of what goes with it: wrong edits, right variants, recipes of fresh cases.
std::filesystem::path solution_folder(const std::filesystem::path& root, const Assignment& assignment);

bool has_solution(const std::filesystem::path& root, const Assignment& assignment);

/// The solution as a hand-in. Throws GraderError where a listed source is missing.
Handin read_solution(const std::filesystem::path& root, const Assignment& assignment);

}  // namespace autograder
