// The hostile collection: a row of hostile/README.md a test case, every hand-in on every tier that this machine has.
// The format of a hand-in is in hostile.hpp, what it may reach in hostile_world.hpp. With AUTOGRADER_HOSTILE=TEXT in
// the environment only hand-ins with that in their name are graded; with AUTOGRADER_TIMES=1 each says its time.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <sstream>

#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/hostile_world.hpp"
#include "autograder/tests/tiers.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// Whether a tier closes what an attack needs, by the names of the key `confined`. The filter and the limits hold in
/// all.
bool closes(const Sandbox& sandbox, const std::string& what) { return what != "files" || sandbox.closes_files; }

/// No tier of the grader's: a launcher without filter and without anything else, in which attacks must succeed. It is a
/// copy, as one of them writes over it.
Sandbox in_the_open_air() {
  Sandbox sandbox;
  sandbox.closes_files = false;
  sandbox.folder = std::make_shared<TemporaryFolder>();
  sandbox.launcher = sandbox.folder->path() / "launcher";
  fs::copy_file(OPEN_LAUNCHER, sandbox.launcher);
  return sandbox;
}

/// The local machine, with lower limits for compilers: the tests are about what happens at a limit, not about where it
/// is.
Machine machine_for(const Hostile& hostile, const Sandbox& sandbox) {
  Machine machine = local_machine(sandbox);
  // The fixtures are large, the tests many, and nobody else writes to the course.
  machine.course = [read = machine.course, &hostile](const GradeOptions& options, const Contents& contents) {
    static std::map<std::string, std::shared_ptr<const Course>> by_fixtures;
    std::shared_ptr<const Course>& known = by_fixtures[options.fixtures];
    if (!known) known = read(options, contents);
    auto own = std::make_shared<Course>(*known);
    own->assignment.limits.memory_mb = 1024;
    own->assignment.limits.case_cpu_seconds = hostile.case_cpu_seconds;
    own->assignment.limits.case_wall_seconds = hostile.case_wall_seconds;
    return own;
  };
  machine.run = [run = machine.run, &hostile](Command command) {
    command.limits.cpu_seconds = hostile.compile_cpu_seconds;
    command.limits.memory_bytes = hostile.compile_memory_bytes;
    return run(command);
  };
  return machine;
}

/// Builds the solution into the cache, once a tier.
void store_solution(const Sandbox& sandbox) {
  static std::set<fs::path> stored;
  if (!stored.insert(sandbox.launcher).second) return;
  GradeOptions options;
  options.handin = course_folder() / "reference" / "mytorch";
  options.root = course_folder();
  options.assignment = "mytorch";
  options.sandbox = sandbox;
  options.cache = test_cache();
  const TemporaryFolder folder(sandbox.user);
  prepare(options, local_machine(sandbox), folder.path());
}

Report grade_hostile(const Hostile& hostile, const LaidOut& laid, const Sandbox& sandbox) {
  GradeOptions options;
  options.handin = laid.path;
  options.root = course_folder();
  options.assignment = "mytorch";
  options.fixtures = hostile.fixtures;
  options.only = hostile.only;
  options.sandbox = sandbox;
  const TemporaryFolder folder(sandbox.user);
  const Sweep at_end(sandbox);
  const Machine machine = machine_for(hostile, sandbox);
  // An attack on compilers is never taken from the cache, and one with tokens of this run would not be found again.
  store_solution(sandbox);
  options.cache = test_cache(laid.lasting && !hostile.compile ? CacheUse::reads_and_stores : CacheUse::reads);
  auto prepared = prepare(options, machine, folder.path());
  if (auto* refused = std::get_if<Report>(&prepared)) return *refused;
  const Workbench& bench = std::get<Workbench>(prepared);
  return assess(bench, options, machine);
}

/// Statuses of the lost sections of which anything was asked for.
std::map<std::string, std::string> lost_of(const Report& report, const std::vector<std::string>& only) {
  std::map<std::string, std::string> lost;
  for (const SectionResult& section : report.sections) {
    const bool asked = std::any_of(section.components.begin(), section.components.end(), [&](const auto& component) {
      return std::find(only.begin(), only.end(), component.id) != only.end();
    });
    if (!asked || section.score == section.max_score) continue;
    lost[section.id] = name_of(section.status);
  }
  return lost;
}

std::string text_of(const std::map<std::string, std::string>& lost) {
  std::string text;
  for (const auto& [section, status] : lost) text += section + " " + status + "; ";
  return text;
}

void check_kinds(const Report& report, const Hostile& hostile) {
  for (const SectionResult& section : report.sections) {
    for (const ComponentResult& component : section.components) {
      const auto wanted = hostile.kinds.find(component.id);
      if (wanted == hostile.kinds.end()) continue;
      const CaseResult* one = first_failing(component);
      CAPTURE(component.id);
      CHECK((one && !one->mismatches.empty() ? name_of(one->mismatches[0].kind) : "none") == wanted->second);
    }
  }
}

/// Those of ASCII but for line breaks and tabs, U+0080 to U+009F, and those that turn the direction of text.
bool has_control_characters(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return true;
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (c == 0xc2 && next < 0xa0) return true;
    if (text.compare(i, 3, "\xe2\x80\xae") == 0) return true;
  }
  return false;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Whether a line would be a command to the machine that runs CI and reads what is printed. It looks at lines without
/// the blanks in front ("::error::"), and for the older form anywhere ("##[error]", "##vso[task...]").
bool commands_a_runner(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    for (const char* old : {"##[", "##vso[", "##teamcity["}) {
      if (line.find(old) != std::string::npos) return true;
    }
    const auto begin = line.find_first_not_of(" \t");
    if (begin != std::string::npos && line.compare(begin, 2, "::") == 0) return true;
  }
  return false;
}

/// Whether text between tags, or the value of an attribute, holds what begins markup.
bool has_bare_markup(const std::string& text) {
  static const std::set<std::string> entities{"amp", "lt", "gt", "quot", "#9", "#10", "#91"};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') return true;
    if (text[i] != '&') continue;
    const std::string name = text.substr(i + 1, text.find(';', i) - i - 1);
    if (!entities.count(name)) return true;
  }
  return false;
}

/// Reads as much of XML 1.0 as the report needs: elements close in order, "<" and "&" stand for themselves nowhere.
bool is_well_formed(const std::string& xml) {
  std::vector<std::string> open;
  std::size_t at = xml.find("?>") + 2;
  while (at < xml.size()) {
    const auto begin = xml.find('<', at);
    if (has_bare_markup(xml.substr(at, begin - at))) return false;
    if (begin == std::string::npos) break;
    const auto name_end = xml.find_first_of(" />", begin + 2);
    if (name_end == std::string::npos) return false;
    const std::string name = xml.substr(begin + 1, name_end - begin - 1);
    // Attributes: what is quoted may hold ">".
    std::size_t end = name_end;
    while (end < xml.size() && xml[end] != '>') {
      if (xml[end] != '"') {
        ++end;
        continue;
      }
      const auto closing = xml.find('"', end + 1);
      if (closing == std::string::npos || has_bare_markup(xml.substr(end + 1, closing - end - 1))) return false;
      end = closing + 1;
    }
    if (name.starts_with('/')) {
      if (open.empty() || "/" + open.back() != name) return false;
      open.pop_back();
    } else if (xml[end - 1] != '/') {
      open.push_back(name);
    }
    at = end + 1;
  }
  return open.empty();
}

/// HTML or a link outside of code blocks.
bool has_markup(const std::string& markdown) {
  std::string fence;
  for (const std::string& line : lines_of(markdown)) {
    if (fence.empty() && line.starts_with("```")) {
      fence = line.substr(0, line.find_first_not_of('`'));
    } else if (!fence.empty()) {
      if (line == fence) fence.clear();
    } else if (line.find('<') != std::string::npos || line.find("](") != std::string::npos) {
      return true;
    }
  }
  return !fence.empty();
}

/// As the command line shows it: under hidden fixtures without what is withheld.
std::map<std::string, std::string> formats(const Report& report) {
  const Report shown = report.visibility == Visibility::withheld ? withhold(report) : report;
  return {{"text", text_report(shown, Colour::off)},
          {"json", json_report(shown)},
          {"markdown", markdown_report(shown)},
          {"junit", junit_report(shown)}};
}

void check_formats(const Report& report, const Hostile& hostile) {
  const auto written = formats(report);
  for (const auto& [format, text] : written) {
    CAPTURE(format);
    CHECK_FALSE(has_control_characters(text));
    CHECK_FALSE(commands_a_runner(text));
    for (const std::string& secret : hostile.not_says) CHECK(text.find(secret) == std::string::npos);
  }
  CHECK_FALSE(has_markup(written.at("markdown")));
  CHECK(is_well_formed(written.at("junit")));
  CHECK_NOTHROW(parse_strict(written.at("json")));
  for (const std::string& says : hostile.verdict.says) {
    CAPTURE(says);
    CHECK((written.at("text").find(says) != std::string::npos || written.at("json").find(says) != std::string::npos));
  }
}

bool any_holds(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return text.find(part) != text.npos; });
}

/// None, but for what the verdict says: where nothing confines an attack, damage proves that it is one.
void check_damage(const std::vector<std::string>& damage, const Hostile& hostile) {
  CAPTURE(damage);
  for (const std::string& wanted : hostile.damage) CHECK(any_holds(damage, wanted));
  if (hostile.damage.empty()) CHECK(damage.empty());
}

void check_on(const Hostile& hostile, const Sandbox& sandbox) {
  World world(hostile);
  HandinFolder handin(hostile.verdict.base);
  const LaidOut laid = lay_out(hostile, world.tokens(), handin);
  const auto begin = std::chrono::steady_clock::now();
  world.begin();
  Report report;
  std::string failure;
  try {
    report = grade_hostile(hostile, laid, sandbox);
  } catch (const GraderError& error) {
    failure = error.what();
  }
  std::vector<std::string> damage = world.damage();
  if (!failure.empty()) damage.push_back("made the grader fail: " + failure);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  INFO(text_report(report, Colour::off).substr(0, 6000));
  CHECK(seconds < hostile.seconds);
  check_damage(damage, hostile);
  if (!failure.empty()) return;
  CHECK(report.refused.has_value() == !hostile.refused.empty());
  if (report.refused) CHECK_THAT(*report.refused, ContainsSubstring(hostile.refused));
  CHECK(report.score == hostile.verdict.score);
  if (!report.refused) {
    if (std::getenv("AUTOGRADER_TIMES")) std::cout << text_of(lost_of(report, hostile.only)) << "| ";
    const auto lost = lost_of(report, hostile.only);
    INFO("lost: " + text_of(lost) + "and not: " + text_of(hostile.verdict.sections));
    CHECK(agree(lost, hostile.verdict));
  }
  check_kinds(report, hostile);
  check_formats(report, hostile);
}

void check_and_time(const Hostile& hostile, const Sandbox& sandbox, const std::string& where) {
  INFO("tier " << where);
  const auto begin = std::chrono::steady_clock::now();
  check_on(hostile, sandbox);
  if (!std::getenv("AUTOGRADER_TIMES")) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cout << seconds << " s  " << where << ": " << hostile.name << "\n";
}

void check(const Hostile& hostile) {
  INFO(hostile.name);
  REQUIRE(!tiers().empty());
  for (const Sandbox& sandbox : tiers()) {
    if (closes(sandbox, hostile.confined)) {
      check_and_time(hostile, sandbox, name_of(sandbox.tier));
    } else {
      std::cout << "not in tier " << name_of(sandbox.tier) << ", which closes no files: " << hostile.name << "\n";
    }
    if (hostile.once) break;
  }
  // An attack is one or is none, whoever runs it: root is asked, who has the most to lose.
  if (geteuid() != 0) return;
  if (const auto open = in_the_open(hostile)) check_and_time(*open, in_the_open_air(), "in the open");
}

/// The folders of one row; 25 stands for all from there on.
std::vector<fs::path> folders_of(int row) {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(fs::path(TEST_DATA) / "hostile")) {
    const int number = std::atoi(entry.path().filename().c_str());
    if (number == row) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

void check_row(int row) {
  const char* only = std::getenv("AUTOGRADER_HOSTILE");  // part of a name, to try one
  const auto folders = folders_of(row);
  REQUIRE(!folders.empty());
  for (const fs::path& folder : folders) {
    for (const Hostile& hostile : read_hostile(folder)) {
      if (!only || hostile.name.find(only) != std::string::npos) check(hostile);
    }
  }
}

}  // namespace

TEST_CASE("hostile: row 1, reads what is ours at run time") { check_row(1); }
TEST_CASE("hostile: row 2, reads what is ours at compile time") { check_row(2); }
TEST_CASE("hostile: row 3, prints forged results") { check_row(3); }
TEST_CASE("hostile: row 4, writes forged results to descriptor 3") { check_row(4); }
TEST_CASE("hostile: row 5, ends the program early") { check_row(5); }
TEST_CASE("hostile: row 6, defines what others define") { check_row(6); }
TEST_CASE("hostile: row 7, redefines names by macros") { check_row(7); }
TEST_CASE("hostile: row 8, brings or calls a finished solution") { check_row(8); }
TEST_CASE("hostile: row 9, environment variables") { check_row(9); }
TEST_CASE("hostile: row 10, overwrites what is ours") { check_row(10); }
TEST_CASE("hostile: row 11, reaches other processes") { check_row(11); }
TEST_CASE("hostile: row 12, leaves processes behind") { check_row(12); }
TEST_CASE("hostile: row 13, fork bombs and thread bombs") { check_row(13); }
TEST_CASE("hostile: row 14, memory bombs") { check_row(14); }
// Minutes of waiting for limits, which work alike for all users: an ordinary one need not wait again.
TEST_CASE("hostile: row 15, never answers", "[waits]") { check_row(15); }
TEST_CASE("hostile: row 16, never compiles", "[waits]") { check_row(16); }
TEST_CASE("hostile: row 17, floods") { check_row(17); }
TEST_CASE("hostile: row 18, archives") { check_row(18); }
TEST_CASE("hostile: row 19, network") { check_row(19); }
TEST_CASE("hostile: row 20, answers by table") { check_row(20); }
TEST_CASE("hostile: row 21, leaks hidden inputs through the report") { check_row(21); }
TEST_CASE("hostile: row 22, markup in names, messages and output") { check_row(22); }
TEST_CASE("hostile: row 23, behaves in some cases only") { check_row(23); }
TEST_CASE("hostile: row 24, numbers and shapes that are none") { check_row(24); }
TEST_CASE("hostile: row 25, object files") { check_row(25); }
TEST_CASE("hostile: row 26, limits and signals") { check_row(26); }
TEST_CASE("hostile: row 27, the worker's own state") { check_row(27); }
TEST_CASE("hostile: row 28, files and folders") { check_row(28); }
TEST_CASE("hostile: row 29, forged diagnostics") { check_row(29); }

TEST_CASE("hostile: every row has hand-ins, and every hand-in a row") {
  std::size_t count = 0;
  for (int row = 1; row <= 29; ++row) {
    CAPTURE(row);
    CHECK(!folders_of(row).empty());
    count += folders_of(row).size();
  }
  std::size_t all = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TEST_DATA) / "hostile")) {
    all += entry.is_directory() && entry.path().filename() != "parts" ? 1 : 0;
  }
  CHECK(count == all);
}
