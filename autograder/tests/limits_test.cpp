// A tenth of every limit is enough for the solution: no right hand-in is near one, on a machine ten times slower.
#include <fstream>
#include <nlohmann/json.hpp>

#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/version.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

nlohmann::json tenth_of(const CaseLimits& run, const CompileLimits& compile) {
  const auto tenth = [](std::size_t limit) { return std::max<std::size_t>(limit / 10, 1); };
  return {{"case_cpu_seconds", tenth(run.case_cpu_seconds)},
          {"case_wall_seconds", run.case_wall_seconds},  // a limit for machines that do something else
          {"component_wall_seconds", run.component_wall_seconds},
          {"memory_mb", tenth(run.memory_mb)},
          {"output_mb", tenth(run.output_mb)},
          {"answer_mb", tenth(run.answer_mb)},
          {"threads", tenth(run.threads)},
          {"open_files", tenth(run.open_files)},
          {"compile_cpu_seconds", tenth(compile.cpu_seconds)},
          {"compile_wall_seconds", compile.wall_seconds},
          {"compile_memory_mb", tenth(compile.memory_mb)},
          {"compile_output_mb", tenth(compile.output_mb)},
          {"compile_file_mb", tenth(compile.file_mb)},
          {"compile_processes", tenth(compile.processes)},
          {"compile_open_files", tenth(compile.open_files)}};
}

}  // namespace

TEST_CASE("limits: the solution gets all points under a tenth of every limit") {
  const std::string id = GENERATE(std::string("mytorch"), "two_layer");
  CAPTURE(id);
  const TemporaryFolder course;
  fs::create_directories(course.path() / "fixtures");
  fs::copy(course_folder() / "fixtures" / id, course.path() / "fixtures" / id, fs::copy_options::recursive);
  fs::create_directory_symlink(course_folder() / "handout", course.path() / "handout");
  const fs::path file = course.path() / "fixtures" / id / "assignment.json";
  nlohmann::json assignment = parse_strict(read_file(file));
  const Assignment original = read_assignment(course.path(), id);
  assignment["limits"] = tenth_of(original.limits, original.compile_limits);
  std::ofstream(file) << assignment;

  GradeOptions options;
  options.handin = course_folder() / "reference" / id;
  options.root = course.path();
  options.sandbox = sandbox();
  // Compiled anew: that is what most of the limits are about.
  const Report report = autograder::grade(options, local_machine(sandbox()));
  CHECK(lost_sections(report).empty());
  CHECK(report.score == original.max_score());
}
