// See feedback.hpp. Results are built anew from what may be shown, so that a new field is withheld until it is let in.
#include "autograder/feedback.hpp"

#include <algorithm>

namespace autograder {

namespace {

/// A list is wrong as a whole: which element is, counts. "dLdW[1]" becomes "dLdW".
std::string without_place(const std::string& output) { return output.substr(0, output.find('[')); }

CaseResult withhold(const CaseResult& one) {
  CaseResult shown;
  shown.name = "case 1";  // of those that are shown: which one it is of all would count too
  shown.status = one.status;
  shown.scored = one.scored;
  shown.hint = one.hint;
  shown.hint_id = one.hint_id;
  if (!one.mismatches.empty()) {
    const Mismatch& first = one.mismatches.front();
    shown.mismatches.resize(1);
    shown.mismatches[0].output = without_place(first.output);
    shown.mismatches[0].kind = first.kind;
    shown.mismatches[0].hint = first.hint;
    shown.mismatches[0].hint_id = first.hint_id;
  }
  return shown;
}

/// The case that says how the component ended; the first advice where it passed. A hand-in chooses how it fails, and
/// can tell by it what it was given: the fewer failures are shown, the less can be told.
const CaseResult* telling_case(const ComponentResult& component) {
  if (component.status != Status::passed) return first_failing(component);
  const auto advice = std::find_if(component.cases.begin(), component.cases.end(),
                                   [](const CaseResult& one) { return !one.scored && one.status != Status::passed; });
  return advice == component.cases.end() ? nullptr : &*advice;
}

ComponentResult withhold(const ComponentResult& component) {
  ComponentResult shown;
  shown.id = component.id;
  shown.status = component.status;
  shown.message = component.message;  // ours: which file is missing or did not build, which option left it out
  if (const CaseResult* one = telling_case(component)) shown.cases.push_back(withhold(*one));
  return shown;
}

/// Whether it was in the cache would tell that somebody handed in the same text before.
BuiltFile withhold(const BuiltFile& file) {
  BuiltFile shown;
  shown.file = file.file;
  shown.status = file.status;
  shown.compiler = file.compiler;
  return shown;
}

}  // namespace

Report withhold(const Report& report) {
  Report shown = report;
  shown.withheld = true;
  for (SectionResult& section : shown.sections) {
    for (ComponentResult& component : section.components) component = withhold(component);
  }
  for (BuiltFile& file : shown.build) file = withhold(file);
  if (shown.tests) {
    for (BuiltFile& file : shown.tests->build) file = withhold(file);
  }
  return shown;
}

Report for_student(const Report& report, Feedback feedback) {
  const bool hides =
      feedback == Feedback::withheld || (feedback == Feedback::automatic && report.visibility == Visibility::withheld);
  return hides ? withhold(report) : report;
}

}  // namespace autograder
