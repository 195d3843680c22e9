// See suspects.hpp.
#include "autograder/suspects.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "autograder/compare.hpp"
#include "autograder/computation_order.hpp"
#include "autograder/relation.hpp"

namespace autograder {

using nlohmann::json;

namespace {

const std::string kSuspect = "suspect ";

/// Two numbers that are both not finite count as the same: 0 / 0 is NaN, and what is nearly 0 / 0 may be infinite. They
/// say nothing of the slip, so `right` is taken to be the same there too.
void even_out(double& one, double& other, double* right) {
  if (std::isfinite(one) || std::isfinite(other)) return;
  one = other = 0.0;
  if (right) *right = 0.0;
}

/// The part of `right` that is of the same type, or null.
template <typename Part>
Part* part_of(Value* right) {
  return right ? std::get_if<Part>(&right->content) : nullptr;
}

void even_out(Value& one, Value& other, Value* right) {
  if (one.content.index() != other.content.index()) return;
  if (auto* number = std::get_if<double>(&one.content)) {
    even_out(*number, std::get<double>(other.content), part_of<double>(right));
  } else if (auto* matrix = std::get_if<Matrix>(&one.content)) {
    auto& others = std::get<Matrix>(other.content).entries;
    Matrix* rights = part_of<Matrix>(right);
    for (std::size_t i = 0; i < std::min(others.size(), matrix->entries.size()); ++i) {
      even_out(matrix->entries[i], others[i], rights && i < rights->entries.size() ? &rights->entries[i] : nullptr);
    }
  } else if (auto* list = std::get_if<List>(&one.content)) {
    auto& others = std::get<List>(other.content);
    List* rights = part_of<List>(right);
    for (std::size_t i = 0; i < std::min(others.size(), list->size()); ++i) {
      even_out((*list)[i], others[i], rights && i < rights->size() ? &(*rights)[i] : nullptr);
    }
  }
}

/// Whether an answer is the suspect's. `unclear`: as far as it goes, but nothing in it that is finite is wrong, and any
/// slip that divides by 0 gives that.
enum class Likeness { other, unclear, same };

Likeness likeness(const std::string& output, Value suspected, Value actual, Value expected, Tolerance tolerance) {
  even_out(suspected, actual, &expected);
  if (!compare(output, suspected, actual, tolerance).empty()) return Likeness::other;
  return compare(output, expected, suspected, tolerance).empty() ? Likeness::unclear : Likeness::same;
}

/// Whether the suspect first goes wrong where the mismatch is, and `actual` is all that it answers for that output.
Likeness likeness(const json& suspect, const Case& one, const Component& component, const Mismatch& mismatch,
                  const Value& actual) {
  std::vector<Mismatch> wrong;
  Likeness found = Likeness::other;
  for (const auto& [output, expected] : one.expected) {
    const auto node = suspect.at("expected").find(output);
    if (node == suspect.at("expected").end()) continue;
    const auto answer = value_like(*node, expected);
    if (!std::holds_alternative<Value>(answer)) return Likeness::other;
    const Value& value = std::get<Value>(answer);
    const auto differs = compare(output, expected, value, one.tolerance);
    wrong.insert(wrong.end(), differs.begin(), differs.end());
    if (output == base_of(mismatch.output)) found = likeness(output, value, actual, expected, one.tolerance);
  }
  order_by_computation(component, wrong);
  return !wrong.empty() && wrong.front().output == mismatch.output ? found : Likeness::other;
}

}  // namespace

bool is_refuted(const std::string& suspect, const Case& one, const CaseResult& result) {
  const bool is_compared = result.status == Status::passed || result.status == Status::failed;
  if (!is_compared || one.suspects.empty()) return false;
  std::set<std::string> wrong;
  for (const Mismatch& mismatch : result.mismatches) {
    if (mismatch.output == kWholeAnswer) return false;  // nothing was compared
    wrong.insert(base_of(mismatch.output));
  }
  for (const json& known : json::parse(one.suspects)) {
    if (kSuspect + known.at("id").get<std::string>() != suspect) continue;
    const std::string answers = known.at("expected").dump();
    // A hand-in may well step around a division by 0.
    if (answers.find("nan\"") != std::string::npos || answers.find("inf\"") != std::string::npos) return false;
    const auto outputs = known.at("expected").items();
    return std::none_of(outputs.begin(), outputs.end(),
                        [&](const auto& output) { return wrong.contains(output.key()); });
  }
  return false;
}

void ask_suspects(const Case& one, const Component& component, const Value& actual, Mismatch& mismatch) {
  if (one.suspects.empty()) return;
  for (const json& suspect : json::parse(one.suspects)) {
    const std::string id = kSuspect + suspect.at("id").get<std::string>();
    switch (likeness(suspect, one, component, mismatch, actual)) {
      // That the generator wrote it down is evidence enough.
      case Likeness::same: mismatch.relations.push_back({id, suspect.at("sentence"), kEvidence}); break;
      case Likeness::other: mismatch.denied.push_back(id); break;
      case Likeness::unclear: break;
    }
  }
}

}  // namespace autograder
