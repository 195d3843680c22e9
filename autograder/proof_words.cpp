// See proof_words.hpp.
#include "autograder/proof_words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

namespace autograder {

namespace {

std::vector<const ComponentResult*> components_of(const Report& report) {
  std::vector<const ComponentResult*> components;
  for (const SectionResult& section : report.sections) {
    for (const ComponentResult& component : section.components) components.push_back(&component);
  }
  return components;
}

/// One letter a component, a column of the kill matrix.
char letter_of(Status status) {
  switch (status) {
    case Status::passed: return '.';
    case Status::failed: return 'F';
    case Status::not_built: return 'B';
    case Status::not_implemented: return 'N';
    case Status::crashed: return 'C';
    case Status::timed_out: return 'T';
    case Status::out_of_memory: return 'M';
    case Status::output_limit: return 'O';
    case Status::exception: return 'E';
    case Status::skipped: return '-';
  }
  return '?';
}

std::string row_of(const Report& report) {
  std::string row;
  for (const ComponentResult* component : components_of(report)) row += letter_of(component->status);
  return row;
}

}  // namespace

std::string joined(const std::set<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? "none" : all;
}

std::set<std::string> lost_sections(const Report& report) {
  std::set<std::string> lost;
  for (const SectionResult& section : report.sections) {
    if (section.status != Status::passed) lost.insert(section.id);
  }
  return lost;
}

bool is_caught(const Report& report) {
  const auto all = components_of(report);
  return std::any_of(all.begin(), all.end(), [](const ComponentResult* component) {
    return component->status != Status::passed && component->status != Status::skipped;
  });
}

std::set<std::string> hints_of(const Report& report) {
  std::set<std::string> ids;
  for (const ComponentResult* component : components_of(report)) {
    for (const CaseResult& one : component->cases) {
      if (!one.hint.empty()) ids.insert(one.hint_id);
      for (const Mismatch& mismatch : one.mismatches) {
        if (!mismatch.hint.empty()) ids.insert(mismatch.hint_id);
      }
    }
  }
  return ids;
}

std::string rows_of(const Reports& reports) {
  std::string rows;
  for (const auto& [set, report] : reports) rows += row_of(report) + "  ";
  return rows;
}

std::string as_entry(const Edit& edit) {
  return nlohmann::ordered_json{{"file", edit.file}, {"find", edit.find}, {"replace", edit.replace}}.dump();
}

std::string as_diff(const Edit& edit) {
  std::string diff = "  " + edit.file + "\n";
  for (const auto& [sign, text] : {std::pair{"  - ", edit.find}, {"  + ", edit.replace}}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) diff += sign + line + "\n";
  }
  return diff;
}

}  // namespace autograder
