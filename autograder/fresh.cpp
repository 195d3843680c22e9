// See fresh.hpp.
#include "autograder/fresh.hpp"

#include "autograder/grader_error.hpp"
#include "autograder/judge.hpp"
#include "autograder/solution.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The solution's answer, as what is expected.
json expected_of(const FreshCall& call, const std::string& component, Worker& worker) {
  const auto reply = worker.ask(request_of(component, call.operation, call.given));
  const auto* line = std::get_if<std::string>(&reply);
  if (!line) throw GraderError("it ended: " + describe(std::get<Ending>(reply)));
  const json answer = parse_strict(*line);
  if (!answer.contains("outputs")) throw GraderError("it answered " + shortened(*line));
  json expected = json::object();
  for (const std::string& output : call.expects) expected[output] = answer.at("outputs").at(output);
  return expected;
}

}  // namespace

void add_fresh_cases(Course& course, const fs::path& root, const Fresh& fresh, const StartWorker& solution) {
  const fs::path file = solution_folder(root, course.assignment) / "fresh.json";
  const auto recipes = [&] {
    try {
      return Recipes(read_file(file), course.assignment);
    } catch (const JsonError& error) {
      throw GraderError("reading " + file.string() + ": " + error.what());
    }
  }();
  for (auto& [id, fixture] : course.fixtures.by_component) {
    const auto calls = recipes.draw(id, fresh.cases, fresh.seed);
    if (calls.empty()) continue;
    const Component& component = *course.assignment.find_component(id);
    const std::unique_ptr<Worker> worker = solution();
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const std::string name = "fresh " + std::to_string(i + 1);
      try {
        const json expected = expected_of(calls[i], id, *worker);
        fixture.cases.push_back(case_of(
            {{"name", name}, {"operation", calls[i].operation}, {"given", calls[i].given}, {"expected", expected}},
            name, component));
      } catch (const std::exception& error) {
        throw GraderError("asking the solution for the answer to the case \"" + name + "\" of " + id + ", seed " +
                          std::to_string(fresh.seed) + ": " + error.what() + ". Mend the solution or " + file.string());
      }
    }
  }
}

}  // namespace autograder
