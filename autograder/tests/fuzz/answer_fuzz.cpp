// Fuzzes the verdict on a worker's answer, and the reports on it.
#include <limits>
#include <nlohmann/json.hpp>

#include "autograder/judge.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/tests/fuzz/targets.hpp"
#include "autograder/tests/make.hpp"

namespace autograder {

namespace {

using Expected = std::vector<std::pair<std::string, Value>>;

/// A value of each kind, and lists of them; corpus/answer/right is the answer that passes.
Expected each_kind() {
  return {
      {"Z", make::value({{1, 2}})},
      {"A", make::value({{1, -0.5}, {1e-300, 3e10}})},
      {"N", {4.0}},
      {"dLdA", {-std::numeric_limits<double>::infinity()}},
      {"W", make::list({make::value({{3}}), make::value({{4}, {5}})})},
      {"mixed", make::list({{0.5}, {false}, make::text("ReLU"), make::list({}), make::list({make::list({{1.0}})})})},
      {"none", make::value({})},
      {"name", make::text("sigmoid")},
      {"arguments_unchanged", {true}}};
}

/// The same, and one value another, in the last place of a list.
Value changed(const Value& value) {
  if (const auto* number = std::get_if<double>(&value.content)) return {*number == 1.0 ? 2.0 : 1.0};
  if (const auto* truth = std::get_if<bool>(&value.content)) return {!*truth};
  if (const auto* text = std::get_if<std::string>(&value.content)) return {*text + "s"};
  if (const auto* list = std::get_if<List>(&value.content)) {
    List other = *list;
    if (other.empty()) return make::list({{1.0}});
    other.back() = changed(other.back());
    return {other};
  }
  Matrix other = std::get<Matrix>(value.content);
  if (other.entries.empty()) return make::value({{1}});
  other.entries.back() += 1 + std::abs(other.entries.back());
  return {other};
}

/// An answer that passes is wrong for a case that expects another value, or an output that it lacks.
void check_passed(const Case& one, const CaseRun& run) {
  require(nlohmann::json::accept(std::get<std::string>(run.outcome)), "what passes is JSON");
  for (auto& [name, value] : Expected(one.expected)) {
    Case other = one;
    for (auto& [other_name, other_value] : other.expected) {
      if (other_name == name) other_value = changed(value);
    }
    require(judge(other, run).status == Status::failed, "one answer is not right for two values");
    other.expected = {{name + " that no answer has", value}};
    require(judge(other, run).status == Status::failed, "an output that is missing fails");
  }
}

void check_result(const CaseResult& result) {
  require((result.status == Status::failed) == !result.mismatches.empty(), "a case that fails says why");
  require(result.status != Status::passed || result.message.empty(), "a case that passes says nothing");
  require(result.student_output.size() < kKeptOutput + 50, "a student's output is cut");
  require(result.message.size() < kKeptOutput + 50, "a message is cut");
  for (const Mismatch& mismatch : result.mismatches) {
    require(mismatch.message.size() < kKeptOutput + 50, "what is wrong is cut");
    require(mismatch.wrong <= mismatch.of, "no more is wrong than was compared");
    require(!sentence(mismatch, result).empty(), "a mismatch is a sentence");
  }
}

/// Every writer bears what an answer said. What may stand in a report is for report_test.cpp.
void check_reports(const CaseResult& result) {
  Report report;
  report.sections = {{"linear", "Linear", 0, 1, result.status, {{"linear", result.status, "", {result}}}}};
  require(nlohmann::json::accept(json_report(report)), "a JSON report is JSON");
  text_report(report, Colour::off);
  markdown_report(report);
  junit_report(report);
}

}  // namespace

void fuzz_answer(std::string_view answer) {
  static const Case one = make::one_case("a case", each_kind());
  const auto line_end = answer.find('\n');
  const std::string printed(line_end == answer.npos ? "" : answer.substr(line_end + 1));
  const CaseRun run = make::run(std::string(answer.substr(0, line_end)), printed);
  bad_request(run);
  const CaseResult result = judge(one, run);
  check_result(result);
  if (result.status == Status::passed) check_passed(one, run);
  check_reports(result);
}

}  // namespace autograder
