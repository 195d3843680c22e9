// See hints.hpp.
#include "autograder/hints.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>

#include "autograder/compare.hpp"
#include "autograder/relation.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// So many numbers must support a relation: two agree by chance where a matrix is small.
constexpr std::size_t kEvidence = 3;

std::string base_of(const std::string& output) { return output.substr(0, output.find('[')); }

/// The place in a list: of "dLdW[1]" it is 1.
std::optional<std::size_t> index_of(const std::string& output) {
  const auto bracket = output.find('[');
  if (bracket == std::string::npos) return std::nullopt;
  return std::stoul(output.substr(bracket + 1));
}

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

Neighbours neighbours_of(const Case& one, const Assignment& assignment, const std::string& place) {
  Neighbours neighbours;
  const json given = json::parse(one.given);
  for (const auto& [name, node] : given.items()) {
    if (name == "before" || !node.is_array()) continue;
    for (const auto& [where, value] : parts_of(name, value_from_json(node))) {
      if (const auto matrix = as_matrix(value)) neighbours.inputs.emplace_back(where, *matrix);
    }
  }
  for (const auto& [name, value] : one.expected) {
    for (const auto& [where, element] : parts_of(name, value)) {
      const auto* matrix = std::get_if<Matrix>(&element.content);
      if (matrix && where != place) neighbours.outputs.emplace_back(where, *matrix);
    }
  }
  neighbours.sizes = sizes_of(assignment.sizes, neighbours.inputs);
  return neighbours;
}

/// What a relation tells, most telling first: where several hold, the others follow from it.
const std::vector<std::string> kKinds{"suspect",   "zeros", "sign",   "factor", "transposed", "not",
                                      "broadcast", "given", "equals", "rows",   "columns",    "offset",
                                      "right",     "wrong", "first",  "rounded"};

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
    if (rank(relation) >= rank_of(kWeakest) && cases < 2) continue;
    if (best && rank(relation) == rank(*best)) is_alone = false;
    if (!best || rank(relation) < rank(*best)) {
      best = &relation;
      is_alone = true;
    }
  }
  return is_alone && best && best->evidence >= kEvidence ? best : nullptr;
}

/// Where an output stands in the order of computation.
using Place = std::tuple<std::size_t, long, std::size_t>;

Place place_of(const Component& component, const std::string& output) {
  const std::string base = base_of(output);
  const auto at = [&](const std::vector<std::string>& names) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), base) - names.begin());
  };
  const std::size_t own = at(component.outputs);
  const long index = static_cast<long>(index_of(output).value_or(0));
  for (const auto& [names, direction] : {std::pair{&component.forward, 1L}, std::pair{&component.backward, -1L}}) {
    const std::size_t among = at(*names);
    if (among == names->size()) continue;
    // Layer by layer, from where the first of them stands.
    std::size_t first = component.outputs.size();
    for (const std::string& name : *names) {
      const auto found = std::find(component.outputs.begin(), component.outputs.end(), name);
      first = std::min(first, static_cast<std::size_t>(found - component.outputs.begin()));
    }
    return {first, direction * index, among};
  }
  return {own, 0, 0};
}

/// Whether the suspect first goes wrong where the mismatch is, and `actual` is all that it answers for that output.
bool explains(const json& suspect, const Case& one, const Component& component, const Mismatch& mismatch,
              const Value& actual) {
  std::vector<Mismatch> wrong;
  bool is_answer = false;
  for (const auto& [output, expected] : one.expected) {
    const auto node = suspect.at("expected").find(output);
    if (node == suspect.at("expected").end()) continue;
    const auto answer = value_like(*node, expected);
    if (!std::holds_alternative<Value>(answer)) return false;
    const Value& value = std::get<Value>(answer);
    const auto found = compare(output, expected, value, one.tolerance);
    wrong.insert(wrong.end(), found.begin(), found.end());
    if (output == base_of(mismatch.output)) is_answer = compare(output, value, actual, one.tolerance).empty();
  }
  order_by_computation(component, wrong);
  return is_answer && wrong.front().output == mismatch.output;
}

/// Asks the case's suspects. A case without a certain suspect says nothing against it.
void ask_suspects(const Case& one, const Component& component, const Value& actual, Mismatch& mismatch) {
  if (one.suspects.empty()) return;
  for (const json& suspect : json::parse(one.suspects)) {
    const std::string id = "suspect " + suspect.at("id").get<std::string>();
    if (explains(suspect, one, component, mismatch, actual)) {
      // That the generator wrote it down is evidence enough.
      mismatch.relations.push_back({id, suspect.at("sentence"), kEvidence});
    } else {
      mismatch.denied.push_back(id);
    }
  }
}

}  // namespace

void note_relations(const Case& one, const Assignment& assignment, const Component& component,
                    const std::string& output, const Value& expected, const Value& actual,
                    std::vector<Mismatch>& mismatches) {
  const auto wanted = parts_of(output, expected), got = parts_of(output, actual);
  for (Mismatch& mismatch : mismatches) {
    ask_suspects(one, component, actual, mismatch);
    const Value* right = part(wanted, mismatch.output);
    const Value* wrong = part(got, mismatch.output);
    if (!right || !wrong) continue;
    const auto expected_matrix = as_matrix(*right), actual_matrix = as_matrix(*wrong);
    if (!expected_matrix || !actual_matrix) continue;
    const auto found = relations_of(*expected_matrix, *actual_matrix, neighbours_of(one, assignment, mismatch.output));
    mismatch.relations.insert(mismatch.relations.end(), found.begin(), found.end());
  }
}

void order_by_computation(const Component& component, std::vector<Mismatch>& mismatches) {
  std::stable_sort(mismatches.begin(), mismatches.end(), [&](const Mismatch& a, const Mismatch& b) {
    return place_of(component, a.output) < place_of(component, b.output);
  });
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

}  // namespace

void set_hints(ComponentResult& component) {
  // One sentence a component: on what the first failed case, which is the one that is shown, gets wrong first.
  std::string output;
  std::vector<Mismatch*> mismatches;
  for (CaseResult& one : component.cases) {
    if (one.status != Status::failed || one.mismatches.empty()) continue;
    Mismatch& first = one.mismatches.front();
    if (mismatches.empty()) output = base_of(first.output);
    if (base_of(first.output) == output) mismatches.push_back(&first);
  }
  const std::map<std::string, Relation> common = common_relations(mismatches);
  const Relation* best = pick(common, mismatches.size());
  if (!best) return;
  const bool is_ended = best->sentence.ends_with('?') || best->sentence.ends_with('.');
  // A suspect's sentence says itself what it is about.
  const std::string hint = (is_suspect(best->id) ? "" : output + ": ") + best->sentence + (is_ended ? "" : ".");
  for (Mismatch* mismatch : mismatches) {
    mismatch->hint = hint;
    mismatch->hint_id = best->id;
  }
}

}  // namespace autograder
