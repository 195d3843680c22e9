// See course.hpp.
#include "autograder/tests/course.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "autograder/version.hpp"

namespace autograder_tests {

using namespace autograder;

GradeOptions options_for(const fs::path& handin, const std::string& fixtures) {
  GradeOptions options;
  options.handin = handin;
  options.root = course_folder();
  options.fixtures = fixtures;
  options.sandbox = sandbox();
  options.cache = test_cache();
  return options;
}

fs::path course_folder() { return COURSE; }

const Sandbox& sandbox() {
  static const Sandbox strongest = open_sandbox(std::nullopt, read_toolchain(kToolchainFile).folders());
  return strongest;
}

HandinFolder::HandinFolder(Base base, const std::string& assignment) : path_(folder_.path() / "handin") {
  const fs::path from = course_folder() / (base == Base::solution ? "reference" : "handout") / assignment;
  fs::create_directories(path_);
  fs::copy(from / "src", path_ / "src", fs::copy_options::recursive);
}

void HandinFolder::write(const std::string& name, const std::string& bytes) {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << bytes;
}

void HandinFolder::remove(const std::string& name) { fs::remove_all(path_ / name); }

void HandinFolder::overlay(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) write(entry.path().lexically_relative(folder).string(), read_file(entry.path()));
  }
}

void HandinFolder::apply(const Edit& edit) {
  std::string text = read_file(path_ / edit.file);
  const auto at = text.find(edit.find);
  if (at == std::string::npos || text.find(edit.find, at + 1) != std::string::npos) {
    throw std::invalid_argument(edit.file + " does not hold exactly once: " + edit.find);
  }
  write(edit.file, text.replace(at, edit.find.size(), edit.replace));
}

std::shared_ptr<const ObjectCache> test_cache(CacheUse use) {
  // What root's tests have stored, those of an ordinary user read.
  return std::make_shared<ObjectCache>(fs::path(SCRATCH) / "objects", std::uintmax_t{4} << 30, uid_t{0}, use);
}

Report grade(const fs::path& handin, const std::string& fixtures) {
  const GradeOptions options = options_for(handin, fixtures);
  return autograder::grade(options, local_machine(options.sandbox));
}

std::map<std::string, Report> grade_with_both_sets(const fs::path& handin) {
  GradeOptions options = options_for(handin, "public");
  const TemporaryFolder folder(options.sandbox.user);
  const Machine machine = local_machine(options.sandbox);
  auto bench = std::get<Workbench>(prepare(options, machine, folder.path()));
  std::map<std::string, Report> reports;
  for (const char* set : {"public", "hidden"}) {
    auto course = std::make_shared<Course>(*bench.course);
    course->fixtures = read_fixtures(options.root, course->assignment, set);
    bench.course = course;
    bench.selections = select_cases(*course, bench.flags.off, options);
    reports[set] = assess(bench, options, machine);
  }
  return reports;
}

std::map<std::string, std::string> lost_sections(const Report& report) {
  std::map<std::string, std::string> lost;
  for (const SectionResult& section : report.sections) {
    if (section.score != section.max_score) lost[section.id] = name_of(section.status);
  }
  return lost;
}

}  // namespace autograder_tests
