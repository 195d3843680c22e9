// Recipes of fresh cases, reference/<assignment>/fresh.json: shapes by symbols, and of what kind the values are. From a
// recipe and a seed come inputs; what the right answers to them are, the solution says.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "autograder/assignment.hpp"

namespace autograder {

/// Inputs that no fixture holds.
struct FreshCall {
  std::string operation;
  nlohmann::json given;
  std::vector<std::string> expects;  ///< the outputs that are compared
};

/// The recipes of all components.
class Recipes {
 public:
  /// Throws JsonError, naming the place, for a component or an output that the assignment does not have, for a symbol
  /// without a range, and for what is no recipe.
  Recipes(const std::string& text, const Assignment& assignment);

  /// Draws the inputs of `count` cases: each recipe of the component in turn. The same seed gives the same inputs,
  /// whatever else is drawn; none where the component has no recipe.
  std::vector<FreshCall> draw(const std::string& component, std::size_t count, std::uint64_t seed) const;

 private:
  nlohmann::json sizes_, components_;
};

}  // namespace autograder
