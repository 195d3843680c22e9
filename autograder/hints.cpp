// See hints.hpp.
#include "autograder/hints.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "autograder/relation.hpp"
#include "autograder/suspects.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// The matrix, or the number as one; nothing for what is neither.
std::optional<Matrix> as_matrix(const Value& value) {
  if (const auto* matrix = std::get_if<Matrix>(&value.content)) return *matrix;
  if (const auto* number = std::get_if<double>(&value.content)) return Matrix{1, 1, {*number}};
  return std::nullopt;
}

/// Every matrix and number in a value, by its place: "dLdW[1]".
void collect(const std::string& place, const Value& value, std::vector<std::pair<std::string, Value>>& found) {
  if (const auto* list = std::get_if<List>(&value.content)) {
    for (std::size_t i = 0; i < list->size(); ++i) collect(place + "[" + std::to_string(i) + "]", (*list)[i], found);
  } else {
    found.emplace_back(place, value);
  }
}

std::vector<std::pair<std::string, Value>> parts_of(const std::string& output, const Value& value) {
  std::vector<std::pair<std::string, Value>> found;
  collect(output, value, found);
  return found;
}

const Value* part(const std::vector<std::pair<std::string, Value>>& parts, const std::string& place) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one.first == place; });
  return found == parts.end() ? nullptr : &found->second;
}

/// The sizes of a case, from the matrices that are given.
std::vector<std::pair<std::string, std::size_t>> sizes_of(const std::vector<Size>& sizes,
                                                          const std::vector<std::pair<std::string, Matrix>>& inputs) {
  std::vector<std::pair<std::string, std::size_t>> found;
  for (const Size& size : sizes) {
    for (const auto& [name, axis] : size.from) {
      // Of several batches the last is the one whose answers are compared.
      const auto input =
          std::find_if(inputs.rbegin(), inputs.rend(), [&](const auto& one) { return base_of(one.first) == name; });
      if (input == inputs.rend()) continue;
      found.emplace_back(size.symbol, axis == Axis::rows ? input->second.rows : input->second.cols);
      break;
    }
  }
  return found;
}

using Named = std::vector<std::pair<std::string, Matrix>>;

Named inputs_of(const Case& one) {
  Named inputs;
  const json given = json::parse(one.given);
  for (const auto& [name, node] : given.items()) {
    if (name == "before" || !node.is_array()) continue;
    for (const auto& [where, value] : parts_of(name, value_from_json(node))) {
      if (const auto matrix = as_matrix(value)) inputs.emplace_back(where, *matrix);
    }
  }
  return inputs;
}

/// What the case expects at a place, where that is a matrix or a number.
std::optional<Matrix> expected_at(const Case& one, const std::string& place) {
  for (const auto& [name, value] : one.expected) {
    if (name != base_of(place)) continue;
    const auto parts = parts_of(name, value);
    if (const Value* found = part(parts, place)) return as_matrix(*found);
  }
  return std::nullopt;
}

Neighbours neighbours_of(const Case& one, const Homework& homework, const std::string& place) {
  Neighbours neighbours;
  neighbours.place = place;
  neighbours.inputs = inputs_of(one);
  for (const auto& [name, value] : one.expected) {
    for (const auto& [where, element] : parts_of(name, value)) {
      const auto* matrix = std::get_if<Matrix>(&element.content);
      if (matrix && where != place) neighbours.outputs.emplace_back(where, *matrix);
    }
  }
  neighbours.sizes = sizes_of(homework.assignment.sizes, neighbours.inputs);
  for (const Case* other : homework.earlier) {
    neighbours.earlier.push_back({expected_at(*other, place), sizes_of(homework.assignment.sizes, inputs_of(*other))});
  }
  return neighbours;
}

/// What a relation tells, most telling first: where several hold, the others follow from it.
const std::vector<std::string> kKinds{"suspect", "argument",   "empty", "uninitialised", "infinite", "zeros", "sign",
                                      "factor",  "transposed", "not",   "broadcast",     "more",     "fewer", "given",
                                      "equals",  "off",        "rows",  "columns",       "offset",   "right", "wrong",
                                      "first",   "last",       "all",   "stale",         "rounded"};

/// From here on a single case may show it for a reason of its own: of a second batch, the part that the first left.
const std::string kWeakest = "given";

std::size_t rank_of(const std::string& kind) {
  return static_cast<std::size_t>(std::find(kKinds.begin(), kKinds.end(), kind) - kKinds.begin());
}

std::size_t rank(const Relation& relation) { return rank_of(relation.id.substr(0, relation.id.find(' '))); }

/// The most telling of the relations that hold in so many cases, where it is the only one of its kind.
const Relation* pick(const std::map<std::string, Relation>& relations, std::size_t cases) {
  const Relation* best = nullptr;
  bool is_alone = true;
  for (const auto& [id, relation] : relations) {
    if (relation.evidence == 0 || (rank(relation) >= rank_of(kWeakest) && cases < 2)) continue;
    if (best && rank(relation) == rank(*best)) is_alone = false;
    if (!best || rank(relation) < rank(*best)) {
      best = &relation;
      is_alone = true;
    }
  }
  return is_alone && best && best->evidence >= kEvidence ? best : nullptr;
}

std::vector<Relation> relations_at(const Case& one, const Homework& homework, const std::string& place,
                                   const Value& expected, const Value& actual) {
  if (place == kArgumentsUnchanged) {
    return {{"argument changed",
             "A matrix that was passed in has been changed: forward and backward only read what they are given, and "
             "work on copies.",
             kEvidence}};
  }
  const auto wanted = parts_of(base_of(place), expected), got = parts_of(base_of(place), actual);
  const Value* right = part(wanted, place);
  const Value* wrong = part(got, place);
  if (right && wrong) {
    const auto expected_matrix = as_matrix(*right), actual_matrix = as_matrix(*wrong);
    if (!expected_matrix || !actual_matrix) return {};
    return relations_of(*expected_matrix, *actual_matrix, neighbours_of(one, homework, place));
  }
  const auto* expected_list = std::get_if<List>(&expected.content);
  const auto* actual_list = std::get_if<List>(&actual.content);
  if (!expected_list || !actual_list || expected_list->size() == actual_list->size()) return {};
  return relations_of(*expected_list, *actual_list, one.tolerance);
}

}  // namespace

void note_relations(const Case& one, const Homework& homework, const Value& actual, Mismatch& mismatch) {
  const std::string output = base_of(mismatch.output);
  const auto expected =
      std::find_if(one.expected.begin(), one.expected.end(), [&](const auto& named) { return named.first == output; });
  if (expected == one.expected.end()) return;
  ask_suspects(one, homework.component, actual, mismatch);
  const auto found = relations_at(one, homework, mismatch.output, expected->second, actual);
  mismatch.relations.insert(mismatch.relations.end(), found.begin(), found.end());
}

namespace {

bool is_suspect(const std::string& id) { return id.starts_with("suspect "); }

/// Relations that hold in all the cases, and suspects that hold in some and are denied by none.
std::map<std::string, Relation> common_relations(const std::vector<Mismatch*>& mismatches) {
  std::map<std::string, Relation> common;
  std::map<std::string, std::size_t> cases;
  for (const Mismatch* mismatch : mismatches) {
    for (const Relation& relation : mismatch->relations) {
      Relation& known = common.try_emplace(relation.id, Relation{relation.id, relation.sentence, 0}).first->second;
      known.evidence += relation.evidence;
      ++cases[relation.id];
    }
  }
  std::erase_if(common,
                [&](const auto& one) { return !is_suspect(one.first) && cases[one.first] < mismatches.size(); });
  for (const Mismatch* mismatch : mismatches) {
    for (const std::string& id : mismatch->denied) common.erase(id);
  }
  return common;
}

bool speaks_for(const CaseResult& one, const std::string& relation) {
  if (one.status != Status::failed || one.mismatches.empty()) return false;
  const std::vector<Relation>& relations = one.mismatches.front().relations;
  return std::any_of(relations.begin(), relations.end(), [&](const Relation& known) { return known.id == relation; });
}

/// The operations of which a case shows it. What is wrong in inference may be right in training.
std::set<std::string> operations_of(const std::string& relation, const ComponentResult& component) {
  std::set<std::string> operations;
  for (const CaseResult& one : component.cases) {
    if (speaks_for(one, relation)) operations.insert(one.operation);
  }
  return operations;
}

/// What one operation gets wrong may show in another too, but not in what that one is given.
bool may_show(const std::set<std::string>& operations, const CaseResult& one) {
  const std::string output = base_of(one.mismatches.front().output);
  return operations.contains(one.operation) || std::none_of(one.given_shapes.begin(), one.given_shapes.end(),
                                                            [&](const auto& given) { return given.first == output; });
}

/// A case says so of its own operation only.
bool is_refuted(const std::string& suspect, const ComponentResult& component, const std::vector<const Case*>& cases) {
  const std::set<std::string> operations = operations_of(suspect, component);
  for (std::size_t i = 0; i < std::min(cases.size(), component.cases.size()); ++i) {
    const CaseResult& one = component.cases[i];
    if (operations.contains(one.operation) && is_refuted(suspect, *cases[i], one)) return true;
  }
  return false;
}

/// xtensor says which shapes do not fit: a matrix without elements is one in which nothing has been stored.
bool has_empty_operand(const CaseResult& one) {
  return one.status == Status::exception && one.message.find("shape = (0, 0") != std::string::npos;
}

/// The hint on exceptions, where it holds of all of them.
void set_hints_on_exceptions(ComponentResult& component) {
  const auto is_other = [](const CaseResult& one) {
    return one.status == Status::exception && !has_empty_operand(one);
  };
  if (std::any_of(component.cases.begin(), component.cases.end(), is_other)) return;
  for (CaseResult& one : component.cases) {
    if (!has_empty_operand(one)) continue;
    one.hint =
        "A matrix in which nothing has been stored, its shape is (0, 0), takes part in a computation: is it never set, "
        "not yet, in a copy only, or in a local variable of the same name?";
    one.hint_id = "empty operand";
  }
}

}  // namespace

void set_hints(ComponentResult& component, const std::vector<const Case*>& cases) {
  // One sentence a component: on what the first failed case, which is the one that is shown, gets wrong first.
  std::string output;
  std::vector<CaseResult*> failed;
  std::vector<Mismatch*> mismatches;
  for (CaseResult& one : component.cases) {
    if (one.status != Status::failed || one.mismatches.empty()) continue;
    Mismatch& first = one.mismatches.front();
    if (mismatches.empty()) output = base_of(first.output);
    if (base_of(first.output) != output) continue;
    failed.push_back(&one);
    mismatches.push_back(&first);
  }
  std::map<std::string, Relation> common = common_relations(mismatches);
  std::erase_if(common, [&](const auto& one) {
    if (!is_suspect(one.first)) return false;
    return !may_show(operations_of(one.first, component), *failed.front()) || is_refuted(one.first, component, cases);
  });
  const Relation* best = pick(common, mismatches.size());
  if (!best) return set_hints_on_exceptions(component);
  const bool is_ended = best->sentence.ends_with('?') || best->sentence.ends_with('.');
  // Some sentences say themselves what they are about.
  const bool is_whole = is_suspect(best->id) || best->id == "argument changed";
  const std::string hint = (is_whole ? "" : output + ": ") + best->sentence + (is_ended ? "" : ".");
  const std::set<std::string> operations = operations_of(best->id, component);
  for (CaseResult* one : failed) {
    if (!may_show(operations, *one)) continue;
    one->mismatches.front().hint = hint;
    one->mismatches.front().hint_id = best->id;
  }
}

}  // namespace autograder
