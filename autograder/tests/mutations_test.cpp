// Wrong edits of the solution: reference/mytorch/mutations.json. They were chosen from the homework's text and the
// solution, without a look at the fixtures. Each must lose its sections, and no other, with the public and with the
// hidden set, and get no other hints than its own. A run tries every fifth; all of them: AUTOGRADER_MUTATIONS=all
// scripts/test.sh -R mutations
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

struct Mutation {
  std::string name;
  Edit edit;
  std::vector<std::string> sections;
  std::set<std::string> hints;  ///< ids of those that name it rightly; none: nothing should name it
};

/// `null`, an id, or a list of ids.
std::set<std::string> hints_from(const nlohmann::json& node) {
  if (node.is_null()) return {};
  if (node.is_string()) return {node.get<std::string>()};
  return node.get<std::set<std::string>>();
}

std::vector<Mutation> read_mutations() {
  const auto document = parse_strict(read_file(fs::path(COURSE) / "reference" / "mytorch" / "mutations.json"));
  std::vector<Mutation> mutations;
  for (const auto& node : document.at("mutations")) {
    JsonObject object(node, "mutation");
    Mutation mutation{object.text("why"),
                      {object.text("file"), object.text("find"), object.text("replace")},
                      object.texts_or_none("sections"),
                      hints_from(object.at("hint"))};
    object.finish();
    mutations.push_back(mutation);
  }
  return mutations;
}

/// The ids of the hints that a report gives. A wrong hint is worse than none: each has to be one of those that are
/// right.
std::set<std::string> checked_hints(const Report& report, const std::set<std::string>& right) {
  std::set<std::string> found;
  for (const SectionResult& section : report.sections) {
    for (const ComponentResult& component : section.components) {
      for (const CaseResult& one : component.cases) {
        found.insert(one.hint_id);
        for (const Mismatch& mismatch : one.mismatches) found.insert(mismatch.hint_id);
      }
    }
  }
  found.erase("");
  for (const std::string& id : found) {
    INFO(id);
    CHECK(right.count(id) == 1);
  }
  return found;
}

void check_mutation(const Mutation& mutation) {
  INFO(mutation.name);
  HandinFolder handin;
  handin.apply(mutation.edit);
  std::set<std::string> found;
  for (const auto& [set, report] : grade_with_both_sets(handin.path())) {
    INFO(set);
    for (const BuiltFile& file : report.build) {
      INFO(file.diagnostics);
      CHECK(file.status == BuiltFile::Status::ok);
    }
    std::set<std::string> lost;
    for (const auto& [section, status] : lost_sections(report)) lost.insert(section);
    CHECK(lost == std::set<std::string>(mutation.sections.begin(), mutation.sections.end()));
    found.merge(checked_hints(report, mutation.hints));
  }
  // By sizes and cases a set may show less than the other.
  CHECK(found.empty() == mutation.hints.empty());
}

/// The mutations of one source file.
void check_mutations(const std::string& file) {
  const std::vector<Mutation> all = read_mutations();
  std::vector<Mutation> chosen;
  std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
               [&](const Mutation& m) { return m.edit.file == file; });
  REQUIRE(chosen.size() >= 6);
  const char* which = std::getenv("AUTOGRADER_MUTATIONS");
  const std::size_t step = which && std::string(which) == "all" ? 1 : 5;
  for (std::size_t i = 0; i < chosen.size(); i += step) check_mutation(chosen[i]);
}

}  // namespace

TEST_CASE("mutations: wrong edits of the linear layer are caught") { check_mutations("src/nn/linear.cpp"); }
TEST_CASE("mutations: wrong edits of the activations are caught") { check_mutations("src/nn/activation.cpp"); }
TEST_CASE("mutations: wrong edits of the losses are caught") { check_mutations("src/nn/loss.cpp"); }
TEST_CASE("mutations: wrong edits of batch normalisation are caught") { check_mutations("src/nn/batchnorm.cpp"); }
TEST_CASE("mutations: wrong edits of the models are caught") { check_mutations("src/models/mlp.cpp"); }
TEST_CASE("mutations: wrong edits of SGD are caught") { check_mutations("src/optim/sgd.cpp"); }

TEST_CASE("mutations: even every fifth makes at least forty") { CHECK(read_mutations().size() >= 5 * 40); }
