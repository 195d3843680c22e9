// See recipes.hpp.
#include "autograder/recipes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "autograder/strict_json.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// As in the homework's own cases. 1 is drawn more often than its share: a batch of one is where formulas break.
constexpr double kShareOfOnes = 0.15;

/// The inputs of one case. Symbols stand for one size throughout a case.
class Draw {
 public:
  Draw(const json& sizes, std::uint64_t seed) : sizes_(sizes), random_(seed) {}

  json object(const json& recipes, const std::string& where) {
    JsonObject(recipes, where);
    json drawn = json::object();
    for (const auto& [name, recipe] : recipes.items()) {
      JsonObject object(recipe, where + "." + name);
      if (object.flag_or("optional", false) && chance(0.3)) continue;
      drawn[name] = value(recipe, where + "." + name);
    }
    return drawn;
  }

 private:
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  double normal() { return std::normal_distribution<double>()(random_); }
  bool chance(double share) { return uniform(0, 1) < share; }

  std::size_t whole(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random_);
  }

  json value(const json& recipe, const std::string& where) {
    JsonObject object(recipe, where);
    object.flag_or("optional", false);
    json drawn;
    if (const json* shape = object.find("matrix")) {
      const std::string values = object.find("values") ? object.text("values") : "any";
      drawn = matrix(*shape, values, where);
    } else if (const json* range = object.find("number")) {
      drawn = number(*range, object.place("number"));
    } else if (object.find("size")) {
      drawn = size(object.at("size"), object.place("size"));
    } else if (object.find("constant")) {
      drawn = object.at("constant");
    } else if (const json* list = object.find("list")) {
      if (!list->is_array()) throw JsonError(object.place("list") + " must be a list");
      drawn = json::array();
      for (std::size_t i = 0; i < list->size(); ++i) {
        drawn.push_back(value((*list)[i], object.place("list") + "[" + std::to_string(i) + "]"));
      }
    } else if (object.find("repeat")) {
      drawn = json::array();
      const std::size_t times = size(object.at("repeat"), object.place("repeat"));
      for (std::size_t i = 0; i < times; ++i) drawn.push_back(value(object.at("of"), object.place("of")));
    } else {
      drawn = calls(object.at("calls"), object.place("calls"));
    }
    object.finish();
    return drawn;
  }

  json calls(const json& list, const std::string& where) {
    if (!list.is_array()) throw JsonError(where + " must be a list");
    json drawn = json::array();
    for (std::size_t i = 0; i < list.size(); ++i) {
      JsonObject call(list[i], where + "[" + std::to_string(i) + "]");
      const std::string operation = call.text("operation");
      drawn.push_back({{"operation", operation}, {"given", object(call.at("given"), call.place("given"))}});
      call.finish();
    }
    return drawn;
  }

  json number(const json& range, const std::string& where) {
    if (!range.is_array() || range.size() != 2 || !range[0].is_number() || !range[1].is_number() ||
        !(range[0].get<double>() <= range[1].get<double>())) {
      throw JsonError(where + " must be [lowest, highest]");
    }
    return std::round(uniform(range[0], range[1]) * 1000) / 1000;
  }

  std::size_t size(const json& node, const std::string& where) {
    if (node.is_number_unsigned()) return node;
    if (!node.is_string() || !sizes_.contains(node)) throw JsonError(where + " must be a number or one of `sizes`");
    const std::string symbol = node;
    if (const auto known = drawn_sizes_.find(symbol); known != drawn_sizes_.end()) return known->second;
    const json& range = sizes_.at(symbol);
    if (!range.is_array() || range.size() != 2 || !range[0].is_number_unsigned() || !range[1].is_number_unsigned() ||
        range[0] < 1u || range[0] > range[1]) {
      throw JsonError("sizes." + symbol + " must be [smallest, largest], from 1 on");
    }
    const bool one = range[0] == 1u && chance(kShareOfOnes);
    return drawn_sizes_[symbol] = one ? 1 : whole(range[0], range[1]);
  }

  json matrix(const json& shape, const std::string& values, const std::string& where) {
    if (!shape.is_array() || shape.size() != 2) throw JsonError(where + ".matrix must be [rows, columns]");
    const std::size_t rows = size(shape[0], where + ".matrix[0]"), cols = size(shape[1], where + ".matrix[1]");
    json matrix = json::array();
    for (std::size_t i = 0; i < rows; ++i) matrix.push_back(json::array());
    if (values == "one_hot") {
      for (json& row : matrix) {
        row = std::vector<double>(cols, 0.0);
        row[whole(0, cols - 1)] = 1.0;
      }
    } else if (values == "any" || values == "positive" || values == "small") {
      fill(matrix, cols, values == "positive");
      // A tenth, for what a network makes larger layer by layer, up to what a printed formula cannot compute.
      for (json& row : matrix) {
        for (json& entry : row) entry = values == "small" ? entry.get<double>() / 10 : entry.get<double>();
      }
    } else {
      throw JsonError(where + ".values must be any, positive, small or one_hot");
    }
    return matrix;
  }

  /// Most matrices are of one kind, as a homework's are; some hold zeros and small whole numbers, where branches part;
  /// some are nearly constant a column, where a variance is tiny; some are larger.
  void fill(json& matrix, std::size_t cols, bool positive) {
    const double kind = uniform(0, 1);
    std::vector<double> level(cols);
    for (double& entry : level) entry = normal();
    for (json& row : matrix) {
      for (std::size_t j = 0; j < cols; ++j) {
        double entry = normal();
        if (kind > 0.9) entry *= 5;
        if (kind > 0.75 && kind <= 0.9) entry = level[j] + 1e-5 * entry;
        if (kind > 0.6 && kind <= 0.75) entry = static_cast<double>(whole(0, 4)) - 2;
        row.push_back(positive ? std::abs(entry) : entry);
      }
    }
  }

  const json& sizes_;
  std::mt19937_64 random_;
  std::map<std::string, std::size_t> drawn_sizes_;
};

/// Mixes numbers and a name into a seed of its own, so that one component's cases do not depend on another's.
std::uint64_t seed_of(std::uint64_t seed, const std::string& component, std::size_t number) {
  std::vector<std::uint32_t> parts{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                                   static_cast<std::uint32_t>(number)};
  for (const char letter : component) parts.push_back(static_cast<unsigned char>(letter));
  std::seed_seq mixed(parts.begin(), parts.end());
  std::uint32_t words[2];
  mixed.generate(words, words + 2);
  return (std::uint64_t{words[0]} << 32) | words[1];
}

std::string place_of(const std::string& component, std::size_t number) {
  return "components." + component + "[" + std::to_string(number) + "]";
}

}  // namespace

Recipes::Recipes(const std::string& text, const Assignment& assignment) {
  const json document = parse_strict(text);
  JsonObject object(document, "");
  if (object.count("format") != 1) throw JsonError("format must be 1");
  sizes_ = object.at("sizes");
  components_ = object.at("components");
  object.finish();
  JsonObject(sizes_, "sizes");
  JsonObject components(components_, "components");
  for (const std::string& id : assignment.component_ids()) {
    const json* recipes = components.find(id);
    if (!recipes) continue;
    if (!recipes->is_array() || recipes->empty()) throw JsonError("components." + id + " must be a list, not empty");
    for (std::size_t i = 0; i < recipes->size(); ++i) {
      JsonObject recipe((*recipes)[i], place_of(id, i));
      recipe.text("operation");
      recipe.at("given");
      const auto& outputs = assignment.find_component(id)->outputs;
      for (const std::string& output : recipe.texts_or_none("expects")) {
        if (output == "arguments_unchanged" || std::count(outputs.begin(), outputs.end(), output)) continue;
        throw JsonError(recipe.place("expects") + ": " + id + " has no output " + output);
      }
      recipe.finish();
      Draw(sizes_, 0).object((*recipes)[i].at("given"), recipe.place("given"));
    }
  }
  components.finish();
}

std::vector<FreshCall> Recipes::draw(const std::string& component, std::size_t count, std::uint64_t seed) const {
  std::vector<FreshCall> calls;
  if (!components_.contains(component)) return calls;
  const json& recipes = components_.at(component);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t which = i % recipes.size();
    const json& recipe = recipes[which];
    Draw draw(sizes_, seed_of(seed, component, i));
    calls.push_back({recipe.at("operation"), draw.object(recipe.at("given"), place_of(component, which) + ".given"),
                     recipe.at("expects")});
  }
  return calls;
}

}  // namespace autograder
