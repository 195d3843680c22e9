// See outcome.hpp.
#include "autograder/outcome.hpp"

#include <map>

#include "autograder/report_writers.hpp"

namespace autograder {

namespace {

/// "sgd: failed, W": what the summary counts.
std::string failure_of(const ComponentResult& component) {
  std::string text = component.id + ": " + words(component.status);
  const CaseResult* one = first_failing(component);
  if (one && !one->mismatches.empty()) {
    const std::string& output = one->mismatches.front().output;
    text += ", " + output.substr(0, output.find('['));
  }
  return text;
}

}  // namespace

void fill(Record& record, const Report& report) {
  record.outcome = report.refused ? Record::Outcome::refused : Record::Outcome::graded;
  record.message = report.refused.value_or("");
  record.score = report.score;
  record.max_score = report.max_score;
  record.adjustment = report.adjustment;
  for (const SectionResult& section : report.sections) {
    record.sections.push_back({section.id, name_of(section.status), section.score, section.max_score});
    for (const ComponentResult& component : section.components) {
      if (component.status != Status::passed && component.status != Status::skipped) {
        record.failures.push_back(failure_of(component));
      }
    }
  }
}

std::string difference(const Record& before, const Record& after) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (before.outcome != after.outcome) add(std::string(name_of(before.outcome)) + " -> " + name_of(after.outcome));
  if (before.score != after.score) add(points_text(before.score) + " -> " + points_text(after.score));
  if (before.adjusted_score() != after.adjusted_score() && before.score == after.score) {
    add("adjusted " + points_text(before.adjusted_score()) + " -> " + points_text(after.adjusted_score()));
  }
  std::map<std::string, std::string> statuses;
  for (const SectionRecord& one : before.sections) statuses[one.id] = one.status;
  for (const SectionRecord& one : after.sections) {
    if (statuses[one.id] != one.status) add(one.id + " " + statuses[one.id] + " -> " + one.status);
  }
  return text;
}

}  // namespace autograder
