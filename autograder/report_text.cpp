// The text report; see report_writers.hpp.
#include <algorithm>
#include <map>
#include <sstream>

#include "autograder/report_writers.hpp"

namespace autograder {

namespace {

constexpr std::size_t kDiagnosticLines = 16;  // a template error is longer, but its first lines say what it is
constexpr std::size_t kWidth = 100;           // columns
constexpr std::size_t kMismatches = 3;        // the first wrong quantity matters; later ones mostly follow from it

class TextReport {
 public:
  TextReport(const Report& report, Colour colour) : report_(report), colour_(colour) {}

  TextParts write() {
    TextParts parts;
    header();
    for (const SectionResult& section : report_.sections) line_of(section);
    out_ << "\n";
    if (report_.refused) {
      out_ << paint(Ink::red, "The hand-in is not graded: " + one_line(*report_.refused) + ".") << "\n\n";
    }
    parts.sections = take();
    for (const BuiltFile& file : report_.build) details(file);
    for (const SectionResult& section : report_.sections) {
      for (const ComponentResult& component : section.components) details(component);
    }
    advice();
    if (report_.tests) details(*report_.tests);
    rules();
    for (const std::string& notice : report_.notices) out_ << wrapped("Note: " + one_line(notice) + ".", "", kWidth);
    if (!report_.notices.empty()) out_ << "\n";
    footer();
    parts.details = take();
    out_ << paint(Ink::bold, "Score: " + points_text(report_.score) + " / " + points_text(report_.max_score)) << "\n";
    if (!report_.arithmetic.empty()) {
      out_ << paint(Ink::bold, "By the course's rules: " + one_line(report_.arithmetic)) << "\n";
    }
    parts.score = take();
    return parts;
  }

 private:
  std::string take() {
    const std::string text = without_line_commands(out_.str());
    out_.str("");
    return text;
  }

  std::string paint(Ink ink, const std::string& text) const { return painted(text, ink, colour_); }

  static Ink colour_of(Status status) {
    return status == Status::passed ? Ink::green : status == Status::skipped ? Ink::yellow : Ink::red;
  }

  static std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
  }

  void header() {
    out_ << paint(Ink::bold, report_.title) << "  " << one_line(report_.handin) << ", " << one_line(report_.fixtures)
         << " fixtures\n\n";
  }

  void line_of(const SectionResult& section) {
    const std::string points = points_text(section.score) + " / " + points_text(section.max_score);
    out_ << "  " << paint(colour_of(section.status), padded(words(section.status), 16)) << padded(section.title, 28)
         << std::string(points.size() < 9 ? 9 - points.size() : 0, ' ') << points << "\n";
    parts_of(section);
    if (report_.tests && &section == &report_.sections.back()) {
      out_ << wrapped(sentence(*report_.tests), "                    ", kWidth);
    }
    if (section.prerequisites) out_ << wrapped(sentence(*section.prerequisites), "                    ", kWidth);
  }

  /// A section that did not pass as a whole says which of its components did.
  void parts_of(const SectionResult& section) {
    if (section.status == Status::passed || section.components.size() < 2) return;
    std::string parts;
    bool any_ran = false;
    for (const ComponentResult& component : section.components) {
      parts += (parts.empty() ? "" : ", ") + component.id + " " + words(component.status);
      any_ran = any_ran || component.status != Status::skipped;
    }
    if (any_ran) out_ << wrapped(parts, "                    ", kWidth);
  }

  void indented(const std::string& text, const std::string& indent) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out_ << indent << line << "\n";
  }

  void details(const BuiltFile& file) {
    if (file.status == BuiltFile::Status::ok) return;
    const bool missing = file.status == BuiltFile::Status::missing;
    out_ << paint(Ink::red, file.file + (missing ? " is missing" : " does not build")) << "\n";
    if (!file.diagnostics.empty()) indented(excerpt(file.diagnostics, file.file, kDiagnosticLines), "  ");
    out_ << "\n";
  }

  void details(const ComponentResult& component) {
    if (component.status == Status::passed || report_.refused) return;
    if (component.status == Status::skipped) {
      skipped_[component.message].push_back(component.id);
      return;
    }
    out_ << paint(Ink::bold, component.id) << ": " << paint(Ink::red, words(component.status));
    if (!component.message.empty()) out_ << ", " << one_line(component.message);
    out_ << "\n";
    const CaseResult* one = first_failing(component);
    if (one && component.status == Status::not_implemented && !one->message.empty()) {
      // Which case met the stub first tells nothing.
      indented(printable(one->message), "  ");
    } else if (one && !(one->message.empty() && one->hint.empty() && one->mismatches.empty())) {
      details(*one);
      if (component.explanation) details(*component.explanation);
      count_others(component, *one);
    }
    out_ << "\n";
  }

  void details(const CaseResult& one) {
    out_ << "  " << one.name;
    if (!one.operation.empty()) out_ << " (" << one.operation << ")";
    out_ << "\n";
    if (const std::string given = given_text(one); !given.empty()) out_ << wrapped(given, "    ", kWidth);
    if (!one.hint.empty()) out_ << wrapped(one.hint, "    ", kWidth);
    if (!one.message.empty()) indented(printable(one.message), "    ");
    if (const std::string first = first_wrong(one); !first.empty()) out_ << wrapped(first, "    ", kWidth);
    for (std::size_t i = 0; i < std::min(kMismatches, one.mismatches.size()); ++i) {
      if (!one.mismatches[i].hint.empty()) out_ << wrapped(one.mismatches[i].hint, "    ", kWidth);
      const std::string text = sentence(one.mismatches[i], one);
      const auto line_end = text.find('\n');
      out_ << wrapped(text.substr(0, line_end), "    ", kWidth);
      if (line_end != std::string::npos) out_ << wrapped(text.substr(line_end + 1), "      ", kWidth);
    }
    if (one.mismatches.size() > kMismatches) {
      std::string others = "also wrong:";
      for (std::size_t i = kMismatches; i < one.mismatches.size(); ++i) others += " " + one.mismatches[i].output;
      out_ << wrapped(others, "    ", kWidth);
    }
    if (!one.student_output.empty()) {
      out_ << "    it printed:\n";
      indented(printable(one.student_output), "      | ");
    }
  }

  void details(const Explanation& explanation) {
    out_ << wrapped(sentence(explanation), "    ", kWidth);
    if (!explanation.code.empty()) indented(one_line(explanation.code), "      | ");
    if (explanation.caller) {
      out_ << wrapped(sentence(*explanation.caller), "    ", kWidth);
      indented(one_line(explanation.caller->code), "      | ");
    }
    if (!explanation.trap.empty()) out_ << wrapped(one_line(explanation.trap), "    ", kWidth);
  }

  void count_others(const ComponentResult& component, const CaseResult& shown) {
    std::size_t passed = 0, failed = 0, not_run = 0;
    for (const CaseResult& one : component.cases) {
      if (!one.scored || &one == &shown) continue;
      ++(one.status == Status::passed ? passed : one.status == Status::skipped ? not_run : failed);
    }
    if (passed + failed + not_run == 0) return;
    out_ << "  the other cases: " << passed << " passed, " << failed << " failed";
    if (not_run > 0) out_ << ", " << not_run << " not run";
    out_ << "\n";
  }

  /// Cases worth no points: shown when a component passed its scored ones and not these.
  void advice() {
    for (const SectionResult& section : report_.sections) {
      for (const ComponentResult& component : section.components) {
        if (component.status != Status::passed) continue;
        for (const CaseResult& one : component.cases) {
          if (one.scored || one.status == Status::passed) continue;
          out_ << paint(Ink::yellow, "Advice, worth no points") << ": " << component.id << " " << words(one.status)
               << "\n";
          details(one);
          out_ << "\n";
        }
      }
    }
  }

  /// Where a student's tests catch how much; which slips they miss is for the student to find out.
  void details(const TestsResult& tests) {
    for (const BuiltFile& file : tests.build) details(file);
    if (tests.all == 0) return;
    out_ << paint(Ink::bold, title_of_tests(report_)) << ": wrong versions that they catch\n";
    for (const auto* all : {&tests.by_section, &tests.by_file}) {
      for (const Caught& one : *all) {
        out_ << "  " << padded(std::to_string(one.caught) + " of " + std::to_string(one.all), 14) << one.of << "\n";
      }
    }
    out_ << "\n";
  }

  /// Rules that are kept go without saying; what is not checked is said in one line a reason.
  void rules() {
    std::map<std::string, std::string> unchecked;
    bool any = false;
    for (const RuleResult& rule : report_.policy) {
      if (rule.outcome == RuleResult::Outcome::not_checked) {
        std::string& names = unchecked[rule.details.empty() ? "" : rule.details.front()];
        names += (names.empty() ? "" : ", ") + rule.rule;
      }
      if (rule.outcome != RuleResult::Outcome::broken) continue;
      if (!any) out_ << paint(Ink::bold, "Rules of the course") << "\n";
      any = true;
      out_ << "  " << paint(Ink::red, padded(rule.rule, 12)) << in_words(rule) << "\n";
      for (const std::string& detail : rule.details) out_ << wrapped(one_line(detail), "              ", kWidth);
    }
    if (any) out_ << "\n";
    for (const auto& [why, names] : unchecked) {
      out_ << wrapped("Rules not checked: " + names + "; " + one_line(why) + ".", "", kWidth);
    }
    if (!unchecked.empty()) out_ << "\n";
  }

  void footer() {
    for (const auto& [why, ids] : skipped_) {
      std::string text = "Skipped, " + one_line(why) + ":";
      for (const std::string& id : ids) text += " " + id;
      out_ << wrapped(text, "", kWidth);
    }
    if (!skipped_.empty()) out_ << "\n";
    if (report_.withheld) out_ << "The fixtures are hidden: values, and what your code printed, are not shown.\n";
    if (report_.partial) out_ << "Partial: --only or --case left components or cases out, and they earn nothing.\n";
  }

  const Report& report_;
  Colour colour_;
  std::ostringstream out_;
  std::map<std::string, std::vector<std::string>> skipped_;  // components by the reason
};

}  // namespace

TextParts text_parts(const Report& report, Colour colour) { return TextReport(report, colour).write(); }

std::string text_report(const Report& report, Colour colour) {
  const TextParts parts = text_parts(report, colour);
  return parts.sections + parts.details + parts.score;
}

}  // namespace autograder
