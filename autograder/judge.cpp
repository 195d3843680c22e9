// See judge.hpp.
#include "autograder/judge.hpp"

#include "autograder/compare.hpp"
#include "autograder/computation_order.hpp"
#include "autograder/relation.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// An answer is an object, with outputs, with values.
constexpr int kAnswerDepth = 2 + kValueDepth;

/// Cuts at the end of a line, else at a blank, so that no number is cut in two, else between two characters of UTF-8.
std::string cut(const std::string& text, std::size_t at_most) {
  if (text.size() <= at_most) return text;
  auto kept = text.rfind('\n', at_most - 1);
  if (kept == std::string::npos) kept = text.rfind(' ', at_most - 1);
  if (kept == std::string::npos) {
    kept = at_most;
    while (kept > 0 && (static_cast<unsigned char>(text[kept]) & 0xC0u) == 0x80u) --kept;
  } else {
    ++kept;
  }
  return text.substr(0, kept) + "... (" + std::to_string(text.size() - kept) + " more bytes)\n";
}

/// Puts first what went wrong first, and notes what explains it.
void explain_first(const Case& one, const json& outputs, const Homework& homework, CaseResult& result) {
  order_by_computation(homework.component, result.mismatches);
  if (!result.mismatches.empty()) {
    result.right_before = compared_before(homework.component, one.expected, result.mismatches.front().output);
  }
  for (const auto& [name, expected] : one.expected) {
    if (result.mismatches.empty() || name != base_of(result.mismatches.front().output)) continue;
    const auto node = outputs.find(name);
    if (node == outputs.end()) continue;
    const auto actual = value_like(*node, expected);
    if (const auto* value = std::get_if<Value>(&actual)) {
      note_relations(one, homework, *value, result.mismatches.front());
    }
  }
}

void compare_outputs(const Case& one, const json& outputs, const Homework* homework, CaseResult& result) {
  if (!outputs.is_object()) throw JsonError("outputs must be an object");
  for (const auto& [name, expected] : one.expected) {
    const auto node = outputs.find(name);
    if (node == outputs.end()) {
      result.mismatches.push_back(missing_output(name));
      continue;
    }
    const auto actual = value_like(*node, expected);
    if (const auto* mismatch = std::get_if<TypeMismatch>(&actual)) {
      result.mismatches.push_back(wrong_type(name, *mismatch));
      continue;
    }
    const auto found = compare(name, expected, std::get<Value>(actual), one.tolerance);
    result.mismatches.insert(result.mismatches.end(), found.begin(), found.end());
  }
  if (homework) explain_first(one, outputs, *homework, result);
  result.status = result.mismatches.empty() ? Status::passed : Status::failed;
}

void judge_exception(const json& node, CaseResult& result) {
  JsonObject exception(node, "exception");
  const std::string kind = shortened(exception.text("kind"));
  result.message = exception.text("what");
  const std::string during = exception.find("during") ? shortened(exception.text("during")) : "";
  exception.finish();
  if (kind == "not_implemented") {
    result.status = Status::not_implemented;
  } else if (kind == "out_of_memory") {
    result.status = Status::out_of_memory;
    result.message = "the limit on memory was reached (" + result.message + ")";
  } else {
    result.status = Status::exception;
    result.message = (during.empty() ? "" : during + " ") + "threw " + kind + ": " + result.message;
  }
}

void judge_answer(const Case& one, const std::string& line, const Homework* homework, CaseResult& result) {
  try {
    const json answer = parse_strict(line, kAnswerDepth);
    JsonObject object(answer, "");
    if (const json* exception = object.find("exception")) {
      judge_exception(*exception, result);
    } else {
      compare_outputs(one, object.at("outputs"), homework, result);
    }
    object.finish();
  } catch (const JsonError& error) {
    // Only code that writes to the worker's own descriptor can bring this about.
    Mismatch mismatch;
    mismatch.output = kWholeAnswer;
    mismatch.kind = Mismatch::Kind::type;
    mismatch.message = "is not well formed: " + shortened(error.what());
    result.mismatches = {mismatch};
    result.status = Status::failed;
  }
}

void judge_ending(const Ending& ending, CaseResult& result) {
  if (std::holds_alternative<TimedOut>(ending)) {
    result.status = Status::timed_out;
    result.message = "stopped by " + describe(ending);
  } else if (std::holds_alternative<MemoryLimit>(ending)) {
    result.status = Status::out_of_memory;
    result.message = "stopped by " + describe(ending);
  } else if (std::holds_alternative<OutputLimit>(ending)) {
    result.status = Status::output_limit;
    result.message = "stopped by " + describe(ending);
  } else {
    result.status = Status::crashed;
    result.message = "ended by " + describe(ending) + " before it answered";
  }
}

}  // namespace

std::optional<std::string> bad_request(const CaseRun& run) {
  const auto* line = std::get_if<std::string>(&run.outcome);
  if (!line || line->find("bad_request") == std::string::npos) return std::nullopt;
  try {
    const json answer = parse_strict(*line, kAnswerDepth);
    JsonObject object(answer, "");
    JsonObject exception(object.at("exception"), "exception");
    if (exception.text("kind") == "bad_request") return exception.text("what");
  } catch (const JsonError&) {
    // An answer that is not well formed is judged as such.
  }
  return std::nullopt;
}

namespace {

CaseResult judge(const Case& one, const CaseRun& run, const Homework* homework) {
  CaseResult result;
  result.name = one.name;
  result.operation = one.operation;
  result.seconds = run.seconds;
  result.scored = one.scored == Scored::yes;
  result.given_shapes = one.given_shapes;
  result.rtol = one.tolerance.rtol;
  result.atol = one.tolerance.atol;
  result.student_output = cut(run.output, kKeptOutput);
  if (const auto* line = std::get_if<std::string>(&run.outcome)) {
    judge_answer(one, *line, homework, result);
  } else if (const auto* ending = std::get_if<Ending>(&run.outcome)) {
    judge_ending(*ending, result);
  } else {
    result.status = Status::skipped;
    result.message = "not run: the program ended in the case \"" + std::get<NotRun>(run.outcome).after + "\"";
  }
  // An answer may be megabytes of a hostile text: no more of it reaches a report than of what was printed.
  result.message = cut(result.message, kKeptOutput);
  for (Mismatch& mismatch : result.mismatches) mismatch.message = cut(mismatch.message, kKeptOutput);
  return result;
}

}  // namespace

CaseResult judge(const Case& one, const CaseRun& run) { return judge(one, run, nullptr); }

CaseResult judge(const Case& one, const CaseRun& run, const Homework& homework) { return judge(one, run, &homework); }

}  // namespace autograder
