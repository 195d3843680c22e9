// The Markdown report; see report_writers.hpp.
#include <algorithm>
#include <sstream>

#include "autograder/report_writers.hpp"

namespace autograder {

namespace {

/// A code block whose fence is longer than any run of backticks inside.
std::string block(const std::string& text) {
  const std::string shown = printable(text);
  std::size_t longest = 2, run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "text\n" + shown + (shown.ends_with('\n') ? "" : "\n") + fence + "\n";
}

void write_case(std::ostringstream& out, const CaseResult& one) {
  out << "- " << plain_markdown(one.name);
  if (const std::string given = given_text(one); !given.empty()) out << " (" << plain_markdown(given) << ")";
  out << "\n";
  if (!one.hint.empty()) out << "  - **" << plain_markdown(one.hint) << "**\n";
  if (!one.message.empty()) out << "  - " << plain_markdown(one.message) << "\n";
  if (const std::string first = first_wrong(one); !first.empty()) out << "  - " << plain_markdown(first) << "\n";
  for (const Mismatch& mismatch : one.mismatches) {
    if (!mismatch.hint.empty()) out << "  - **" << plain_markdown(mismatch.hint) << "**\n";
    std::string text = sentence(mismatch, one);
    if (const auto line_end = text.find('\n'); line_end != std::string::npos) text.replace(line_end, 1, "; ");
    out << "  - " << plain_markdown(text) << "\n";
  }
  if (!one.student_output.empty()) out << "\nIt printed:\n\n" << block(one.student_output);
}

void write_explanation(std::ostringstream& out, const Explanation& explanation) {
  out << "\n**" << plain_markdown(sentence(explanation)) << "**\n";
  if (!explanation.code.empty()) out << "\n" << block(one_line(explanation.code));
  if (explanation.caller) {
    out << "\n" << plain_markdown(sentence(*explanation.caller)) << "\n\n" << block(one_line(explanation.caller->code));
  }
  if (!explanation.trap.empty()) out << "\n" << plain_markdown(explanation.trap) << "\n";
}

void write_component(std::ostringstream& out, const ComponentResult& component) {
  if (component.status == Status::passed || component.status == Status::skipped) return;
  out << "\n### " << plain_markdown(component.id) << ": " << words(component.status) << "\n\n";
  if (!component.message.empty()) out << plain_markdown(component.message) << "\n\n";
  if (const CaseResult* one = first_failing(component)) write_case(out, *one);
  if (component.explanation) write_explanation(out, *component.explanation);
}

/// Cases worth no points, where a component passed its scored ones and not these.
void write_advice(std::ostringstream& out, const ComponentResult& component) {
  if (component.status != Status::passed) return;
  for (const CaseResult& one : component.cases) {
    if (one.scored || one.status == Status::passed) continue;
    out << "\n### Advice, worth no points: " << plain_markdown(component.id) << "\n\n";
    write_case(out, one);
  }
}

void write_build(std::ostringstream& out, const std::vector<BuiltFile>& files) {
  for (const BuiltFile& file : files) {
    if (file.status == BuiltFile::Status::ok) continue;
    const bool missing = file.status == BuiltFile::Status::missing;
    out << "\n### " << plain_markdown(file.file) << (missing ? " is missing\n" : " does not build\n");
    if (!file.diagnostics.empty()) out << "\n" << block(excerpt(file.diagnostics, file.file, 16));
  }
}

void write_tests(std::ostringstream& out, const Report& report) {
  const TestsResult& tests = *report.tests;
  out << "\n### " << plain_markdown(title_of_tests(report)) << "\n\n" << plain_markdown(sentence(tests)) << "\n";
  write_build(out, tests.build);
  if (tests.all == 0) return;
  out << "\n| | Caught | Wrong versions |\n|---|---:|---:|\n";
  for (const auto* all : {&tests.by_section, &tests.by_file}) {
    for (const Caught& one : *all) {
      out << "| " << plain_markdown(one.of) << " | " << one.caught << " | " << one.all << " |\n";
    }
  }
}

void write_rules(std::ostringstream& out, const Report& report) {
  bool any = false;
  for (const RuleResult& rule : report.policy) {
    if (rule.outcome == RuleResult::Outcome::kept) continue;
    if (!any) out << "\n### Rules of the course\n\n";
    any = true;
    out << "- " << plain_markdown(rule.rule) << ": " << plain_markdown(in_words(rule)) << "\n";
    for (const std::string& detail : rule.details) out << "  - " << plain_markdown(detail) << "\n";
  }
  if (!report.arithmetic.empty()) out << "\n**Adjusted score:** " << plain_markdown(report.arithmetic) << "\n";
}

}  // namespace

std::string markdown_report(const Report& report) {
  std::ostringstream out;
  out << "## " << plain_markdown(report.title) << ": " << points_text(report.score) << " / "
      << points_text(report.max_score)
      << (report.arithmetic.empty() ? "" : ", adjusted " + points_text(report.adjusted_score())) << "\n\n"
      << plain_markdown(report.handin) << ", " << plain_markdown(report.fixtures) << " fixtures"
      << (report.partial ? ", partial" : "") << "\n\n";
  if (report.refused) out << "**The hand-in is not graded:** " << plain_markdown(*report.refused) << "\n\n";
  out << "| Section | Status | Points |\n|---|---|---:|\n";
  for (const SectionResult& section : report.sections) {
    out << "| " << plain_markdown(section.title) << " | " << words(section.status)
        << (section.prerequisites ? "; " + plain_markdown(sentence(*section.prerequisites)) : "") << " | "
        << points_text(section.score) << " / " << points_text(section.max_score) << " |\n";
  }
  write_build(out, report.build);
  for (const SectionResult& section : report.sections) {
    for (const ComponentResult& component : section.components) write_component(out, component);
  }
  for (const SectionResult& section : report.sections) {
    for (const ComponentResult& component : section.components) write_advice(out, component);
  }
  if (report.tests) write_tests(out, report);
  write_rules(out, report);
  if (report.withheld) out << "\nThe fixtures are hidden: values, and what your code printed, are not shown.\n";
  for (const std::string& notice : report.notices) out << "\n> " << plain_markdown(notice) << "\n";
  return without_line_commands(out.str());
}

}  // namespace autograder
