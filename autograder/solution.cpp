// See solution.hpp.
#include "autograder/solution.hpp"

#include <algorithm>

namespace autograder {

namespace fs = std::filesystem;

fs::path solution_folder(const fs::path& root, const Assignment& assignment) {
  return root / "reference" / assignment.id;
}

bool has_solution(const fs::path& root, const Assignment& assignment) {
  return fs::is_directory(solution_folder(root, assignment));
}

namespace {

/// The listed sources by their places below the folder.
Handin read_sources(const fs::path& folder, const Assignment& assignment) {
  Handin handin;
  for (const ListedFile& file : assignment.files) {
    if (!file.is_source()) continue;
    handin.files[file.name] = read_file(folder / file.place);
    handin.taken.push_back(file.name);
  }
  return handin;
}

}  // namespace

Handin read_solution(const fs::path& root, const Assignment& assignment) {
  return read_sources(solution_folder(root, assignment), assignment);
}

Handin read_handout(const fs::path& root, const Assignment& assignment) {
  return read_sources(root / "handout" / assignment.id, assignment);
}

std::vector<Variant> read_variants(const fs::path& root, const Assignment& assignment) {
  std::vector<Variant> variants;
  const Handin solution = read_solution(root, assignment);
  std::error_code none;  // an assignment need not have any
  for (const auto& entry : fs::directory_iterator(solution_folder(root, assignment) / "variants", none)) {
    Variant variant{entry.path().filename().string(), solution};
    for (auto& [name, bytes] : variant.handin.files) {
      const fs::path file = entry.path() / assignment.find_file(name)->place;
      if (fs::exists(file)) bytes = read_file(file);
    }
    variants.push_back(std::move(variant));
  }
  std::sort(variants.begin(), variants.end(), [](const Variant& a, const Variant& b) { return a.name < b.name; });
  return variants;
}

}  // namespace autograder
