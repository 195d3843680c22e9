// What the writers of report_writers.hpp have in common: sentences and escaping.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "autograder/report_writers.hpp"
#include "autograder/value.hpp"

namespace autograder {

namespace {

/// An error size for a reader: three digits.
std::string rough(double number) {
  if (!std::isfinite(number)) return number_text(number);
  std::ostringstream text;
  text.precision(3);
  text << number;
  return text.str();
}

/// Length of the valid UTF-8 sequence at `at`, 0 where there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t sequence_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return continues(1) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

/// Whether the character does something instead of standing there: moves a cursor, breaks a line, turns the direction.
bool acts(const std::string& character) {
  if (character.size() == 1) return (character < " " && character != "\n" && character != "\t") || character == "\x7f";
  const auto among = [&](const char* from, const char* to) { return character >= from && character <= to; };
  return among("\xC2\x80", "\xC2\x9F") ||          // control characters too: some terminals obey them
         among("\xE2\x80\x8E", "\xE2\x80\x8F") ||  // marks of direction
         among("\xE2\x80\xA8", "\xE2\x80\xAE") ||  // breaks of lines, turns of direction
         among("\xE2\x81\xA6", "\xE2\x81\xA9");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Whether a line of a compiler's or linker's messages begins an error. "error:" may also stand in a warning's text.
bool is_error(const std::string& line) {
  const auto holds = [&](const char* part) { return line.find(part) != std::string::npos; };
  return (holds("error:") && !holds("warning:") && !holds("linker command failed")) || holds("undefined reference") ||
         holds("multiple definition");
}

}  // namespace

std::string words(Status status) {
  std::string text = name_of(status);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string points_text(double points) {
  std::ostringstream text;
  text << points;
  return text.str();
}

std::string painted(const std::string& text, Ink ink, Colour colour) {
  // ECMA-48, SGR.
  return colour == Colour::off ? text : "\033[" + std::to_string(static_cast<int>(ink)) + "m" + text + "\033[0m";
}

std::string printable(const std::string& text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const std::string character = text.substr(at, length);
    shown += length == 0 || acts(character) ? "?" : character;
    at += std::max<std::size_t>(length, 1);
  }
  return shown;
}

std::string without_commands(const std::string& text, const std::string& bracket) {
  std::string quiet = text;
  for (const char* command : {"##[", "##vso[", "##teamcity["}) {
    const std::string begin(command, std::strlen(command) - 1);
    for (std::size_t at = 0; (at = quiet.find(command, at)) != std::string::npos;) {
      quiet.replace(at + begin.size(), 1, bracket);
      at += begin.size() + bracket.size();
    }
  }
  return quiet;
}

std::string without_line_commands(const std::string& text) {
  std::string quiet;
  for (const std::string& line : lines_of(text)) {
    const auto colons = line.find("::");
    // Blanks beyond ASCII are blanks to a runner too.
    const bool leads =
        colons != std::string::npos && std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colons),
                                                   [](unsigned char c) { return c <= 0x20 || c >= 0x80; });
    quiet += (leads ? line.substr(0, colons + 1) + " " + line.substr(colons + 1) : line) + "\n";
  }
  if (!text.ends_with('\n') && !quiet.empty()) quiet.pop_back();
  return without_commands(quiet, " [");
}

std::string given_text(const CaseResult& one) {
  std::string text;
  for (const auto& [name, shape] : one.given_shapes) text += (text.empty() ? "given " : ", ") + name + " " + shape;
  return text;
}

std::string first_wrong(const CaseResult& one) {
  if (one.mismatches.size() < 2 || one.right_before == 0) return "";
  return "Of what this case compares, " + one.mismatches.front().output +
         " is the first wrong quantity; everything that is computed before it is right.";
}

std::string sentence(const Mismatch& mismatch, const CaseResult& one) {
  if (!mismatch.message.empty()) return mismatch.output + " " + one_line(mismatch.message);
  // Withheld: only the kind is left.
  if (!mismatch.expected || !mismatch.actual) {
    switch (mismatch.kind) {
      case Mismatch::Kind::value: return mismatch.output + " has wrong values";
      case Mismatch::Kind::shape: return mismatch.output + " has the wrong shape";
      case Mismatch::Kind::missing: return mismatch.output + " is missing";
      case Mismatch::Kind::not_finite: return mismatch.output + " has values that are not finite";
      case Mismatch::Kind::type: return mismatch.output + " is of the wrong type";
    }
  }
  std::string text = mismatch.output;
  if (mismatch.index) {
    text += ": " + std::to_string(mismatch.wrong) + " of " + std::to_string(mismatch.of) + " differ; worst at [" +
            std::to_string((*mismatch.index)[0]) + ", " + std::to_string((*mismatch.index)[1]) + "]: got ";
  } else {
    text += ": got ";
  }
  text += number_text(*mismatch.actual) + ", expected " + number_text(*mismatch.expected);
  // Where a NaN or an infinity came back, the sizes of errors say nothing more.
  if (mismatch.kind == Mismatch::Kind::not_finite) return text;
  text += "\nlargest error " + rough(mismatch.max_abs_error) + " absolute, " + rough(mismatch.max_rel_error) +
          " relative; allowed " + rough(one.atol) + " + " + rough(one.rtol) + " x |expected|";
  return text;
}

std::string sentence(const Prerequisites& prerequisites) {
  std::string titles;
  for (std::size_t i = 0; i < prerequisites.titles.size(); ++i) {
    const bool last = i + 1 == prerequisites.titles.size();
    titles += (i == 0 ? "\"" : last ? " and \"" : ", \"") + one_line(prerequisites.titles[i]) + "\"";
  }
  // A title may be of one thing or of several.
  const bool passed = prerequisites.status == Status::passed;
  if (passed && prerequisites.scores) return "has its points, as it passes with " + titles + " corrected";
  if (passed) return "would pass if " + titles + " were correct";
  return "wrong in itself: it would not pass if " + titles + " were correct either";
}

std::string in_words(const RuleResult& rule) {
  if (rule.outcome == RuleResult::Outcome::not_checked) return "not checked";
  if (rule.outcome == RuleResult::Outcome::kept) return "kept";
  if (rule.refuses) return "broken, refused";
  if (rule.penalty_percent == 0) return "broken, which costs nothing";
  return "broken, -" + points_text(rule.penalty_percent) + " %" +
         (rule.section.empty() ? "" : " of section " + one_line(rule.section));
}

std::string sentence(const Explanation& explanation) {
  return one_line(explanation.file) + ":" + std::to_string(explanation.line) + ": " + one_line(explanation.what);
}

std::string sentence(const CodeLine& caller) {
  return "called from " + one_line(caller.file) + ":" + std::to_string(caller.line);
}

std::string sentence(const TestsResult& tests) {
  if (tests.status != Status::passed) return one_line(tests.message);
  return (tests.cases == 0
              ? "they pass"
              : std::to_string(tests.cases) + (tests.cases == 1 ? " test case passes" : " test cases pass")) +
         " with the right solution, and " + std::to_string(tests.caught) + " of " + std::to_string(tests.all) +
         " wrong ones are caught";
}

std::string title_of_tests(const Report& report) { return report.sections.empty() ? "" : report.sections.back().title; }

std::string excerpt(const std::string& diagnostics, const std::string& file, std::size_t lines) {
  const std::vector<std::string> all = lines_of(printable(diagnostics));
  const auto names_file = [&](const std::string& line) { return line.find(file + ":") != std::string::npos; };
  auto begin = std::find_if(all.begin(), all.end(), is_error);
  if (begin == all.end()) begin = all.begin();
  const auto end = begin + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(lines), all.end() - begin);
  std::string shown;
  for (auto line = begin; line != end; ++line) shown += *line + "\n";
  if (end != all.end()) shown += "... (" + std::to_string(all.end() - end) + " more lines)\n";
  if (std::any_of(begin, end, names_file)) return shown;
  // An error inside a library: clang says afterwards which line of the student's led there, g++ before.
  if (const auto after = std::find_if(end, all.end(), names_file); after != all.end()) return shown + *after + "\n";
  const auto before = std::find_if(std::make_reverse_iterator(begin), all.rend(), names_file);
  return before == all.rend() ? shown : *before + "\n" + shown;
}

std::string one_line(const std::string& text) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

std::string plain_markdown(const std::string& text) {
  std::string escaped;
  for (const char c : printable(text)) {
    if (c == '\n' || c == '\t') {
      escaped += ' ';
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else if (std::string("\\`*_{}[]()#+-!|~>@:").find(c) != std::string::npos) {
      escaped += std::string("\\") + c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string wrapped(const std::string& text, const std::string& indent, std::size_t width) {
  std::string result, line, word;
  int depth = 0;
  const auto end_word = [&] {
    if (!line.empty() && indent.size() + line.size() + 1 + word.size() > width) {
      result += indent + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    word.clear();
  };
  for (const char c : text) {
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ' ' && depth <= 0) {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  return result + indent + line + "\n";
}

}  // namespace autograder
