// See assignment.hpp.
#include "autograder/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "autograder/grader_error.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

std::vector<ListedFile> parse_files(const json& node) {
  JsonObject object(node, "files");
  std::vector<ListedFile> files;
  for (const auto& [name, value] : node.items()) {
    JsonObject entry(object.at(name), "files." + name);
    ListedFile file;
    file.name = name;
    file.place = entry.find("place") ? entry.text("place") : name;
    file.required = entry.flag_or("required", true);
    entry.finish();
    files.push_back(file);
  }
  return files;
}

Component parse_component(const json& node, const std::string& where, Credit credit) {
  JsonObject object(node, where);
  Component component;
  component.id = object.text("id");
  component.needs_files = object.texts_or_none("needs_files");
  component.outputs = object.texts_or_none("outputs");
  component.forward = object.texts_or_none("forward");
  component.backward = object.texts_or_none("backward");
  component.steps = object.texts_or_none("steps");
  for (const auto* lists : {&component.forward, &component.backward, &component.steps}) {
    for (const std::string& name : *lists) {
      if (std::count(component.outputs.begin(), component.outputs.end(), name) == 0) {
        const std::string how = lists == &component.steps ? "step by step" : "layer by layer";
        throw JsonError(where + ": " + name + ", which is computed " + how + ", is not among the outputs");
      }
    }
  }
  if (credit == Credit::component) component.points = object.number("points");
  object.finish();
  return component;
}

Section parse_section(const json& node, const std::string& where) {
  JsonObject object(node, where);
  Section section;
  section.id = object.text("id");
  section.title = object.text("title");
  section.points = object.number("points");
  if (object.find("credit")) {
    const std::string credit = object.text("credit");
    if (credit != "section" && credit != "component") {
      throw JsonError(object.place("credit") + " must be \"section\" or \"component\"");
    }
    section.credit = credit == "section" ? Credit::section : Credit::component;
  }
  section.uses = object.texts_or_none("uses");
  const json& components = object.at("components");
  if (!components.is_array() || components.empty()) throw JsonError(where + ".components must be a list, not empty");
  double component_points = 0.0;
  for (std::size_t i = 0; i < components.size(); ++i) {
    section.components.push_back(
        parse_component(components[i], where + ".components[" + std::to_string(i) + "]", section.credit));
    component_points += section.components.back().points;
  }
  // Points are decimal fractions at most: a sum off by more than rounding is a slip in the data.
  if (section.credit == Credit::component && std::abs(component_points - section.points) > 1e-9) {
    throw JsonError(where + ": the points of the components do not add up to those of the section");
  }
  object.finish();
  return section;
}

/// "A.rows"
std::pair<std::string, Axis> parse_axis(const std::string& text, const std::string& where) {
  const auto point = text.rfind('.');
  const std::string axis = point == std::string::npos ? "" : text.substr(point + 1);
  if (axis != "rows" && axis != "cols") throw JsonError(where + " must be like \"A.rows\" or \"A.cols\"");
  return {text.substr(0, point), axis == "rows" ? Axis::rows : Axis::cols};
}

std::vector<Size> parse_sizes(const json& node) {
  JsonObject object(node, "sizes");
  std::vector<Size> sizes;
  for (const auto& [symbol, unused] : node.items()) {
    Size size{symbol, {}};
    for (const std::string& text : object.texts_or_none(symbol)) {
      size.from.push_back(parse_axis(text, object.place(symbol)));
    }
    sizes.push_back(size);
  }
  return sizes;
}

/// Far more than any homework needs, and far from what overflows when MiB become bytes.
constexpr std::size_t kLargestLimit = 1'000'000;

void parse_limits(const json& node, Assignment& assignment) {
  JsonObject object(node, "limits");
  CaseLimits& run = assignment.limits;
  CompileLimits& compile = assignment.compile_limits;
  if (object.find("case_cpu_seconds")) run.case_wall_seconds = 3 * object.count("case_cpu_seconds");
  const std::pair<const char*, std::size_t*> all[] = {{"case_cpu_seconds", &run.case_cpu_seconds},
                                                      {"case_wall_seconds", &run.case_wall_seconds},
                                                      {"component_wall_seconds", &run.component_wall_seconds},
                                                      {"memory_mb", &run.memory_mb},
                                                      {"output_mb", &run.output_mb},
                                                      {"answer_mb", &run.answer_mb},
                                                      {"threads", &run.threads},
                                                      {"open_files", &run.open_files},
                                                      {"compile_cpu_seconds", &compile.cpu_seconds},
                                                      {"compile_wall_seconds", &compile.wall_seconds},
                                                      {"compile_memory_mb", &compile.memory_mb},
                                                      {"compile_output_mb", &compile.output_mb},
                                                      {"compile_file_mb", &compile.file_mb},
                                                      {"compile_processes", &compile.processes},
                                                      {"compile_open_files", &compile.open_files}};
  for (const auto& [key, limit] : all) {
    *limit = object.count_or(key, *limit);
    if (*limit == 0 || *limit > kLargestLimit) {
      throw JsonError(object.place(key) + " must be between 1 and " + std::to_string(kLargestLimit));
    }
  }
  object.finish();
}

TestsSection parse_tests(const json& node) {
  JsonObject object(node, "tests");
  TestsSection tests;
  if (object.find("title")) tests.title = object.text("title");
  tests.points = object.number_or("points", tests.points);
  if (tests.points < 0) throw JsonError("tests.points is below 0");
  object.finish();
  return tests;
}

/// The places of the sources that a section's components need.
std::set<std::string> needed_by(const Section& section) {
  std::set<std::string> places;
  for (const Component& component : section.components) {
    places.insert(component.needs_files.begin(), component.needs_files.end());
  }
  return places;
}

/// With the solution in the place of all that it uses, something of a section has to be the student's own.
void check_uses(const Section& section, const std::vector<Section>& all) {
  std::set<std::string> own = needed_by(section);
  for (const Section& other : all) {
    if (std::count(section.uses.begin(), section.uses.end(), other.id) == 0) continue;
    for (const std::string& place : needed_by(other)) own.erase(place);
  }
  if (own.empty() && !section.uses.empty()) {
    throw JsonError("the section " + section.id +
                    " uses sections that need all of its files: none would be left that " + "is its own");
  }
}

/// Refuses what the parts do not show each: ids and places that occur twice, needed files that are not listed.
void check_whole(const Assignment& assignment) {
  std::set<std::string> ids, sections, places;
  for (const ListedFile& file : assignment.files) {
    if (!places.insert(file.place).second) throw JsonError("two files have the place " + file.place);
  }
  for (const Section& section : assignment.sections) {
    for (const std::string& id : section.uses) {
      // One that comes later could use this one.
      if (!sections.count(id))
        throw JsonError("the section " + section.id + " uses " + id + ", which must come before it");
    }
    check_uses(section, assignment.sections);
    if (section.id == kTestsSection) throw JsonError("the section " + section.id + " is that of the students' tests");
    if (!sections.insert(section.id).second) throw JsonError("the section " + section.id + " occurs twice");
    if (section.points < 0) throw JsonError("the section " + section.id + " has points below 0");
    for (const Component& component : section.components) {
      if (!ids.insert(component.id).second) throw JsonError("the component " + component.id + " occurs twice");
      for (const std::string& place : component.needs_files) {
        const bool listed = std::any_of(assignment.files.begin(), assignment.files.end(),
                                        [&](const ListedFile& file) { return file.place == place; });
        if (!listed) throw JsonError("the component " + component.id + " needs " + place + ", which `files` lacks");
      }
    }
  }
}

}  // namespace

double Assignment::max_score() const {
  double sum = tests.points;
  for (const Section& section : sections) sum += section.points;
  return sum;
}

const Component* Assignment::find_component(const std::string& id) const {
  for (const Section& section : sections) {
    for (const Component& component : section.components) {
      if (component.id == id) return &component;
    }
  }
  return nullptr;
}

std::vector<std::string> Assignment::component_ids() const {
  std::vector<std::string> ids;
  for (const Section& section : sections) {
    for (const Component& component : section.components) ids.push_back(component.id);
  }
  return ids;
}

const ListedFile* Assignment::find_file(const std::string& name) const {
  const auto file = std::find_if(files.begin(), files.end(), [&](const ListedFile& f) { return f.name == name; });
  return file == files.end() ? nullptr : &*file;
}

Assignment parse_assignment(const std::string& text) {
  const json document = parse_strict(text);
  JsonObject object(document, "");
  if (object.count("format") != 1) throw JsonError("format must be 1");
  Assignment assignment;
  assignment.id = object.text("id");
  assignment.title = object.text("title");
  assignment.name_space = object.text("namespace");
  assignment.files = parse_files(object.at("files"));
  const json& sections = object.at("sections");
  if (!sections.is_array() || sections.empty()) throw JsonError("sections must be a list, not empty");
  for (std::size_t i = 0; i < sections.size(); ++i) {
    assignment.sections.push_back(parse_section(sections[i], "sections[" + std::to_string(i) + "]"));
  }
  if (const json* sizes = object.find("sizes")) assignment.sizes = parse_sizes(*sizes);
  if (const json* limits = object.find("limits")) parse_limits(*limits, assignment);
  if (const json* policy = object.find("policy")) assignment.policy = parse_policy(*policy);
  if (const json* tests = object.find("tests")) assignment.tests = parse_tests(*tests);
  object.finish();
  check_whole(assignment);
  return assignment;
}

Assignment read_assignment(const fs::path& root, const std::string& id) {
  const fs::path path = root / "fixtures" / id / "assignment.json";
  const std::string text = read_file(path);
  try {
    Assignment assignment = parse_assignment(text);
    if (assignment.id != id) throw JsonError("id is \"" + assignment.id + "\" in the folder " + id);
    return assignment;
  } catch (const JsonError& error) {
    throw GraderError("reading " + path.string() + ": " + error.what());
  }
}

std::vector<std::string> list_assignments(const fs::path& root) {
  std::vector<std::string> ids;
  std::error_code ignored;  // a root without fixtures/ has no assignments
  for (const auto& entry : fs::directory_iterator(root / "fixtures", ignored)) {
    if (fs::exists(entry.path() / "assignment.json")) ids.push_back(entry.path().filename().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code unknown;
  const auto size = fs::file_size(path, unknown);
  std::string content;
  if (!unknown) content.reserve(size);
  char buffer[1 << 14];
  while (file.read(buffer, sizeof buffer), file.gcount() > 0) {
    content.append(buffer, static_cast<std::size_t>(file.gcount()));
  }
  if (file.is_open() && !file.bad()) return content;
  throw GraderError("reading " + path.string() + ": no such file, or it is not readable");
}

}  // namespace autograder
