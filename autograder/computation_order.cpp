// See computation_order.hpp.
#include "autograder/computation_order.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "autograder/relation.hpp"

namespace autograder {

namespace {

/// The place in a list: of "dLdW[1]" it is 1, of "W[2][0]", the first layer after the third step, it is 2.
std::optional<std::size_t> index_of(const std::string& output) {
  const auto bracket = output.find('[');
  if (bracket == std::string::npos) return std::nullopt;
  return std::stoul(output.substr(bracket + 1));
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
  for (const auto& [names, direction] :
       {std::pair{&component.forward, 1L}, std::pair{&component.backward, -1L}, std::pair{&component.steps, 1L}}) {
    const std::size_t among = at(*names);
    if (among == names->size()) continue;
    // Layer by layer, or step by step, from where the first of them stands.
    std::size_t first = component.outputs.size();
    for (const std::string& name : *names) {
      const auto found = std::find(component.outputs.begin(), component.outputs.end(), name);
      first = std::min(first, static_cast<std::size_t>(found - component.outputs.begin()));
    }
    return {first, direction * index, among};
  }
  return {own, 0, 0};
}

}  // namespace

void order_by_computation(const Component& component, std::vector<Mismatch>& mismatches) {
  std::stable_sort(mismatches.begin(), mismatches.end(), [&](const Mismatch& a, const Mismatch& b) {
    return place_of(component, a.output) < place_of(component, b.output);
  });
}

std::size_t compared_before(const Component& component, const std::vector<std::pair<std::string, Value>>& expected,
                            const std::string& output) {
  const Place place = place_of(component, output);
  std::size_t before = 0;
  for (const auto& [name, value] : expected) {
    const auto* list = std::get_if<List>(&value.content);
    for (std::size_t i = 0; i < (list ? list->size() : 1); ++i) {
      before += place_of(component, list ? name + "[" + std::to_string(i) + "]" : name) < place;
    }
  }
  return before;
}

}  // namespace autograder
