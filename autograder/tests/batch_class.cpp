// See batch_class.hpp.
#include "autograder/tests/batch_class.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "autograder/assignment.hpp"
#include "autograder/tests/catch.hpp"

namespace autograder_tests {

using namespace autograder;

namespace {

void drop_times(nlohmann::json& node) {
  if (node.is_object()) {
    for (const char* key : {"seconds", "cached"}) node.erase(key);
  }
  if (node.is_structured()) {
    for (auto& child : node) drop_times(child);
  }
}

}  // namespace

std::string table_in(const fs::path& out) {
  std::istringstream lines(read_file(out / "gradebook.csv"));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    for (int column = 0; column < 3; ++column) line.resize(line.rfind(','));
    text += line + "\n";
  }
  return text;
}

std::string report_in(const fs::path& out, const std::string& name) {
  auto report = nlohmann::json::parse(read_file(out / "reports" / (name + ".json")));
  drop_times(report);
  return report.dump(2);
}

Class::Class() {
  for (const char* name : {"alice", "bob", "carl", "dora"}) {
    fs::create_directories(handins / name);
    fs::copy(course_folder() / "reference/mytorch/src", handins / name / "src", fs::copy_options::recursive);
  }
  edit("carl", "src/optim/sgd.cpp", "-=", "+=");
  std::ofstream(handins / "dora/src/optim/sgd.cpp") << "this is no C++\n";
  std::ofstream(handins / "eve.tar") << "this is no archive";
}

void Class::edit(const std::string& name, const std::string& file, const std::string& find,
                 const std::string& put) const {
  std::string text = read_file(handins / name / file);
  const auto at = text.find(find);
  REQUIRE(at != std::string::npos);
  std::ofstream(handins / name / file) << text.replace(at, find.size(), put);
}

Command Class::command(const std::vector<std::string>& words) const {
  Command made;
  made.arguments = {AUTOGRADER_PROGRAM, "batch", handins, "--out", out, "--jobs", "2"};
  made.arguments.insert(made.arguments.end(), words.begin(), words.end());
  made.folder = "/";
  made.environment = {"PATH=/usr/bin:/bin", std::string("XDG_CACHE_HOME=") + SCRATCH};
  made.limits.wall_seconds = 300;
  made.limits.cpu_seconds = 300;
  return made;
}

Completed Class::run(const std::vector<std::string>& words) const {
  const Completed completed = run_to_end(command(words));
  INFO(completed.output + completed.errors);
  REQUIRE(std::holds_alternative<Exited>(completed.ending));
  return completed;
}

bool Class::reports_are_the_journals() const {
  const Journal journal(out / "journal.sqlite");
  std::map<std::string, std::string> wanted, found;
  for (const Record& record : journal.last()) {
    const Renderings reports = journal.reports(record.number);
    wanted[record.name + ".json"] = reports.json;
    wanted[record.name + ".txt"] = reports.text;
    wanted[record.name + ".md"] = reports.markdown;
  }
  for (const auto& entry : fs::directory_iterator(out / "reports")) {
    found[entry.path().filename()] = read_file(entry.path());
  }
  return wanted == found;
}

std::vector<Record> Class::records() const { return Journal(out / "journal.sqlite").all(); }

std::map<std::string, int> Class::times_graded() const {
  std::map<std::string, int> times;
  for (const Record& record : records()) ++times[record.name];
  return times;
}

int exit_code(const Completed& completed) {
  REQUIRE(std::holds_alternative<Exited>(completed.ending));
  return std::get<Exited>(completed.ending).code;
}

}  // namespace autograder_tests
