// Hand-ins with tests of their own, run with the solution and with some of its wrong versions.
#include <algorithm>

#include "autograder/solution.hpp"
#include "autograder/student_tests.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// A prime: of a file's wrong versions, which stand beside each other, some of every kind.
constexpr std::size_t kEvery = 13;

GradeOptions options_for(const fs::path& handin) {
  GradeOptions options;
  options.handin = handin;
  options.root = course_folder();
  options.assignment = "mytorch";
  options.only = {"identity"};
  options.sandbox = sandbox();
  options.cache = test_cache();
  options.jobs = 2;
  options.tests = TestsUse::asked_for;
  options.every_mutation = kEvery;
  return options;
}

TestsResult run(const GradeOptions& options) {
  const Report report = autograder::grade(options, local_machine(options.sandbox));
  REQUIRE(report.tests);
  INFO(report.tests->message);
  REQUIRE_FALSE(report.sections.empty());
  CHECK(report.sections.back().id == kTestsSection);
  CHECK(report.sections.back().status == report.tests->status);
  return *report.tests;
}

/// With one file of tests, tests/own_test.cpp, on top of the solution.
TestsResult run(const std::string& source) {
  HandinFolder handin;
  handin.write("tests/own_test.cpp", source);
  return run(options_for(handin.path()));
}

/// A wrong version of the linear layer, say, is caught by a test of what a new layer is exactly where the fixtures'
/// case of that, in a worker without Catch2, does not pass.
std::size_t caught_by_fixture(const std::string& component, const std::string& case_name) {
  GradeOptions options = options_for("");
  const Machine machine = local_machine(options.sandbox);
  options.only = {component};
  options.case_name = case_name;
  Workbench bench;
  bench.course = machine.course(options, {});
  bench.selections = select_cases(*bench.course, {}, options);
  const Handin solution = read_solution(options.root, bench.course->assignment);
  const auto mutations = read_mutations(options.root, bench.course->assignment, solution);
  std::size_t caught = 0;
  for (std::size_t i = 0; i < mutations.size(); i += kEvery) {
    const TemporaryFolder folder(options.sandbox.user);
    bench.handin = autograder::edited(solution, mutations[i].edit);
    bench.built =
        build_files(options, *bench.course, bench.handin, needed_files(bench.selections), folder.path(), machine);
    for (const ComponentResult& result : run_components(bench, options, machine)) {
      for (const CaseResult& one : result.cases) caught += one.name == case_name && one.status != Status::passed;
    }
  }
  return caught;
}

const std::string kIncludes = "#include \"mytorch/nn/linear.hpp\"\n#include \"testing.hpp\"\nusing mytorch::Matrix;\n";

}  // namespace

TEST_CASE("students' tests: what a test checks is caught, and nothing else") {
  // The fixtures' case "a new layer".
  const TestsResult result = run(kIncludes +
                                 "TEST_CASE(\"a new layer\") {\n"
                                 "  const mytorch::nn::Linear layer(2, 5);\n"
                                 "  CHECK(difference(layer.W, Matrix(xt::zeros<double>({5, 2}))) == \"\");\n"
                                 "  CHECK(difference(layer.b, Matrix(xt::zeros<double>({5, 1}))) == \"\");\n"
                                 "}\n");
  INFO(result.message);
  CHECK(result.status == Status::passed);
  CHECK(result.cases == 1);
  CHECK(result.all == (236 + kEvery - 1) / kEvery);
  CHECK(result.caught == caught_by_fixture("linear", "a new layer"));
  CHECK(result.caught > 0);
  std::size_t of_sections = 0;
  for (const Caught& one : result.by_section) of_sections += one.all;
  CHECK(of_sections == result.all);
}

TEST_CASE("students' tests: those of the handout catch wrong linear layers") {
  HandinFolder handin;
  for (const char* name : {"linear_test.cpp", "identity_test.cpp"}) {
    handin.write(std::string("tests/") + name, read_file(course_folder() / "handout/mytorch/tests" / name));
  }
  const TestsResult result = run(options_for(handin.path()));
  INFO(result.message);
  CHECK(result.status == Status::passed);
  CHECK(result.cases == 7);
  const auto linear = std::find_if(result.by_file.begin(), result.by_file.end(),
                                   [](const Caught& one) { return one.of == "src/nn/linear.cpp"; });
  REQUIRE(linear != result.by_file.end());
  CHECK(linear->caught >= 2);
  CHECK(linear->caught <= linear->all);
  for (const Caught& one : result.by_file) {
    // The handout tests nothing else.
    if (one.of != "src/nn/linear.cpp" && one.of != "src/nn/activation.cpp") CHECK(one.caught == 0);
  }
}

TEST_CASE(
    "students' tests: two files may each ask for a main, have helpers of one name, and functions of the solution's") {
  HandinFolder handin;
  const std::string start =
      "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n#include \"mytorch/nn/activation.hpp\"\n";
  handin.write("tests/a.cpp", start + "int helper() { return 1; }\nTEST_CASE(\"a\") { CHECK(helper() == 1); }\n");
  handin.write("tests/b.cpp", start +
                                  "int helper() { return 2; }\nTEST_CASE(\"b\") {\n  mytorch::nn::ReLU relu;\n"
                                  "  CHECK(relu.forward(mytorch::Matrix{{-1.0}})(0, 0) == 0.0);\n"
                                  "  CHECK(helper() == 2);\n}\n"
                                  "mytorch::Matrix mytorch::nn::ReLU::backward() const { throw 1; }\n");
  const TestsResult result = run(options_for(handin.path()));
  INFO(result.message);
  CHECK(result.status == Status::passed);
  CHECK(result.cases == 2);
}

TEST_CASE("students' tests: tests that fail with the right solution catch nothing") {
  const TestsResult result = run(kIncludes +
                                 "TEST_CASE(\"wrong\") { CHECK(mytorch::nn::Linear(2, 5).W(0, 0) == 1.0); }\n"
                                 "TEST_CASE(\"right\") { CHECK(mytorch::nn::Linear(2, 5).W(0, 0) == 0.0); }\n");
  CHECK(result.status == Status::failed);
  CHECK(result.message == "1 of 2 test cases fail with the right solution");
  CHECK(result.all == 0);
}

TEST_CASE(
    "students' tests: tests that one right solution passes, by its last digits, and another does not, catch nothing") {
  const TestsResult result = run(R"(
#include <catch2/catch.hpp>
#include <cmath>
#include "mytorch/nn/activation.hpp"
TEST_CASE("as the library computes it, to the last digit") {
  mytorch::nn::Tanh tanh;
  for (double z = 0.01; z < 3.0; z += 0.01) CHECK(tanh.forward(mytorch::Matrix{{z}})(0, 0) == std::tanh(z));
}
)");
  CHECK(result.status == Status::failed);
  CHECK_THAT(result.message, ContainsSubstring("they pass with one right solution, and not with 1 of 3 others"));
  CHECK(result.cases == 1);
  CHECK(result.all == 0);
}

TEST_CASE("students' tests: a file that does not compile is said to, with the compiler's words") {
  const TestsResult result = run(kIncludes + "TEST_CASE(\"a\") { CHECK(undeclared == 1); }\n");
  CHECK(result.status == Status::not_built);
  CHECK(result.message == "tests/own_test.cpp did not build");
  REQUIRE(result.build.size() == 1);
  CHECK_THAT(result.build[0].diagnostics, ContainsSubstring("undeclared"));
}

TEST_CASE("students' tests: an early end passes nothing") {
  const auto [statement, status] = GENERATE(table<std::string, Status>(
      {{"std::exit(0)", Status::crashed}, {"std::abort()", Status::crashed}, {"for (;;) {}", Status::timed_out}}));
  CAPTURE(statement);
  const TestsResult result =
      run("#include <cstdlib>\n" + kIncludes + "TEST_CASE(\"a\") { CHECK(true); " + statement + "; }\n");
  CHECK(result.status == status);
  CHECK(result.all == 0);
}

TEST_CASE("students' tests: where the solution lies does not tell a wrong version from the right one") {
  const TestsResult result = run(R"(#include <link.h>
#include <string>
#include <vector>
#include "testing.hpp"

// The folder of the library that is loaded from such a place.
std::string folder_of(const std::string& place) {
  std::vector<std::string> names;
  dl_iterate_phdr([](dl_phdr_info* one, size_t, void* all) {
    static_cast<std::vector<std::string>*>(all)->push_back(one->dlpi_name);
    return 0;
  }, &names);
  for (const std::string& name : names) {
    if (const auto at = name.find(place); at != std::string::npos) return name.substr(0, at);
  }
  return "none";
}

TEST_CASE("places") {
  CHECK(folder_of("/solution/link/") != "none");
  CHECK(folder_of("/tests/link/") != "none");
  CHECK(folder_of("/solution/link/") != folder_of("/tests/link/"));
}
)");
  CHECK(result.message == "");
  CHECK(result.status == Status::passed);
  CHECK(result.caught == 0);
}

TEST_CASE("students' tests: a hand-in without any is told so") {
  const HandinFolder handin;
  const TestsResult result = run(options_for(handin.path()));
  CHECK(result.status == Status::skipped);
  CHECK_THAT(result.message, ContainsSubstring("the hand-in has none"));
}

TEST_CASE("students' tests: a course without the solution says so, and grades all the same") {
  const TemporaryFolder folder;
  for (const char* part : {"fixtures", "handout"})
    fs::create_directory_symlink(course_folder() / part, folder.path() / part);
  HandinFolder handin;
  handin.write("tests/own_test.cpp", kIncludes + "TEST_CASE(\"a\") { CHECK(true); }\n");
  GradeOptions options = options_for(handin.path());
  options.root = folder.path();
  const Report report = autograder::grade(options, local_machine(options.sandbox));
  REQUIRE(report.tests);
  CHECK(report.tests->status == Status::skipped);
  CHECK(std::any_of(report.notices.begin(), report.notices.end(), [](const std::string& notice) {
    return notice.find("your tests were not run") != std::string::npos;
  }));
  CHECK(report.sections[1].components[0].status == Status::passed);
}
