// See edits.hpp.
#include "autograder/edits.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "autograder/grader_error.hpp"
#include "autograder/solution.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// An entry's edit. Throws JsonError where it does not fit.
Edit parse_edit(JsonObject& object, const Handin& solution) {
  Edit edit{object.text("file"), object.text("find"), object.text("replace")};
  try {
    edited(solution, edit);
  } catch (const std::invalid_argument& error) {
    throw JsonError(object.place("find") + ": " + error.what());
  }
  return edit;
}

/// A text, a list of texts, or null.
std::set<std::string> texts_of(const json& node, const std::string& where) {
  if (node.is_null()) return {};
  if (node.is_string()) return {node.get<std::string>()};
  std::set<std::string> texts;
  if (!node.is_array()) throw JsonError(where + " must be a text, a list of texts, or null");
  for (const json& one : node) {
    if (!one.is_string()) throw JsonError(where + " must be a text, a list of texts, or null");
    texts.insert(one.get<std::string>());
  }
  return texts;
}

Mutation parse_mutation(const json& node, const std::string& where, const Assignment& assignment,
                        const Handin& solution) {
  JsonObject object(node, where);
  Mutation mutation;
  mutation.why = object.text("why");
  mutation.edit = parse_edit(object, solution);
  for (const std::string& id : object.texts_or_none("sections")) {
    const bool known = std::any_of(assignment.sections.begin(), assignment.sections.end(),
                                   [&](const Section& section) { return section.id == id; });
    if (!known) throw JsonError(object.place("sections") + ": there is no section " + id);
    mutation.sections.insert(id);
  }
  if (mutation.sections.empty()) throw JsonError(object.place("sections") + " is empty: what should it lose?");
  if (const json* hints = object.find("hint")) mutation.hints = texts_of(*hints, object.place("hint"));
  object.finish();
  return mutation;
}

/// Reads {"format": 1, "<key>": [...]}, handing each entry on with its place.
void read_list(const fs::path& file, const std::string& key,
               const std::function<void(const json&, const std::string&)>& take) {
  try {
    const json document = parse_strict(read_file(file));
    JsonObject object(document, "");
    if (object.count("format") != 1) throw JsonError("format must be 1");
    const json& list = object.at(key);
    if (!list.is_array()) throw JsonError(key + " must be a list");
    for (std::size_t i = 0; i < list.size(); ++i) take(list[i], key + "[" + std::to_string(i) + "]");
    object.finish();
  } catch (const JsonError& error) {
    throw GraderError("reading " + file.string() + ": " + error.what());
  }
}

}  // namespace

Handin edited(const Handin& handin, const Edit& edit) {
  Handin other = handin;
  const auto file = other.files.find(edit.file);
  if (file == other.files.end()) throw std::invalid_argument("there is no file " + edit.file);
  const auto at = file->second.find(edit.find);
  if (edit.find.empty() || at == std::string::npos || file->second.find(edit.find, at + 1) != std::string::npos) {
    throw std::invalid_argument(edit.file + " does not hold exactly once: " + edit.find);
  }
  file->second.replace(at, edit.find.size(), edit.replace);
  return other;
}

std::vector<Mutation> read_mutations(const fs::path& root, const Assignment& assignment, const Handin& solution) {
  std::vector<Mutation> mutations;
  read_list(solution_folder(root, assignment) / "mutations.json", "mutations",
            [&](const json& node, const std::string& where) {
              mutations.push_back(parse_mutation(node, where, assignment, solution));
            });
  return mutations;
}

std::vector<Equivalent> read_equivalents(const fs::path& root, const Assignment& assignment, const Handin& solution) {
  std::vector<Equivalent> equivalents;
  const fs::path file = solution_folder(root, assignment) / "equivalent.json";
  if (!fs::exists(file)) return equivalents;
  read_list(file, "edits", [&](const json& node, const std::string& where) {
    JsonObject object(node, where);
    equivalents.push_back({object.text("why"), parse_edit(object, solution)});
    object.finish();
  });
  return equivalents;
}

}  // namespace autograder
