// See feedback.hpp. Results are built anew from what may be shown, so that a new field is withheld until it is let in.
#include "autograder/feedback.hpp"

#include <algorithm>

namespace autograder {

namespace {

/// Lists are shown as a whole: "dLdW[1]" becomes "dLdW".
std::string without_place(const std::string& output) { return output.substr(0, output.find('[')); }

std::vector<Mismatch> withhold(const std::vector<Mismatch>& mismatches) {
  std::vector<Mismatch> shown;
  for (const Mismatch& mismatch : mismatches) {
    Mismatch reduced;
    reduced.output = without_place(mismatch.output);
    reduced.kind = mismatch.kind;
    reduced.hint = mismatch.hint;
    const bool known = std::any_of(shown.begin(), shown.end(), [&](const Mismatch& other) {
      return other.output == reduced.output && other.kind == reduced.kind && other.hint == reduced.hint;
    });
    if (!known) shown.push_back(reduced);
  }
  return shown;
}

ComponentResult withhold(const ComponentResult& component) {
  ComponentResult shown;
  shown.id = component.id;
  shown.status = component.status;
  shown.message = component.message;  // ours: which file is missing or did not build, which option left it out
  for (const CaseResult& one : component.cases) {
    CaseResult reduced;
    reduced.name = "case " + std::to_string(shown.cases.size() + 1);
    reduced.status = one.status;
    reduced.scored = one.scored;
    reduced.mismatches = withhold(one.mismatches);
    shown.cases.push_back(reduced);
  }
  return shown;
}

}  // namespace

Report withhold(const Report& report) {
  Report shown = report;
  shown.withheld = true;
  for (SectionResult& section : shown.sections) {
    for (ComponentResult& component : section.components) component = withhold(component);
  }
  for (BuiltFile& file : shown.build) {
    file.diagnostics.clear();
    file.seconds = 0.0;
  }
  return shown;
}

}  // namespace autograder
