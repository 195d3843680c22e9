// verdict.json: what becomes of a hand-in, as tests of whole hand-ins write it down.
//   base        "solution" (the default) or "handout"
//   assignment  whose (default: mytorch)
//   edits       what stands in a file of it, once, and what the hand-in has instead: {"file", "find", "replace"}
//   remove      files that the hand-in lacks
//   score       the points it must get
//   sections    status of each section that is lost; every other section must pass. Where more than one will do:
//               "crashed|exception"
//   says        texts that the text report must hold
#pragma once

#include "autograder/strict_json.hpp"
#include "autograder/tests/course.hpp"

namespace autograder_tests {

struct Verdict {
  HandinFolder::Base base = HandinFolder::Base::solution;
  std::string assignment = "mytorch";
  std::vector<Edit> edits;
  std::vector<std::string> remove;
  double score = 100.0;
  std::map<std::string, std::string> sections;
  std::vector<std::string> says;
};

/// Reads the keys above; others are left to the caller, as is finish().
Verdict read_verdict(autograder::JsonObject& object);

/// Whether the statuses are those of the verdict's sections.
bool agree(const std::map<std::string, std::string>& lost, const Verdict& verdict);

/// Lays the edits over the hand-in and takes away what it lacks.
void apply(const Verdict& verdict, HandinFolder& handin);

}  // namespace autograder_tests
