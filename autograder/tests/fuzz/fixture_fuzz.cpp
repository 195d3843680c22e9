// Fuzzes the readers of the course's own files.
#include <cmath>
#include <nlohmann/json.hpp>

#include "autograder/judge.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/tests/fuzz/targets.hpp"
#include "autograder/tests/make.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// Writes a value as a worker does.
struct ToJson {
  json operator()(double number) const {
    return std::isfinite(number) ? json(number) : json(number > 0 ? "inf" : "-inf");
  }
  json operator()(bool truth) const { return truth; }
  json operator()(const std::string& text) const { return text; }
  json operator()(const List& list) const {
    json array = json::array();
    for (const Value& element : list) array.push_back(std::visit(*this, element.content));
    return array;
  }
  json operator()(const Matrix& matrix) const {
    json rows = json::array();
    for (std::size_t row = 0; row < matrix.rows; ++row) {
      rows.push_back(json::array());
      for (std::size_t col = 0; col < matrix.cols; ++col) rows.back().push_back((*this)(matrix.at(row, col)));
    }
    return rows;
  }
};

/// A case that no answer passes would take points from everybody.
void check_can_pass(const Case& one) {
  json outputs = json::object();
  for (const auto& [name, value] : one.expected) outputs[name] = std::visit(ToJson(), value.content);
  const CaseResult result = judge(one, make::run(json{{"outputs", outputs}}.dump()));
  require(result.status == Status::passed, "the values that a fixture expects pass");
}

void check_fixture(const Fixture& fixture) {
  require(!fixture.cases.empty(), "a fixture has cases");
  for (const Case& one : fixture.cases) {
    require(!one.expected.empty(), "a case expects something");
    require(one.request.find('\n') == std::string::npos, "a request is one line");
    parse_strict(one.request, 32);
    require(one.tolerance.rtol >= 0 && one.tolerance.atol >= 0, "a tolerance is not below 0");
    check_can_pass(one);
  }
}

void check_assignment(const Assignment& assignment) {
  require(!assignment.sections.empty(), "an assignment has sections");
  require(assignment.max_score() >= 0, "points are not below 0");
  for (const std::string& id : assignment.component_ids()) {
    require(assignment.find_component(id)->id == id, "a component is found by its id");
  }
}

}  // namespace

void fuzz_fixture(std::string_view text) {
  static const Assignment assignment = make::assignment();
  // JsonError is the one exception that these readers document; any other ends the fuzzer.
  try {
    check_fixture(parse_fixture(std::string(text), assignment, *assignment.find_component("linear")));
  } catch (const JsonError& error) {
    require(*error.what() != '\0', "an error says what is wrong");
  }
  try {
    check_assignment(parse_assignment(std::string(text)));
  } catch (const JsonError& error) {
    require(*error.what() != '\0', "an error says what is wrong");
  }
}

}  // namespace autograder
