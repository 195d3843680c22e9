// The JUnit report; see report_writers.hpp. A suite is a section, and a test case one of its components' cases.
#include <sstream>

#include "autograder/report_writers.hpp"
#include "autograder/value.hpp"

namespace autograder {

namespace {

/// Escapes text for XML 1.0, which has no way to write most control characters: printable() takes them out.
std::string xml(const std::string& text) {
  std::string escaped;
  std::string shown = printable(text);
  // U+FFFE and U+FFFF are no characters of XML (section 2.2).
  for (const char* none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (std::size_t at; (at = shown.find(none)) != std::string::npos;) shown.replace(at, 3, "?");
  }
  for (const char c : shown) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\n': escaped += "&#10;"; break;
      case '\t': escaped += "&#9;"; break;
      default: escaped += c;
    }
  }
  return without_commands(escaped, "&#91;");
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0.0;

  Counts& operator+=(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
    return *this;
  }
  std::string attributes() const {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
           std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + number_text(seconds) +
           "\"";
  }
};

/// A wrong answer is a failure; an end without an answer an error; advice that does not pass counts as skipped.
const char* element_of(Status status, bool scored) {
  if (status == Status::passed) return nullptr;
  if (status == Status::skipped || !scored) return "skipped";
  return status == Status::failed || status == Status::not_implemented || status == Status::not_built ? "failure"
                                                                                                      : "error";
}

std::string message_of(const CaseResult& one) {
  std::string text = one.hint + (one.hint.empty() || one.message.empty() ? "" : "\n") + one.message;
  if (const std::string first = first_wrong(one); !first.empty()) text += (text.empty() ? "" : "\n") + first;
  for (const Mismatch& mismatch : one.mismatches) {
    if (!text.empty()) text += "\n";
    if (!mismatch.hint.empty()) text += mismatch.hint + "\n";
    text += sentence(mismatch, one);
  }
  return text;
}

/// Appends one test case and returns what it counts as.
Counts write_case(std::ostringstream& out, const std::string& section, const std::string& name, Status status,
                  bool scored, double seconds, const std::string& message, const std::string& output) {
  Counts counts;
  counts.tests = 1;
  counts.seconds = seconds;
  out << "    <testcase classname=\"" << xml(section) << "\" name=\"" << xml(name) << "\" time=\""
      << number_text(seconds) << "\">";
  if (const char* element = element_of(status, scored)) {
    const std::string kind = element;
    ++(kind == "failure" ? counts.failures : kind == "error" ? counts.errors : counts.skipped);
    out << "<" << kind << " message=\"" << xml(message.empty() ? words(status) : message) << "\"";
    if (kind != "skipped") out << " type=\"" << name_of(status) << "\"";
    out << "/>";
  }
  if (!output.empty()) out << "<system-out>" << xml(output) << "</system-out>";
  out << "</testcase>\n";
  return counts;
}

Counts write_component(std::ostringstream& out, const Report& report, const SectionResult& section,
                       const ComponentResult& component) {
  if (report.refused) {
    // Not `skipped`: a CI job with nothing but skipped tests is green.
    return write_case(out, section.title, component.id, Status::exception, true, 0.0, "refused: " + *report.refused,
                      "");
  }
  if (component.cases.empty()) {
    return write_case(out, section.title, component.id, component.status, true, 0.0, component.message, "");
  }
  Counts counts;
  for (const CaseResult& one : component.cases) {
    std::string message = message_of(one);
    if (component.explanation && &one == first_failing(component)) {
      message += "\n" + sentence(*component.explanation);
      if (component.explanation->caller) message += "\n" + sentence(*component.explanation->caller);
      if (!component.explanation->trap.empty()) message += "\n" + component.explanation->trap;
    }
    counts += write_case(out, section.title, component.id + ": " + one.name, one.status, one.scored, one.seconds,
                         message, one.student_output);
  }
  return counts;
}

}  // namespace

std::string junit_report(const Report& report) {
  std::ostringstream suites;
  Counts all;
  for (const SectionResult& section : report.sections) {
    std::ostringstream cases;
    Counts counts;
    for (const ComponentResult& component : section.components)
      counts += write_component(cases, report, section, component);
    if (report.tests && &section == &report.sections.back()) {
      counts += write_case(cases, section.title, "with the right solution", section.status, true, 0.0,
                           sentence(*report.tests), "");
    }
    suites << "  <testsuite name=\"" << xml(section.title) << "\"" << counts.attributes() << ">\n"
           << "    <properties><property name=\"points\" value=\"" << points_text(section.score)
           << "\"/><property name=\"max_points\" value=\"" << points_text(section.max_score) << "\"/></properties>\n"
           << cases.str() << "  </testsuite>\n";
    all += counts;
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" + xml(report.title) + "\"" +
         all.attributes() + ">\n" + suites.str() + "</testsuites>\n";
}

}  // namespace autograder
