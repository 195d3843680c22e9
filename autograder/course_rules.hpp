// Applying the rules of a course to a hand-in: which it keeps, which it breaks, and what is left of its points. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "autograder/policy.hpp"
#include "autograder/report.hpp"

namespace autograder {

/// How a hand-in came, as far as that is known. Times are as parse_instant() reads them, on the clocks of the due
/// time's zone where they name no other.
struct HandedIn {
  std::string archive = {};      ///< what the student called it; empty: it came as a folder
  std::string time = {};         ///< of receipt; empty: unknown
  std::string time_source = {};  ///< what says so: "the time of the file"; empty: somebody who knows
  std::string extension = {};    ///< this student's own due time; empty: none
};

/// What the rules look at beside the report.
struct Evidence {
  const std::optional<HandedIn>& handed_in;  ///< empty: a folder that somebody works in is graded
  const std::vector<std::string>* names;     ///< of all files of the hand-in; null where it cannot be opened
  const std::set<std::string>& off;          ///< components whose flag is false
};

/// Returns a result for each rule of the policy, in the order of policy.hpp. Where nobody knows how the hand-in came,
/// what depends on that is not checked. Throws GraderError for a time that is none, or a time zone that
/// is not there.
std::vector<RuleResult> check_rules(const Policy& policy, const Report& report, const Evidence& evidence);

/// Puts the penalties of all broken rules together. Percentages of a section are of what it earned.
Adjustment adjust(const std::vector<RuleResult>& rules, Combine combine, const std::vector<SectionResult>& sections);

/// The arithmetic as students read it: "45 x (100 % - 5 % - 20 %) = 33.75"; empty where nothing is taken.
std::string arithmetic(const std::vector<RuleResult>& rules, Combine combine, const Report& report);

/// Sets what becomes of the rules in a report, and of the score. A partial report has none: what was left out would
/// count as missing.
void apply_rules(Report& report, const Policy& policy, const Evidence& evidence);

}  // namespace autograder
