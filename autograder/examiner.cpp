// See examiner.hpp.
#include "autograder/examiner.hpp"

#include <algorithm>

#include "autograder/fresh.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/solution.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// What an edited loop does without end costs a second and not five: the solution needs milliseconds.
constexpr std::size_t kCaseCpuSeconds = 1;

std::shared_ptr<Course> course_with(const std::string& set, GradeOptions options, const Machine& machine) {
  options.fixtures = set;
  auto course = std::make_shared<Course>(*machine.course(options, {}));
  course->assignment.limits.case_cpu_seconds = kCaseCpuSeconds;
  course->assignment.tests.points = 0;  // what is examined has none
  return course;
}

}  // namespace

bool did_build(const std::vector<BuiltFile>& files) {
  return std::all_of(files.begin(), files.end(),
                     [](const BuiltFile& file) { return file.status == BuiltFile::Status::ok; });
}

Examiner::Examiner(const GradeOptions& options, const Machine& machine) : options_(options), machine_(machine) {
  options_.jobs = 1;  // hand-ins are graded side by side
  for (const char* set : {"public", "hidden"}) {
    if (!fs::is_directory(options.root / "fixtures" / options.assignment / set)) continue;
    courses_[set] = course_with(set, options, machine);
  }
  if (courses_.empty()) {
    throw GraderError("proving the grader on the assignment " + options.assignment +
                      ": there are no fixtures of it in " + (options.root / "fixtures" / options.assignment).string() +
                      " (public/, hidden/)");
  }
  solution_ = read_solution(options.root, assignment());
}

std::vector<std::string> Examiner::sets() const {
  std::vector<std::string> names;
  for (const auto& [name, course] : courses_) names.push_back(name);
  return names;
}

Reports Examiner::examine(const Handin& handin) const { return examine(handin, courses_, options_); }

Reports Examiner::examine_quickly(const Handin& handin) const {
  GradeOptions quick = options_;
  quick.attempts = Attempts::first;
  return examine(handin, courses_, quick);
}

Report Examiner::examine_afresh(const Handin& handin) const {
  return examine(handin, fresh_course_, options_).begin()->second;
}

void Examiner::draw(const Fresh& fresh) {
  auto drawn = std::make_shared<Course>(course());
  for (auto& [id, fixture] : drawn->fixtures.by_component) fixture.cases.clear();
  drawn->fixtures.name = "fresh";
  const TemporaryFolder folder(options_.sandbox.user);
  std::set<std::string> places;
  for (const ListedFile& file : assignment().files) places.insert(file.place);
  const BuildResult built = build_files(options_, *drawn, solution_, places, folder.path(), machine_);
  add_fresh_cases(*drawn, options_.root, fresh, machine_.workers(built.worker, assignment().limits, {fresh.cases, 1}));
  fresh_course_ = {{"fresh", drawn}};
}

Reports Examiner::examine(const Handin& handin, const Courses& courses, const GradeOptions& options) const {
  const TemporaryFolder folder(options.sandbox.user);
  Workbench bench;
  bench.handin = handin;
  Reports reports;
  for (const auto& [set, course] : courses) {
    bench.course = course;
    bench.selections = select_cases(*course, {}, options);
    if (reports.empty()) {
      bench.built = build_files(options, *course, handin, needed_files(bench.selections), folder.path(), machine_);
    }
    if (options.attempts == Attempts::first && !did_build(bench.built.files)) {
      reports[set].build = bench.built.files;
    } else {
      reports[set] = assess(bench, options, machine_);
    }
  }
  return reports;
}

}  // namespace autograder
