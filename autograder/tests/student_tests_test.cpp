// The tests that students write: what a run is read as, what is counted, what it is worth, what a report says.
#include "autograder/student_tests.hpp"

#include <nlohmann/json.hpp>

#include "autograder/feedback.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make.hpp"

using namespace autograder;

namespace {

TestsRun read(const std::string& line) { return read_tests_run(make::run(line)); }

std::string answer(int cases, int failed) {
  return "{\"outputs\":{\"cases\":" + std::to_string(cases) + ",\"failed\":" + std::to_string(failed) + "}}";
}

Mutation mutation(const std::string& file, std::set<std::string> sections) {
  return {"why", {file, "find", "replace"}, std::move(sections), {}};
}

TestsRun run_of(Status status) {
  TestsRun made;
  made.status = status;
  return made;
}

Report report_with(const TestsResult& tests) {
  Report report;
  report.title = "A small homework";
  report.tests = tests;
  report.sections = {score_tests({"Your tests", 10}, tests)};
  return report;
}

}  // namespace

TEST_CASE("student tests: only a complete answer in which no test case failed passes") {
  CHECK(read(answer(3, 0)).status == Status::passed);
  CHECK(read(answer(3, 0)).cases == 3);
  CHECK(read(answer(0, 0)).status == Status::failed);
  CHECK(read(answer(3, 1)).status == Status::failed);
  // Numbers that no run of tests has, but which could carry something out of it.
  for (const std::string& odd : {answer(3, 4), answer(10'001, 0), answer(123'456'789, 3)}) {
    CHECK(read(odd).status == Status::failed);
    CHECK(read(odd).cases == 0);
    CHECK(read(odd).failed == 0);
  }
  CHECK(read(answer(3, 1)).message == "1 of 3 test cases fail with the right solution");
}

TEST_CASE("student tests: how many there are is counted where the solution is not") {
  const auto with = [](const std::string& line, std::size_t counted) {
    return with_right_solution(read(line), counted, {});
  };
  CHECK(with(answer(3, 0), 3).status == Status::passed);
  CHECK(with(answer(3, 0), 3).cases == 3);
  CHECK(with(answer(3, 1), 3).failed == 1);
  // A number that says something of the solution.
  CHECK(with(answer(6238, 0), 3).status == Status::failed);
  CHECK(with(answer(6238, 0), 3).cases == 3);
  CHECK(with(answer(6238, 1234), 3).failed == 0);
  // Tests that need the solution to be run at all have no numbers.
  CHECK(with(answer(3, 0), 0).status == Status::passed);
  CHECK(with(answer(3, 0), 0).cases == 0);
  CHECK(with(answer(3, 2), 0).failed == 0);
  CHECK(with(answer(3, 2), 0).message == "some test cases fail with the right solution");
}

TEST_CASE("student tests: an answer that is not the runner's passes nothing") {
  for (const char* line :
       {"", "[]", "{}", "{\"outputs\":{}}", "{\"outputs\":{\"cases\":1}}", "{\"outputs\":{\"cases\":1,\"failed\":-1}}",
        "{\"outputs\":{\"cases\":1,\"failed\":\"0\"}}", "{\"outputs\":{\"cases\":1,\"failed\":0,\"more\":0}}",
        "{\"outputs\":{\"cases\":1,\"failed\":0},\"more\":0}",
        "{\"exception\":{\"kind\":\"k\",\"what\":\"SECRET\",\"during\":\"\"}}"}) {
    CAPTURE(line);
    CHECK(read(line).status == Status::failed);
    CHECK(read(line).cases == 0);
    CHECK_THAT(read(line).message, !ContainsSubstring("SECRET"));
  }
}

TEST_CASE("student tests: a program that ends early passes nothing, whatever its exit code") {
  CHECK(read_tests_run(make::run(Ending(Exited{0}))).status == Status::crashed);
  CHECK(read_tests_run(make::run(Ending(Signalled{6}))).status == Status::crashed);
  CHECK(read_tests_run(make::run(Ending(TimedOut{true}))).status == Status::timed_out);
  CHECK(read_tests_run(make::run(Ending(OutputLimit{"standard output"}))).status == Status::output_limit);
  // Nothing that the tests choose but the kind of end.
  CHECK(read_tests_run(make::run(Ending(Exited{37}), "SECRET")).message ==
        "with the right solution they did not come to their end: crashed");
}

TEST_CASE("student tests: a wrong version counts once, for its file and for the first section that it loses") {
  const Assignment assignment = make::assignment();
  const std::vector<Mutation> all{mutation("src/linear.cpp", {"linear", "optim"}),
                                  mutation("src/linear.cpp", {"linear"}), mutation("src/sgd.cpp", {"optim"})};
  TestsResult result;
  count_caught(assignment, all, {run_of(Status::failed), run_of(Status::passed), run_of(Status::crashed)}, result);
  CHECK(result.caught == 2);
  CHECK(result.all == 3);
  REQUIRE(result.by_section.size() == 2);
  CHECK(result.by_section[0].of == "Linear layer");
  CHECK(result.by_section[0].caught == 1);
  CHECK(result.by_section[0].all == 2);
  CHECK(result.by_section[1].caught == 1);
  CHECK(result.by_section[1].all == 1);
  REQUIRE(result.by_file.size() == 2);
  CHECK(result.by_file[0].of == "src/linear.cpp");
  CHECK(result.by_file[0].caught == 1);
}

TEST_CASE("student tests: the points go by what is caught, and are 0 where the tests fail with the right solution") {
  TestsResult result;
  result.status = Status::passed;
  result.caught = 3;
  result.all = 4;
  CHECK(score_tests({"Your tests", 10}, result).score == 7.5);
  CHECK(score_tests({"Your tests", 10}, result).max_score == 10);
  CHECK(score_tests({}, result).score == 0);
  result.all = 9;
  CHECK(score_tests({"Your tests", 10}, result).score == 3.33);
  result.status = Status::failed;
  CHECK(score_tests({"Your tests", 10}, result).score == 0);
  CHECK(score_tests({"Your tests", 10}, {}).score == 0);
}

TEST_CASE("student tests: where there is no solution a notice says so, and only where tests are asked for") {
  Course course;
  course.assignment = make::assignment();
  GradeOptions options;
  options.root = "/nonexistent";
  Report report;
  look_at_tests(report, {}, course, options, {});
  CHECK_FALSE(report.tests);
  CHECK(report.sections.empty());
  options.tests = TestsUse::asked_for;
  look_at_tests(report, {}, course, options, {});
  REQUIRE(report.tests);
  CHECK(report.tests->status == Status::skipped);
  REQUIRE(report.notices.size() == 1);
  CHECK_THAT(report.notices[0], ContainsSubstring("only the course has"));
  CHECK(report.sections.size() == 1);
}

TEST_CASE("student tests: points bring them about, but not where a part of the homework is graded") {
  Course course;
  course.assignment = make::assignment();
  course.assignment.tests.points = 5;
  CHECK(course.assignment.max_score() == 30);
  GradeOptions options;
  options.root = "/nonexistent";
  Report whole, part, refused;
  look_at_tests(whole, {}, course, options, {});
  CHECK(whole.notices.size() == 1);
  part.partial = true;
  look_at_tests(part, {}, course, options, {});
  CHECK(part.notices.empty());
  CHECK(part.tests->message == "left out by --only or --case");
  refused.refused = "it is no archive";
  look_at_tests(refused, {}, course, options, {});
  REQUIRE(refused.sections.size() == 1);
  CHECK(refused.sections[0].max_score == 5);
}

TEST_CASE("student tests: every report says what they catch") {
  TestsResult tests;
  tests.status = Status::passed;
  tests.cases = 5;
  tests.caught = 1;
  tests.all = 4;
  tests.by_section = {{"Linear layer", 1, 3}, {"Optimizers", 0, 1}};
  tests.by_file = {{"src/linear.cpp", 1, 3}, {"src/sgd.cpp", 0, 1}};
  const Report report = report_with(tests);
  const std::string sentence = "5 test cases pass with the right solution, and 1 of 4 wrong ones are caught";
  CHECK_THAT(text_report(report, Colour::off), ContainsSubstring(sentence) &&
                                                   ContainsSubstring("1 of 3        Linear") &&
                                                   ContainsSubstring("2.5 / 10") && ContainsSubstring("src/sgd.cpp"));
  CHECK_THAT(markdown_report(report), ContainsSubstring(sentence) && ContainsSubstring("| Optimizers | 0 | 1 |"));
  CHECK_THAT(junit_report(report), ContainsSubstring("name=\"with the right solution\""));
  const auto json = nlohmann::json::parse(json_report(report)).at("tests");
  CHECK(json.at("caught") == 1);
  CHECK(json.at("all") == 4);
  CHECK(json.at("sections").at(1).at("of") == "Optimizers");
}

TEST_CASE("student tests: what a compiler says of them is in open reports alone") {
  TestsResult tests;
  tests.status = Status::not_built;
  tests.message = "tests/a_test.cpp did not build";
  tests.build.push_back(
      {"tests/a_test.cpp", BuiltFile::Status::failed, "tests/a_test.cpp:1:1: error: WORDS", "", false, 1});
  const Report open = report_with(tests), hidden = withhold(open);
  CHECK_THAT(text_report(open, Colour::off), ContainsSubstring("WORDS"));
  CHECK_THAT(markdown_report(open), ContainsSubstring("WORDS"));
  for (const std::string& text :
       {text_report(hidden, Colour::off), markdown_report(hidden), json_report(hidden), junit_report(hidden)}) {
    CHECK_THAT(text, !ContainsSubstring("WORDS") && ContainsSubstring("did not build"));
  }
}
