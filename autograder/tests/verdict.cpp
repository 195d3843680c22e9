// See verdict.hpp.
#include "autograder/tests/verdict.hpp"

#include <sstream>

namespace autograder_tests {

using namespace autograder;

namespace {

std::vector<Edit> read_edits(const nlohmann::json* node) {
  std::vector<Edit> edits;
  if (!node) return edits;
  for (const auto& one : *node) {
    JsonObject object(one, "edits");
    edits.push_back({object.text("file"), object.text("find"), object.text("replace")});
    object.finish();
  }
  return edits;
}

bool is_one_of(const std::string& status, const std::string& accepted) {
  std::istringstream stream(accepted);
  for (std::string one; std::getline(stream, one, '|');) {
    if (one == status) return true;
  }
  return false;
}

}  // namespace

Verdict read_verdict(JsonObject& object) {
  Verdict verdict;
  if (object.find("base")) {
    verdict.base = object.text("base") == "handout" ? HandinFolder::Base::handout : HandinFolder::Base::solution;
  }
  if (object.find("assignment")) verdict.assignment = object.text("assignment");
  verdict.edits = read_edits(object.find("edits"));
  verdict.remove = object.texts_or_none("remove");
  verdict.score = object.number("score");
  for (const auto& [id, status] : object.at("sections").items()) verdict.sections[id] = status.get<std::string>();
  verdict.says = object.texts_or_none("says");
  return verdict;
}

bool agree(const std::map<std::string, std::string>& lost, const Verdict& verdict) {
  if (lost.size() != verdict.sections.size()) return false;
  for (const auto& [section, status] : lost) {
    const auto accepted = verdict.sections.find(section);
    if (accepted == verdict.sections.end() || !is_one_of(status, accepted->second)) return false;
  }
  return true;
}

void apply(const Verdict& verdict, HandinFolder& handin) {
  for (const Edit& edit : verdict.edits) handin.apply(edit);
  for (const std::string& name : verdict.remove) handin.remove(name);
}

}  // namespace autograder_tests
