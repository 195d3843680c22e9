// See solution.hpp.
#include "autograder/solution.hpp"

namespace autograder {

namespace fs = std::filesystem;

fs::path solution_folder(const fs::path& root, const Assignment& assignment) {
  return root / "reference" / assignment.id;
}

bool has_solution(const fs::path& root, const Assignment& assignment) {
  return fs::is_directory(solution_folder(root, assignment));
}

Handin read_solution(const fs::path& root, const Assignment& assignment) {
  Handin handin;
  for (const ListedFile& file : assignment.files) {
    if (!file.is_source()) continue;
    handin.files[file.name] = read_file(solution_folder(root, assignment) / file.place);
    handin.taken.push_back(file.name);
  }
  return handin;
}

}  // namespace autograder
