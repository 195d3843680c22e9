// See student_tests.hpp.
#include "autograder/student_tests.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "autograder/grader_error.hpp"
#include "autograder/judge.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/parallel.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/score.hpp"
#include "autograder/solution.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/surroundings.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// Of one run of all tests, which takes milliseconds. An edited loop may have no end.
constexpr std::size_t kCpuSeconds = 2;
constexpr std::size_t kWallSeconds = 10;

/// For so many wrong versions the solution is run once more: tests that fail by chance catch nothing.
constexpr std::size_t kWrongVersionsToARight = 8;

/// No more are in one hand-in. A program with the solution's code beside it says how many, and larger numbers could
/// carry some of that out.
constexpr std::size_t kTestCases = 10'000;

/// The name that the tests know the solution by. A library that is loaded before them under that name is taken.
constexpr const char* kLibraryName = "libsolution.so";

/// Found before Catch2's own header. With Catch2 2 a file that asks for a main would hold a second Catch2, and register
/// its tests there; and version 3 has no header of that name.
constexpr const char* kCatchHeader = R"(#undef CATCH_CONFIG_MAIN
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include_next <catch2/catch.hpp>
#endif
)";

Case run_request() {
  Case one;
  one.name = "tests";
  one.operation = "run";
  one.request = R"({"component":"tests","operation":"run","given":{}})";
  return one;
}

/// The first of the assignment's sections that the mutation loses.
std::size_t section_of(const Mutation& mutation, const Assignment& assignment) {
  const auto section = std::find_if(assignment.sections.begin(), assignment.sections.end(),
                                    [&](const Section& one) { return mutation.sections.count(one.id) > 0; });
  return static_cast<std::size_t>(section - assignment.sections.begin());
}

void count(std::vector<Caught>& all, const std::string& of, bool is_caught) {
  auto one = std::find_if(all.begin(), all.end(), [&](const Caught& other) { return other.of == of; });
  if (one == all.end()) one = all.insert(all.end(), {of});
  one->caught += is_caught;
  ++one->all;
}

/// What the handout has beside its tests, by the names that these include.
std::map<std::string, std::string> test_headers(const Course& course, const fs::path& root) {
  std::map<std::string, std::string> headers = course.headers;
  std::error_code none;  // an assignment need not have any
  for (const auto& entry : fs::directory_iterator(root / "handout" / course.assignment.id / "tests", none)) {
    if (entry.path().extension() == ".hpp") headers[entry.path().filename().string()] = read_file(entry.path());
  }
  headers["catch2/catch.hpp"] = kCatchHeader;
  return headers;
}

/// For a linker: nothing but what the headers declare is to be seen of a library of the solution. What then nobody can
/// call is left out, two thirds of it.
std::string exports_of(const WorkerParts& parts) {
  std::string script = "VERSION { { global:\n";
  for (const auto& [place, stub] : parts.stubs) {
    std::istringstream symbols(read_file(stub.exports));
    for (std::string symbol; std::getline(symbols, symbol);) script += "\"" + symbol + "\";\n";
  }
  return script + "local: *; }; }\n";
}

/// The tests of one hand-in, and the versions of the solution.
class TestBench {
 public:
  TestBench(const Handin& handin, const Course& course, const GradeOptions& options, const Machine& machine)
      : options_(options),
        machine_(machine),
        course_(course),
        folder_(options.sandbox.user),
        exports_(write_exports()),
        solution_(read_solution(options.root, course.assignment)),
        right_(build_version(solution_, folder_.path() / "solution")) {
    tests_.files = handin.tests;
    built_ = build_tests(tests_, folder_.path() / "tests");
  }

  const std::vector<BuiltFile>& files() const { return built_.files; }

  /// With a copy of the solution's library, at such a place as that of any version: tests can see where it lies.
  TestsRun run_right() const {
    const TemporaryFolder folder(options_.sandbox.user);
    fs::path copy = folder.path();
    for (const char* part : {"solution", "link"}) {
      copy /= part;
      fs::create_directory(copy);
      fs::permissions(copy, fs::perms(0755));
    }
    copy /= right_.file.filename();
    fs::copy_file(right_.file, copy);
    fs::permissions(copy, fs::status(right_.file).permissions());
    return run(built_, {copy, right_.libraries});
  }

  /// With the version that the edit makes of the solution.
  TestsRun run_wrong(const Edit& edit) const { return run_version(edited(solution_, edit)); }

  /// With a version of the solution, right or wrong, or with the handout's stubs in its place.
  TestsRun run_version(const Handin& version) const {
    const TemporaryFolder folder(options_.sandbox.user);
    return run(built_, build_version(version, folder.path() / "solution"));
  }

  const Handin& solution() const { return solution_; }

 private:
  fs::path write_exports() const {
    const fs::path file = folder_.path() / "exports.ld";
    std::ofstream(file) << exports_of(course_.toolchain.workers.at(course_.assignment.id));
    fs::permissions(file, fs::perms(0644));
    return file;
  }

  BuildRequest request_for(const Assignment& assignment, const Handin& handin, const Toolchain& toolchain,
                           const std::map<std::string, std::string>& headers, const fs::path& folder) const {
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms(0755));
    BuildRequest request{assignment, handin, toolchain, headers, folder};
    for (const ListedFile& file : assignment.files) request.needed.insert(file.place);
    request.jobs = options_.jobs;
    request.parts = options_.sandbox.user ? Parts::copied : Parts::in_place;
    request.cache = options_.cache.get();
    return request;
  }

  /// A version of the solution as a shared library. What is compiled is what grading it compiles.
  WorkerProgram build_version(const Handin& version, const fs::path& folder) const {
    Toolchain toolchain = course_.toolchain;
    WorkerParts& parts = toolchain.workers.at(course_.assignment.id);
    parts.objects = parts.tests.library;
    parts.objects.push_back(exports_.string());
    toolchain.link_flags.insert(toolchain.link_flags.end(),
                                {std::string("-Wl,-soname,") + kLibraryName, "-Wl,--gc-sections"});
    BuildRequest request = request_for(course_.assignment, version, toolchain, course_.headers, folder);
    if (request.cache) {
      request.surroundings = surroundings_of(course_.toolchain, course_.assignment, course_.headers, options_.sandbox);
    }
    request.links = "library of the solution";
    const BuildResult built = build(request, machine_.run);
    for (const BuiltFile& file : built.files) {
      if (file.status == BuiltFile::Status::ok) continue;
      throw GraderError("building the solution of " + course_.assignment.id +
                        ", or a wrong version of it: " + file.file + " does not build. Look at `autograder verify`.");
    }
    return built.worker;
  }

  /// The tests as a worker that knows the solution by its name.
  BuildResult build_tests(const Handin& tests, const fs::path& folder) const {
    Assignment assignment = course_.assignment;
    Toolchain toolchain = course_.toolchain;
    WorkerParts& parts = toolchain.workers.at(assignment.id);
    const auto headers = test_headers(course_, options_.root);
    parts.objects = parts.tests.objects;
    parts.stubs.clear();
    assignment.files.clear();
    for (const auto& [name, bytes] : tests.files) {
      assignment.files.push_back({name, name, false});
      parts.stubs[name] = parts.tests.stub;
    }
    std::string surroundings;
    if (options_.cache) surroundings = surroundings_of(toolchain, assignment, headers, options_.sandbox);
    // After the tests, which need it: of a library nobody needs yet some linkers take nothing. Any version has what the
    // headers declare.
    parts.stubs["the solution"] = {right_.file, parts.tests.stub.exports};
    BuildRequest request = request_for(assignment, tests, toolchain, headers, folder);
    request.surroundings = surroundings;
    return build(request, machine_.run);
  }

  TestsRun run(const BuildResult& tests, const WorkerProgram& version) const {
    CaseLimits limits = course_.assignment.limits;
    limits.case_cpu_seconds = std::min(limits.case_cpu_seconds, kCpuSeconds);
    limits.case_wall_seconds = std::min(limits.case_wall_seconds, kWallSeconds);
    WorkerProgram program = tests.worker;
    program.own_library = version.file;
    const CaseRun one = run_case(run_request(), machine_.workers(program, limits, {1, 1}));
    require_loaded(one, tests, version);
    return read_tests_run(one);
  }

  /// A worker that cannot be loaded may be our doing, or tests may look like it. Throws GraderError where one without
  /// any tests cannot be loaded either.
  void require_loaded(const CaseRun& run, const BuildResult& tests, const WorkerProgram& version) const {
    const auto* ending = std::get_if<Ending>(&run.outcome);
    const auto* exited = ending ? std::get_if<Exited>(ending) : nullptr;
    if (!exited || exited->code != launcher::kNotLoaded) return;
    if (tests.files.empty()) {
      throw GraderError("loading the worker of tests of " + course_.assignment.id +
                        ", without any test: " + run.output + "Are all libraries there? Look at `autograder doctor`.");
    }
    const TemporaryFolder folder(options_.sandbox.user);
    this->run(build_tests({}, folder.path() / "tests"), version);
  }

  const GradeOptions& options_;
  const Machine& machine_;
  const Course& course_;
  TemporaryFolder folder_;
  fs::path exports_;
  Handin solution_, tests_;
  WorkerProgram right_;
  BuildResult built_;
};

template <typename T>
std::vector<T> every(const std::vector<T>& all, std::size_t step) {
  std::vector<T> chosen;
  for (std::size_t i = 0; i < all.size(); i += std::max<std::size_t>(step, 1)) chosen.push_back(all[i]);
  return chosen;
}

/// How the tests went with right versions.
struct RightRuns {
  std::vector<TestsRun> solution;  ///< again and again
  std::vector<TestsRun> variants;  ///< other right solutions, whose code is another
};

/// Why tests that pass with the solution catch nothing; empty where they pass with all right versions. What looks for
/// the solution's own code, and not for what it does, does not pass with another.
std::string why_nothing_is_caught(const RightRuns& right) {
  const auto passed = [](const TestsRun& run) { return run.status == Status::passed; };
  if (!std::all_of(right.solution.begin(), right.solution.end(), passed)) {
    return "they pass with the right solution sometimes, and sometimes not";
  }
  const auto failing = std::count_if(right.variants.begin(), right.variants.end(), std::not_fn(passed));
  if (failing == 0) return "";
  return "they pass with one right solution, and not with " + std::to_string(failing) + " of " +
         std::to_string(right.variants.size()) +
         " others: they ask for more than the homework does, such as the same last digits";
}

/// Runs the tests with all wrong versions, and with right ones in between.
void run_all(const TestBench& bench, const Course& course, const GradeOptions& options, TestsResult& result) {
  const auto mutations = read_mutations(options.root, course.assignment, bench.solution());
  const auto chosen = every(mutations, options.every_mutation);
  const auto variants = every(read_variants(options.root, course.assignment), options.every_mutation);
  std::vector<TestsRun> runs(chosen.size());
  RightRuns right;
  right.solution.resize(chosen.size() / kWrongVersionsToARight + 1);
  right.variants.resize(variants.size());
  std::vector<std::function<void()>> all;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    all.push_back([&, i] { runs[i] = bench.run_wrong(chosen[i].edit); });
  }
  for (TestsRun& run : right.solution) all.push_back([&] { run = bench.run_right(); });
  for (std::size_t i = 0; i < variants.size(); ++i) {
    all.push_back([&, i] { right.variants[i] = bench.run_version(variants[i].handin); });
  }
  // In an order that no test can know.
  std::shuffle(all.begin(), all.end(), std::mt19937_64(std::random_device()()));
  for_each_index(all.size(), options.jobs, [&](std::size_t i) { all[i](); });
  result.message = why_nothing_is_caught(right);
  if (!result.message.empty()) {
    result.status = Status::failed;
    return;
  }
  count_caught(course.assignment, chosen, runs, result);
}

/// What becomes of the tests of a hand-in that has some, where all is there that they need.
TestsResult run_tests(const Handin& handin, const Course& course, const GradeOptions& options, const Machine& machine) {
  TestsResult result;
  const TestBench bench(handin, course, options, machine);
  result.build = bench.files();
  for (const BuiltFile& file : result.build) {
    if (file.status == BuiltFile::Status::ok) continue;
    result.status = Status::not_built;
    result.message = file.file + " did not build";
    return result;
  }
  // How many there are is counted without the solution: a number that its neighbour chose could carry some of it out.
  result = with_right_solution(
      bench.run_right(), bench.run_version(read_handout(options.root, course.assignment)).cases, std::move(result));
  if (result.status == Status::passed) run_all(bench, course, options, result);
  return result;
}

/// Why no tests can be run on this machine; empty where they can.
std::string why_not_here(const Course& course, const GradeOptions& options) {
  if (!has_solution(options.root, course.assignment)) {
    return "your tests were not run: that takes the solution, which only the course has";
  }
  const auto parts = course.toolchain.workers.find(course.assignment.id);
  if (parts == course.toolchain.workers.end() || parts->second.tests.objects.empty()) {
    return "your tests were not run: there was no Catch2 when the grader was built";
  }
  return "";
}

}  // namespace

TestsRun read_tests_run(const CaseRun& run) {
  TestsRun result;
  const auto* line = std::get_if<std::string>(&run.outcome);
  if (!line) {
    const CaseResult ended = judge(run_request(), run);
    result.status = ended.status;
    // Not how it ended: an exit code is a number too.
    result.message = "with the right solution they did not come to their end: " + words(ended.status);
    return result;
  }
  try {
    const nlohmann::json answer = parse_strict(*line);
    JsonObject object(answer, "");
    JsonObject outputs(object.at("outputs"), "outputs");
    result.cases = outputs.count("cases");
    result.failed = outputs.count("failed");
    outputs.finish();
    object.finish();
    if (result.cases > kTestCases || result.failed > result.cases) throw JsonError("there are no such counts");
  } catch (const JsonError&) {
    result = {};
    result.message = "with the right solution they did not come to their end";
    return result;
  }
  const std::string failed = std::to_string(result.failed), cases = std::to_string(result.cases);
  if (result.cases == 0) {
    result.message = "they have no test case";
  } else if (result.failed > 0) {
    result.message = failed + " of " + cases + " test cases fail with the right solution";
  } else {
    result.status = Status::passed;
  }
  return result;
}

TestsResult with_right_solution(const TestsRun& right, std::size_t counted, TestsResult result) {
  result.status = right.status;
  result.message = right.message;
  result.cases = counted;
  if (right.cases > 0 && counted > 0 && right.cases != counted) {
    result.status = Status::failed;
    result.message = "with the right solution there are other test cases than without it";
  } else if (counted > 0) {
    result.failed = right.failed;
  } else if (right.failed > 0) {
    result.message = "some test cases fail with the right solution";
  }
  return result;
}

void count_caught(const Assignment& assignment, const std::vector<Mutation>& mutations,
                  const std::vector<TestsRun>& runs, TestsResult& result) {
  for (const Section& section : assignment.sections) result.by_section.push_back({section.title});
  for (std::size_t i = 0; i < mutations.size(); ++i) {
    const bool is_caught = runs[i].status != Status::passed;
    result.caught += is_caught;
    ++result.all;
    count(result.by_file, mutations[i].edit.file, is_caught);
    count(result.by_section, assignment.sections[section_of(mutations[i], assignment)].title, is_caught);
  }
  std::erase_if(result.by_section, [](const Caught& one) { return one.all == 0; });
}

SectionResult score_tests(const TestsSection& section, const TestsResult& result) {
  SectionResult scored{kTestsSection, section.title, 0.0, section.points, result.status, {}, std::nullopt};
  if (result.status == Status::passed && result.all > 0) {
    const double share = static_cast<double>(result.caught) / static_cast<double>(result.all);
    scored.score = std::round(100 * section.points * share) / 100;  // of a point a hundredth is enough
  }
  return scored;
}

void look_at_tests(Report& report, const Handin& handin, const Course& course, const GradeOptions& options,
                   const Machine& machine) {
  const TestsSection& section = course.assignment.tests;
  if (options.tests == TestsUse::for_points && section.points == 0) return;
  TestsResult result;
  if (report.refused) {
    result.message = "the hand-in was refused";
  } else if (options.tests == TestsUse::for_points && report.partial) {
    result.message = "left out by --only or --case";
  } else if (const std::string why = why_not_here(course, options); !why.empty()) {
    report.notices.push_back(why);
    result.message = "not run here";
  } else if (handin.tests.empty()) {
    result.message = "the hand-in has none: they are tests/*.cpp";
  } else {
    result = run_tests(handin, course, options, machine);
  }
  report.sections.push_back(score_tests(section, result));
  report.score = total(report.sections);
  report.tests = std::move(result);
}

}  // namespace autograder
