// See course.hpp.
#include "autograder/course.hpp"

#include "autograder/grader_error.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

std::map<std::string, std::string> read_headers(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw GraderError("reading the handout's headers: there is no folder " + folder.string());
  std::map<std::string, std::string> headers;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    headers[entry.path().lexically_relative(folder).generic_string()] = read_file(entry.path());
  }
  return headers;
}

std::string last_part(const std::string& name) { return name.substr(name.find_last_of('/') + 1); }

}  // namespace

fs::path include_folder(const fs::path& root, const std::string& assignment) {
  return root / "handout" / assignment / "include";
}

std::set<std::string> known_names(const fs::path& root) {
  std::set<std::string> known;
  for (const std::string& id : list_assignments(root)) {
    for (const ListedFile& file : read_assignment(root, id).files) known.insert(file.name);
    for (const auto& [name, bytes] : read_headers(include_folder(root, id))) known.insert("include/" + name);
  }
  if (known.empty()) {
    throw GraderError("looking for assignments: " + (root / "fixtures").string() +
                      " holds none. Name the course folder, " + "the one with handout/ and fixtures/, with --root.");
  }
  return known;
}

std::set<std::string> wanted_names(const fs::path& root) {
  std::set<std::string> wanted;
  for (const std::string& name : known_names(root)) wanted.insert(last_part(name));
  for (const std::string& id : list_assignments(root)) {
    if (read_assignment(root, id).tests.points > 0) wanted.insert(kTestFiles);
  }
  return wanted;
}

std::string find_assignment(const fs::path& root, const Contents& contents) {
  std::string best = "mytorch";
  std::size_t most = 0;
  for (const std::string& id : list_assignments(root)) {
    const std::size_t count = count_listed(contents, read_assignment(root, id));
    if (count > most) {
      most = count;
      best = id;
    }
  }
  return best;
}

Course read_course(const fs::path& root, const std::string& assignment, const std::string& fixtures,
                   const Contents& contents) {
  const std::string id = assignment.empty() ? find_assignment(root, contents) : assignment;
  Course course;
  course.assignment = read_assignment(root, id);
  course.fixtures = read_fixtures(root, course.assignment, fixtures);
  course.toolchain = read_toolchain(kToolchainFile);
  require_built(course.toolchain, id);
  course.headers = read_headers(include_folder(root, id));
  return course;
}

}  // namespace autograder
