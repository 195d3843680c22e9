// The report writers: approved texts, hostile texts, and the sentences.
// The approved files are approved/report.*; after a change that is meant, AUTOGRADER_APPROVE=1 writes them anew, and
// the test fails once, so that nobody approves unread: look at the difference before you commit it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "autograder/assignment.hpp"
#include "autograder/feedback.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_report.hpp"

using namespace autograder;
using namespace std::string_literals;
using Kind = Mismatch::Kind;

namespace {

void check_approved(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(TEST_DATA) / "approved" / name;
  if (std::getenv("AUTOGRADER_APPROVE")) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    FAIL("approved " << path.string() << ": read it, and run the tests again");
  }
  CHECK(text == read_file(path));
}

/// For checks on whole reports, which are too long to be shown where one fails.
bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Escape sequences in 7 and 8 bits, controls, turned text, invalid UTF-8, what is no XML, and the markup of every
/// format.
const std::string kHostile =
    "\x1b[31mred\x1b]0;title\a \xc2\x9b"
    "31m \xe2\x80\xae\xe2\x81\xa6 \xff\xfe \xed\xa0\x80 \xef\xbf\xbf \xef\xbf\xbe \b\r\0 \x7f ]]> "
    "<script>alert(1)</script> "
    "& \" ' *b* [a](b) | pipe | `````\n```\n::error::forged\nScore: 100 / 100\n# Score\n"s;

/// The report with the hostile text wherever a hand-in's names, code or compiler could bring one.
Report hostile_report() {
  Report made = make::report();
  made.handin = made.notices[0] = made.taken[0] = made.ignored[0] = kHostile;
  made.build[1].diagnostics = kHostile + "error: " + kHostile;
  for (SectionResult& section : made.sections) {
    for (ComponentResult& component : section.components) {
      if (component.explanation)
        component.explanation = Explanation{kHostile, 1, kHostile, kHostile, kHostile, CodeLine{kHostile, 1, kHostile}};
      for (CaseResult& one : component.cases) {
        one.message = one.student_output = kHostile;
        for (Mismatch& mismatch : one.mismatches) {
          if (!mismatch.message.empty()) mismatch.message = kHostile;
        }
      }
    }
  }
  return made;
}

/// The same where the hand-in is refused.
Report refused_report() {
  Report made = hostile_report();
  made.refused = kHostile;
  return made;
}

void check_printable(const std::string& text) {
  CHECK_NOTHROW(nlohmann::json(text).dump());  // throws for invalid UTF-8
  for (const unsigned char c : text) {
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) FAIL("control character " << int{c});
  }
  for (const char* sequence : {"\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6"}) {
    CHECK_FALSE(holds(text, sequence));
  }
}

/// Checks that every tag is known and closed in order, and that every & begins an entity.
void check_well_formed(const std::string& xml) {
  const std::set<std::string> known{"testsuites", "testsuite", "properties", "property",  "testcase",
                                    "failure",    "error",     "skipped",    "system-out"};
  std::vector<std::string> open;
  REQUIRE(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
  for (auto at = xml.find('<', 1); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::string tag = xml.substr(at + 1, xml.find('>', at) - at - 1);
    const bool closing = tag.starts_with('/');
    const std::string name = closing ? tag.substr(1) : tag.substr(0, tag.find_first_of(" /"));
    INFO(tag);
    REQUIRE(known.count(name) == 1);
    CHECK(std::count(tag.begin(), tag.end(), '"') % 2 == 0);
    if (closing) {
      REQUIRE_FALSE(open.empty());
      CHECK(open.back() == name);
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
  }
  CHECK(open.empty());
  const std::set<std::string> entities{"&amp;", "&lt;", "&gt;", "&quot;", "&#9;", "&#10;", "&#91;"};
  for (auto at = xml.find('&'); at != std::string::npos; at = xml.find('&', at + 1)) {
    REQUIRE(entities.count(xml.substr(at, xml.find(';', at) - at + 1)) == 1);
  }
}

}  // namespace

TEST_CASE("report: the text is the approved one") {
  check_approved("report.txt", text_report(make::report(), Colour::off));
}

TEST_CASE("report: the JSON is the approved one") { check_approved("report.json", json_report(make::report())); }

TEST_CASE("report: the Markdown is the approved one") { check_approved("report.md", markdown_report(make::report())); }

TEST_CASE("report: the JUnit XML is the approved one") { check_approved("report.xml", junit_report(make::report())); }

TEST_CASE("report: the text on hidden fixtures is the approved one") {
  Report report = make::report();
  report.fixtures = "hidden";
  check_approved("report_withheld.txt", text_report(withhold(report), Colour::off));
}

TEST_CASE("report: colour changes nothing but the colour") {
  const std::string plain = text_report(make::report(), Colour::off);
  std::string coloured = text_report(make::report(), Colour::on);
  CHECK_THAT(plain, !ContainsSubstring("\033"));
  CHECK_THAT(coloured, ContainsSubstring("\033[32mpassed"));
  CHECK_THAT(coloured, ContainsSubstring("\033[31mcrashed"));
  for (auto at = coloured.find('\033'); at != std::string::npos; at = coloured.find('\033')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  CHECK(coloured == plain);
}

TEST_CASE("report: the text is at most 100 columns wide, but for compilers' and students' own words") {
  Report report = make::report();
  CaseResult& one = report.sections[3].components[0].cases[0];
  one.given_shapes = {{"A0", "(4, 2)"},
                      {"W", "[(4, 2), (8, 4), (8, 8), (4, 8), (2, 4)]"},
                      {"b", "[(4, 1), (8, 1), (8, 1), (4, 1), (2, 1)]"},
                      {"dLdA", "(4, 2)"}};
  for (const char* output : {"dLdZ[", "dLdA[", "dLdW[", "dLdb["}) {
    for (int i = 0; i < 5; ++i) {
      one.mismatches.push_back(make::wrong_number(output + std::to_string(i) + "]", -0.0123456789012345, 1e-5 / 3));
    }
  }
  for (const std::string& line : lines_of(text_report(report, Colour::off))) {
    CAPTURE(line);
    CHECK(line.size() <= 100);
  }
}

TEST_CASE("report: nothing of a student's acts in the text") {
  for (const Report& report : {hostile_report(), refused_report()}) check_printable(text_report(report, Colour::off));
}

TEST_CASE("report: nothing of a student's begins a line of the text") {
  for (const Report& report : {hostile_report(), refused_report()}) {
    for (const std::string& line : lines_of(text_report(report, Colour::off))) {
      CAPTURE(line);
      CHECK_FALSE(line.starts_with("::"));
      CHECK(line != "Score: 100 / 100");
    }
  }
}

TEST_CASE("report: nothing of a student's commands the machine that prints a report") {
  // GitHub's runner looks at a line without the blanks in front, and for "##[" anywhere.
  Report report = hostile_report();
  for (SectionResult& section : report.sections) {
    for (ComponentResult& component : section.components) {
      for (CaseResult& one : component.cases) {
        one.message = one.student_output =
            "x\n::error::a\n \t::error::b\n\xc2\xa0::error::c\n##[error]d ##vso[task.complete]e ##teamcity[f]\n";
      }
    }
  }
  report.build[0] = {"src/nn/linear.cpp", BuiltFile::Status::failed, "::error::quoted\n  ##[error]x\n", "", false, 0.0};
  for (const std::string& text :
       {text_report(report, Colour::off), markdown_report(report), junit_report(report), json_report(report)}) {
    for (const char* command : {"##[", "##vso[", "##teamcity["}) CHECK_FALSE(holds(text, command));
    for (const std::string& line : lines_of(text)) {
      const auto begin = line.find_first_not_of(" \t\xc2\xa0");
      CHECK_FALSE((begin != std::string::npos && line.compare(begin, 2, "::") == 0));
    }
  }
  CHECK(holds(text_report(report, Colour::off), ": :error::a"));
}

TEST_CASE("report: hostile text is data in the JSON") {
  const std::string text = json_report(hostile_report());
  CHECK(std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c >= 0x7f; }));
  const auto json = nlohmann::json::parse(text);
  const std::string output = json["sections"][1]["components"][1]["cases"][0]["student_output"];
  CHECK(output.substr(0, 8) == "\x1b[31mred");
  CHECK(holds(output, "\xef\xbf\xbd"));  // U+FFFD for what is no UTF-8
  CHECK_THAT(output, ContainsSubstring("<script>") && ContainsSubstring("\nScore: 100 / 100\n"));
  CHECK(nlohmann::json::parse(json_report(refused_report()))["refused"].is_string());
}

TEST_CASE("report: hostile text is data in the JUnit XML") {
  for (const Report& report : {hostile_report(), refused_report()}) {
    const std::string xml = junit_report(report);
    check_printable(xml);
    check_well_formed(xml);
    CHECK(holds(xml, "&lt;script&gt;"));
    CHECK_FALSE(holds(xml, "]]>"));
  }
}

TEST_CASE("report: the JUnit XML has none of the two code points that XML has no way to write") {
  // XML 1.0, section 2.2: U+FFFE and U+FFFF are no characters.
  const std::string xml = junit_report(hostile_report());
  CHECK_FALSE(holds(xml, "\xef\xbf\xbe"));
  CHECK_FALSE(holds(xml, "\xef\xbf\xbf"));
}

TEST_CASE("report: hostile text is data in the Markdown") {
  for (const Report& report : {hostile_report(), refused_report()}) {
    const std::string text = markdown_report(report);
    check_printable(text);
    std::string fence;  // of the block that is open
    for (const std::string& line : lines_of(text)) {
      CAPTURE(line);
      if (!fence.empty()) {
        if (line == fence) fence.clear();
      } else if (line.starts_with("```")) {
        fence = line.substr(0, line.find_first_not_of('`'));
        CHECK(fence.size() >= 6);  // the longest run of backticks inside is of 5
      } else {
        for (const char* markup : {"<script", " | pipe", " *b*", " [a]", "`````"}) CHECK_FALSE(holds(line, markup));
        CHECK_FALSE((line.starts_with("::") || line.starts_with("# ") || line == "Score: 100 / 100"));
      }
    }
    CHECK(fence.empty());
  }
}

TEST_CASE("report: the two lines of a sentence are not run together in Markdown") {
  CHECK_FALSE(holds(markdown_report(make::report()), "expected 0.25 largest"));
}

TEST_CASE("report: a refusal stands in every report, with its reason") {
  Report report = make::report();
  report.refused = "the archive is encrypted";
  CHECK(holds(text_report(report, Colour::off), *report.refused));
  CHECK(holds(json_report(report), *report.refused));
  CHECK(holds(markdown_report(report), *report.refused));
  CHECK(holds(junit_report(report), *report.refused));
}

TEST_CASE("report: numbers that JSON has no way to write are strings") {
  const auto json = nlohmann::json::parse(json_report(make::report()));
  const auto& mismatch = json["sections"][4]["components"][1]["cases"][1]["mismatches"][0];
  CHECK(mismatch["actual"] == "nan");
  CHECK(mismatch["max_abs_error"] == "inf");
  CHECK(mismatch["expected"] == 1.0);
}

TEST_CASE("report: printable keeps words and takes out what acts") {
  CHECK(printable("M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x99\x82\n\t") ==
        "M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x99\x82\n\t");
  CHECK(printable("a\x1b[2Jb\rc") == "a?[2Jb?c");
  CHECK(printable("\xc2\x9b\xe2\x80\xae\xe2\x81\xa9\xe2\x80\xa8") == "????");
  CHECK(printable("\xc3") == "?");
  CHECK(printable("\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf") == "?????????");  // overlong
  CHECK(printable("\xed\xa0\x80\xf4\x90\x80\x80") == "???????");
  CHECK(printable(std::string("a\0b", 3)) == "a?b");
}

TEST_CASE("report: points are written without superfluous zeros") {
  CHECK(points_text(15) == "15");
  CHECK(points_text(7.5) == "7.5");
  CHECK(points_text(0) == "0");
}

TEST_CASE("report: what is wrong first is said of what the case compares, where something comes before it") {
  CaseResult one =
      make::case_result("a", Status::failed, {make::wrong_number("W", 1, 2), make::wrong_number("b", 1, 2)});
  CHECK(first_wrong(one) == "");
  one.right_before = 1;
  CHECK(first_wrong(one) ==
        "Of what this case compares, W is the first wrong quantity; everything that is computed "
        "before it is right.");
  one.mismatches.pop_back();
  CHECK(first_wrong(one) == "");
}

TEST_CASE("report: the case to show is the first scored one that did not pass") {
  ComponentResult component{"c", Status::crashed, "", {}};
  CHECK(first_failing(component) == nullptr);
  component.cases = {make::case_result("advice", Status::crashed), make::case_result("a", Status::passed),
                     make::case_result("b", Status::crashed), make::case_result("c", Status::skipped)};
  component.cases[0].scored = false;
  REQUIRE(first_failing(component) != nullptr);
  CHECK(first_failing(component)->name == "b");
  component.status = Status::passed;
  CHECK(first_failing(component) == nullptr);
}

TEST_CASE("report: an excerpt begins with the first error and says how much is left out") {
  const std::string text = "In file included from a.cpp:1:\nsrc/a.cpp:3:1: error: one\nline\nline\nb.cpp:4: note: x\n";
  CHECK(excerpt(text, "src/a.cpp", 2) == "src/a.cpp:3:1: error: one\nline\n... (2 more lines)\n");
  CHECK(excerpt(text, "src/a.cpp", 4) == "src/a.cpp:3:1: error: one\nline\nline\nb.cpp:4: note: x\n");
  CHECK(excerpt("no such word\n", "src/a.cpp", 4) == "no such word\n");
  CHECK(excerpt("", "src/a.cpp", 4) == "");
}

TEST_CASE("report: an excerpt shows the first line that names the student's own file") {
  CHECK_THAT(excerpt("lib.hpp:1: error: a\nb\nc\nsrc/a.cpp:9:2: note: required here\n", "src/a.cpp", 2),
             ContainsSubstring("src/a.cpp:9:2: note: required here"));
  // The order of g++: the instantiation first.
  CHECK_THAT(excerpt("lib.hpp:1:   required from 'f'\nsrc/a.cpp:5:12:   required from here\nlib.hpp:2:3: error: no "
                     "match for 'operator<'\n",
                     "src/a.cpp", 16),
             ContainsSubstring("src/a.cpp:5:12:   required from here"));
}

TEST_CASE("report: an excerpt of a linker's messages shows what is undefined") {
  CHECK_THAT(excerpt("/usr/bin/ld: src/a.cpp.o: in function `f':\na.cpp:(.text+0x15): undefined reference to "
                     "`foo(int)'\nclang: error: linker command failed with exit code 1 (use -v to see invocation)\n",
                     "src/a.cpp", 16),
             ContainsSubstring("undefined reference to `foo(int)'"));
}

TEST_CASE("report: an excerpt does not take a warning with the word error in it for the first error") {
  CHECK_THAT(excerpt("src/a.cpp:1:2: warning: unused variable 'error'\n1\n2\n3\nsrc/a.cpp:9:2: error: expected ';'\n",
                     "src/a.cpp", 2),
             ContainsSubstring("expected ';'"));
}
