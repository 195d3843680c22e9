// Turning a report into text. Pure: a report in, a string out. Text that a student's code or archive brought is escaped
// here, once, by the writer that knows the format.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "autograder/report.hpp"

namespace autograder {

enum class Colour { off, on };

/// For a terminal: a line a section, then what is wrong with each failed component, at most 100 columns wide but for
/// compiler messages and students' own output.
std::string text_report(const Report& report, Colour colour);

/// The text report in the parts that it is put together from, each of whole lines.
struct TextParts {
  std::string sections;  ///< header, a line a section, and why nothing was graded
  std::string details;   ///< what is wrong with each failed component, advice, notices, what was skipped
  std::string score;     ///< the points
};
TextParts text_parts(const Report& report, Colour colour);

/// What a terminal calls them.
enum class Ink { bold = 1, red = 31, green = 32, yellow = 33 };

/// The text in that ink, if there are colours.
std::string painted(const std::string& text, Ink ink, Colour colour);

/// The format of DESIGN.md, section "The JSON report".
std::string json_report(const Report& report);

/// A document of reports as text: of bytes that are not the grader's own, nothing but what they say is left.
std::string json_text(const nlohmann::ordered_json& document);

/// JUnit XML: a test suite a section, a test case a component and case.
std::string junit_report(const Report& report);

/// Markdown, as for a step summary or a comment.
std::string markdown_report(const Report& report);

/// What went wrong first, where several quantities are wrong, and others before them are right: the wrong ones may only
/// follow from it. Else empty.
std::string first_wrong(const CaseResult& one);

/// One sentence on a mismatch: "dLdW: 4 of 6 elements differ; ..." without the hint.
std::string sentence(const Mismatch& mismatch, const CaseResult& one);

/// "src/nn/linear.cpp:42: reads past the end of a block of 48 bytes".
std::string sentence(const Explanation& explanation);

/// "called from src/models/mlp.cpp:41".
std::string sentence(const CodeLine& caller);

/// "given W (2, 3), A (4, 3)", or an empty text.
std::string given_text(const CaseResult& one);

/// What a section's or component's status is called in prose: "not implemented".
std::string words(Status status);

/// What a section's run with correct prerequisites says, a sentence.
std::string sentence(const Prerequisites& prerequisites);

/// What became of a rule, and what it costs: "broken, -5 %".
std::string in_words(const RuleResult& rule);

/// What became of a student's tests, a sentence.
std::string sentence(const TestsResult& tests);

/// The title of their section.
std::string title_of_tests(const Report& report);

/// Points without superfluous zeros: "15", "7.5".
std::string points_text(double points);

/// Returns the text as valid UTF-8 without control characters except line breaks and tabs: nothing in it moves a
/// cursor, sets a title or ends a field. What cannot be shown becomes '?'.
std::string printable(const std::string& text);

/// The same, in one line: no name or sentence of a student's begins a line of its own.
std::string one_line(const std::string& text);

/// A report is often printed where a CI machine reads along: GitHub Actions, Azure and TeamCity take "##[error]",
/// "##vso[...]" and "##teamcity[...]" for commands wherever they stand. Returns the text with `bracket`, the format's
/// way to write one or what is as good, in the place of theirs.
std::string without_commands(const std::string& text, const std::string& bracket);

/// For formats of lines: also parts the colons of lines that begin, behind blanks, like "::error::".
std::string without_line_commands(const std::string& text);

/// Plain text inside Markdown: what could begin markup or HTML is escaped, line breaks become spaces.
std::string plain_markdown(const std::string& text);

/// Breaks a text into lines of at most `width` columns, each with the indent, at blanks that are not inside brackets.
std::string wrapped(const std::string& text, const std::string& indent, std::size_t width);

/// The lines of a compiler's or linker's messages that a student needs first: at most `lines` of them, beginning with
/// the first error, and one that names the student's own file if none of them does.
std::string excerpt(const std::string& diagnostics, const std::string& file, std::size_t lines);

}  // namespace autograder
