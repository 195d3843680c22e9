// The tests that a student wrote, tests/*.cpp in Catch2: do they pass with the solution, and how many wrong versions of
// it, its mutations (edits.hpp), do they catch? They are compiled once, and linked once, with the solution as a shared
// library; a wrong version is another library of the same name, which a machine keeps in its object cache.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "autograder/edits.hpp"
#include "autograder/grade.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// How one run of the tests went.
struct TestsRun {
  Status status = Status::failed;  ///< passed: all test cases did
  std::string message;             ///< how the run ended, where it did so without an answer
  std::size_t cases = 0, failed = 0;
};

/// Reads how a run went. It passes only on a complete, well-formed answer that counts at least one test case: an early
/// exit passes nothing. Pure.
TestsRun read_tests_run(const CaseRun& run);

/// Adds how the tests went with the solution. `counted` is how many test cases there are where the solution is not: it
/// is what the report says, and a run that has another number has not passed. 0: they do not run without it, and the
/// report has no numbers. Pure.
TestsResult with_right_solution(const TestsRun& right, std::size_t counted, TestsResult result);

/// What the runs with wrong versions say, in the order of the mutations. A mutation counts for the first section of the
/// assignment that it loses. Pure.
void count_caught(const Assignment& assignment, const std::vector<Mutation>& mutations,
                  const std::vector<TestsRun>& runs, TestsResult& result);

/// The section of the tests: its points times the share of wrong versions that were caught, to a hundredth. Pure.
SectionResult score_tests(const TestsSection& section, const TestsResult& result);

/// Runs the hand-in's tests, where that is asked for or brings points, and notes in the report what became of them.
/// Nothing that a test prints is in it: the solution's code is beside the tests. Without a solution or Catch2 a notice
/// says so.
void look_at_tests(Report& report, const Handin& handin, const Course& course, const GradeOptions& options,
                   const Machine& machine);

}  // namespace autograder
