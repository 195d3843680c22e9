// The JSON report; see report_writers.hpp.
#include <cmath>
#include <nlohmann/json.hpp>

#include "autograder/report_writers.hpp"
#include "autograder/value.hpp"

namespace autograder {

using Json = nlohmann::ordered_json;

namespace {

/// JSON has no infinities and no NaN: they are strings, as in the fixtures.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(number_text(value)); }

Json to_json(const Mismatch& mismatch) {
  Json json{{"output", mismatch.output}, {"kind", name_of(mismatch.kind)}};
  if (!mismatch.message.empty()) json["message"] = mismatch.message;
  if (mismatch.index) json["index"] = *mismatch.index;
  if (mismatch.expected) json["expected"] = number(*mismatch.expected);
  if (mismatch.actual) {
    json["actual"] = number(*mismatch.actual);
    json["max_abs_error"] = number(mismatch.max_abs_error);
    json["max_rel_error"] = number(mismatch.max_rel_error);
  }
  if (mismatch.of > 0) {
    json["wrong"] = mismatch.wrong;
    json["of"] = mismatch.of;
  }
  if (!mismatch.hint.empty()) {
    json["hint"] = mismatch.hint;
    json["hint_id"] = mismatch.hint_id;
  }
  return json;
}

Json to_json(const CaseResult& one, bool withheld) {
  Json json{{"name", one.name}, {"status", name_of(one.status)}, {"scored", one.scored}};
  if (!withheld) {
    json["operation"] = one.operation;
    json["seconds"] = one.seconds;
    json["given_shapes"] = Json::object();
    for (const auto& [name, shape] : one.given_shapes) json["given_shapes"][name] = shape;
    json["rtol"] = one.rtol;
    json["atol"] = one.atol;
    if (!one.message.empty()) json["message"] = one.message;
    if (!one.student_output.empty()) json["student_output"] = one.student_output;
  }
  if (!one.hint.empty()) {
    json["hint"] = one.hint;
    json["hint_id"] = one.hint_id;
  }
  json["mismatches"] = Json::array();
  for (const Mismatch& mismatch : one.mismatches) json["mismatches"].push_back(to_json(mismatch));
  return json;
}

Json to_json(const Explanation& explanation) {
  Json json{{"file", explanation.file}, {"line", explanation.line}, {"what", explanation.what}};
  if (!explanation.code.empty()) json["code"] = explanation.code;
  if (!explanation.trap.empty()) json["trap"] = explanation.trap;
  if (const auto& caller = explanation.caller) {
    json["caller"] = {{"file", caller->file}, {"line", caller->line}, {"code", caller->code}};
  }
  return json;
}

Json to_json(const ComponentResult& component, bool withheld) {
  Json json{{"id", component.id}, {"status", name_of(component.status)}};
  if (!component.message.empty()) json["message"] = component.message;
  if (component.explanation) json["explanation"] = to_json(*component.explanation);
  json["cases"] = Json::array();
  for (const CaseResult& one : component.cases) json["cases"].push_back(to_json(one, withheld));
  return json;
}

Json to_json(const SectionResult& section, bool withheld) {
  Json json{{"id", section.id},
            {"title", section.title},
            {"score", section.score},
            {"max_score", section.max_score},
            {"status", name_of(section.status)},
            {"components", Json::array()}};
  if (const auto& with = section.prerequisites) {
    json["prerequisites"] = {{"correct", with->titles}, {"status", name_of(with->status)}, {"scores", with->scores}};
  }
  for (const ComponentResult& component : section.components) {
    json["components"].push_back(to_json(component, withheld));
  }
  return json;
}

Json to_json(const BuiltFile& file, bool withheld) {
  Json json{{"file", file.file}, {"status", name_of(file.status)}, {"diagnostics", file.diagnostics}};
  if (!file.compiler.empty()) json["compiler"] = file.compiler;
  json["cached"] = file.cached;
  if (!withheld) json["seconds"] = file.seconds;
  return json;
}

Json to_json(const RuleResult& rule) {
  Json json{{"rule", rule.rule}, {"outcome", name_of(rule.outcome)}, {"penalty_percent", rule.penalty_percent}};
  if (!rule.section.empty()) json["section"] = rule.section;
  json["details"] = rule.details;
  return json;
}

Json to_json(const std::vector<Caught>& all) {
  Json json = Json::array();
  for (const Caught& one : all) json.push_back({{"of", one.of}, {"caught", one.caught}, {"all", one.all}});
  return json;
}

Json to_json(const TestsResult& tests, bool withheld) {
  Json json{{"status", name_of(tests.status)}, {"cases", tests.cases},  {"failed", tests.failed},
            {"caught", tests.caught},          {"all", tests.all},      {"sections", to_json(tests.by_section)},
            {"files", to_json(tests.by_file)}, {"build", Json::array()}};
  if (!tests.message.empty()) json["message"] = tests.message;
  for (const BuiltFile& file : tests.build) json["build"].push_back(to_json(file, withheld));
  return json;
}

}  // namespace

std::string json_report(const Report& report) {
  Json json{{"format", 1},
            {"assignment", report.assignment},
            {"title", report.title},
            {"handin", report.handin},
            {"fixtures", report.fixtures},
            {"score", report.score},
            {"max_score", report.max_score},
            {"adjusted_score", report.adjusted_score()},
            {"partial", report.partial},
            {"withheld", report.withheld}};
  if (report.fresh) json["fresh"] = {{"cases", report.fresh->cases}, {"seed", report.fresh->seed}};
  if (report.refused) json["refused"] = *report.refused;
  json["notices"] = report.notices;
  json["sections"] = Json::array();
  for (const SectionResult& section : report.sections) json["sections"].push_back(to_json(section, report.withheld));
  if (report.tests) json["tests"] = to_json(*report.tests, report.withheld);
  json["build"] = Json::array();
  for (const BuiltFile& file : report.build) json["build"].push_back(to_json(file, report.withheld));
  json["policy"] = Json::array();
  for (const RuleResult& rule : report.policy) json["policy"].push_back(to_json(rule));
  if (!report.arithmetic.empty()) json["arithmetic"] = report.arithmetic;
  json["files"] = {{"taken", report.taken}, {"ignored", report.ignored}};
  json["environment"] = {{"autograder", report.environment.autograder},
                         {"sandbox", report.environment.sandbox},
                         {"compiler", report.environment.compiler},
                         {"fixtures_sha256", report.environment.fixtures_sha256}};
  return json_text(json);
}

std::string json_text(const Json& document) {
  // Bytes of a student's that are no UTF-8 become U+FFFD. Everything beyond ASCII is escaped: JSON itself would leave
  // the control characters from U+007F on, and those that turn the direction of text.
  constexpr bool ascii_only = true;
  const std::string text = document.dump(2, ' ', ascii_only, Json::error_handler_t::replace) + "\n";
  return without_commands(text, "\\u005b");
}

}  // namespace autograder
