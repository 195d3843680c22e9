// See fixture.hpp.
#include "autograder/fixture.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "autograder/digest.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The value at a place of the document; a JsonError names it.
Value value_at(const json& node, const std::string& place) {
  try {
    return value_from_json(node);
  } catch (const JsonError& error) {
    throw JsonError(place + ": " + error.what());
  }
}

bool holds_nan(const Value& value) {
  if (const auto* number = std::get_if<double>(&value.content)) return std::isnan(*number);
  if (const auto* list = std::get_if<List>(&value.content)) return std::any_of(list->begin(), list->end(), holds_nan);
  const auto* matrix = std::get_if<Matrix>(&value.content);
  return matrix && std::any_of(matrix->entries.begin(), matrix->entries.end(), [](double e) { return std::isnan(e); });
}

enum class Nan { refused, allowed };

std::vector<std::pair<std::string, Value>> parse_expected(const json& node, const std::string& where,
                                                          const Component& component, Nan nan) {
  JsonObject object(node, where);
  std::vector<std::pair<std::string, Value>> expected;
  std::vector<std::string> order = component.outputs;
  order.push_back(kArgumentsUnchanged);
  for (const std::string& output : order) {
    const json* member = object.find(output);
    if (!member) continue;
    expected.emplace_back(output, value_at(*member, object.place(output)));
    if (nan == Nan::refused && holds_nan(expected.back().second)) {
      throw JsonError(object.place(output) + " holds nan, which nothing matches");
    }
  }
  object.finish();
  if (expected.empty()) throw JsonError(where + " expects nothing");
  return expected;
}

/// A list of matrices is described by the shapes of its elements, unless they are many.
std::string given_shape(const Value& value) {
  const auto* list = std::get_if<List>(&value.content);
  if (!list || list->empty() || list->size() > 5) return shape_text(value);
  std::string text;
  for (const Value& element : *list) text += (text.empty() ? "" : ", ") + shape_text(element);
  return "[" + text + "]";
}

std::vector<std::pair<std::string, std::string>> shapes_of(const json& given, const std::string& where) {
  std::vector<std::pair<std::string, std::string>> shapes;
  for (const auto& [name, node] : given.items()) {
    if (name == "before") continue;
    const Value value = value_at(node, where + "." + name);
    if (node.is_array()) shapes.emplace_back(name, given_shape(value));
  }
  return shapes;
}

/// The calls that come first, on the same object: what is in their inputs is between fixture and worker.
void check_before(const json& given, const std::string& where) {
  if (!given.contains("before")) return;
  const json& before = given.at("before");
  if (!before.is_array()) throw JsonError(where + ".before must be a list of {operation, given}");
  for (std::size_t i = 0; i < before.size(); ++i) {
    JsonObject call(before[i], where + ".before[" + std::to_string(i) + "]");
    call.text("operation");
    JsonObject(call.at("given"), call.place("given"));
    call.finish();
  }
}

double tolerance_or(JsonObject& object, const std::string& key, double otherwise) {
  const double tolerance = object.number_or(key, otherwise);
  if (tolerance < 0) throw JsonError(object.place(key) + " must not be below 0");
  return tolerance;
}

/// What known slips would answer: of each an id, a sentence, and those outputs that are others than expected.
void check_suspects(const json& node, const std::string& where, const Component& component) {
  if (!node.is_array()) throw JsonError(where + " must be a list");
  for (std::size_t i = 0; i < node.size(); ++i) {
    JsonObject suspect(node[i], where + "[" + std::to_string(i) + "]");
    suspect.text("id");
    suspect.text("sentence");
    parse_expected(suspect.at("expected"), suspect.place("expected"), component, Nan::allowed);
    suspect.finish();
  }
}

void check_provenance(const json& node) {
  JsonObject provenance(node, "provenance");
  provenance.text("generator");
  provenance.text("oracle");
  provenance.at("seed");
  provenance.finish();
}

}  // namespace

std::string request_of(const std::string& component, const std::string& operation, const json& given) {
  return json{{"component", component}, {"operation", operation}, {"given", given}}.dump();
}

Case case_of(const json& node, const std::string& where, const Component& component) {
  JsonObject object(node, where);
  Case parsed;
  parsed.name = object.text("name");
  parsed.operation = object.text("operation");
  const json& given = object.at("given");
  JsonObject(given, object.place("given"));  // must be an object; what is in it is between fixture and worker
  parsed.given = given.dump();
  parsed.request = request_of(component.id, parsed.operation, given);
  check_before(given, object.place("given"));
  parsed.given_shapes = shapes_of(given, object.place("given"));
  parsed.expected = parse_expected(object.at("expected"), object.place("expected"), component, Nan::refused);
  parsed.tolerance.rtol = tolerance_or(object, "rtol", parsed.tolerance.rtol);
  parsed.tolerance.atol = tolerance_or(object, "atol", parsed.tolerance.atol);
  parsed.scored = object.flag_or("scored", true) ? Scored::yes : Scored::no;
  if (const json* suspects = object.find("suspects")) {
    check_suspects(*suspects, object.place("suspects"), component);
    parsed.suspects = suspects->dump();
  }
  object.finish();
  return parsed;
}

Fixture parse_fixture(const std::string& text, const Assignment& assignment, const Component& component) {
  const json document = parse_strict(text);
  JsonObject object(document, "");
  if (object.count("format") != 1) throw JsonError("format must be 1");
  if (object.text("assignment") != assignment.id) throw JsonError("assignment must be \"" + assignment.id + "\"");
  if (object.text("component") != component.id) throw JsonError("component must be \"" + component.id + "\"");
  check_provenance(object.at("provenance"));
  const json& cases = object.at("cases");
  if (!cases.is_array()) throw JsonError("cases must be a list");
  Fixture fixture{component.id, {}};
  std::set<std::string> names;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    fixture.cases.push_back(case_of(cases[i], "cases[" + std::to_string(i) + "]", component));
    const std::string& name = fixture.cases.back().name;
    if (!names.insert(name).second) throw JsonError("two cases are called \"" + name + "\"");
  }
  object.finish();
  const bool any_scored = std::any_of(fixture.cases.begin(), fixture.cases.end(),
                                      [](const Case& one) { return one.scored == Scored::yes; });
  if (!any_scored) throw JsonError("no case is scored: the component would pass untested");
  return fixture;
}

FixtureSet read_fixtures(const fs::path& root, const Assignment& assignment, const std::string& which) {
  const fs::path home = root / "fixtures" / assignment.id;
  const bool named = which == "public" || which == "hidden";
  const fs::path folder = named ? home / which : fs::path(which);
  if (!fs::is_directory(folder)) {
    throw GraderError("reading fixtures: there is no folder " + folder.string() +
                      ". Give --fixtures public, or the folder that holds one .json file a component.");
  }
  std::error_code missing;  // a course folder without public fixtures has nothing open
  const bool open = fs::equivalent(folder, home / "public", missing) && !missing;

  FixtureSet set;
  set.folder = folder;
  // Not the path: reports go to students.
  set.name = open ? "public" : fs::path(which).lexically_normal().filename().string();
  if (set.name.empty()) set.name = folder.parent_path().filename().string();
  set.visibility = open ? Visibility::open : Visibility::withheld;
  std::string all;
  for (const std::string& id : assignment.component_ids()) {
    const fs::path path = folder / (id + ".json");
    const std::string text = read_file(path);
    all += id + "\n" + text;
    try {
      set.by_component[id] = parse_fixture(text, assignment, *assignment.find_component(id));
    } catch (const JsonError& error) {
      throw GraderError("reading " + path.string() + ": " + error.what());
    }
  }
  set.sha256 = sha256(all);
  return set;
}

}  // namespace autograder
