// The rules of a course, `policy` of assignment.json: what they ask of a hand-in beside right numbers, and what
// breaking them costs. Data; course_rules.hpp applies them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace autograder {

/// What a section is scored with where it fails and a section that it uses fails too: the hand-in's own files, or the
/// solution's in the place of these.
enum class PrerequisitePolicy { own, reference };

/// How the penalties of several broken rules become one: their percentages are added, or each takes its part of what
/// the others leave.
enum class Combine { add, multiply };

enum class Pick { all, best, latest };  ///< of several hand-ins of one student

/// What a hand-in has to hold, and what its archive is called.
struct FilesRule {
  std::vector<std::string> exactly;       ///< names of the files, no more and no less; empty: any
  std::vector<std::string> may_be_there;  ///< patterns of what may be there beside them: "tests/*.cpp"
  std::string archive;                    ///< an ECMAScript regular expression for the archive's whole name; empty: any
  std::string archive_shown;              ///< what students read in its place: "<net id>.zip"
  double penalty_percent = 0.0;           ///< once, however many files are wrong
};

/// What a hand-in costs that comes up to so many hours after the due time.
struct LateStep {
  double within_hours = 0.0;
  double penalty_percent = 0.0;
};

/// The due time. What comes after the last step is refused.
struct DueRule {
  std::string time;            ///< on the zone's clocks, "2026-02-17T23:55"
  std::string zone;            ///< of the IANA database, "America/New_York"
  double grace_minutes = 0.0;  ///< up to which late counts as in time
  std::vector<LateStep> late;  ///< by hours, upwards; elapsed hours, whatever clocks do meanwhile
};

/// A part of the homework that people grade.
struct ByHand {
  std::string id;
  std::string title;
  double points = 0.0;
};

struct Policy {
  PrerequisitePolicy prerequisites = PrerequisitePolicy::own;
  Combine combine = Combine::add;
  Pick pick = Pick::all;  ///< what counts of several hand-ins; all: the course does not say
  std::optional<FilesRule> files;
  std::optional<DueRule> due;
  std::optional<double> not_built;           ///< percent, where a required source is missing or does not build
  std::optional<double> flags;               ///< percent, where a flag is off at hand-in
  std::optional<std::size_t> handins_a_day;  ///< only stated here: platforms hold to it
  std::vector<ByHand> by_hand;
};

/// Returns the rules from the JSON object, whose place in the document is `policy`. Throws JsonError for unknown keys,
/// percentages outside of 0 to 100, a time or a regular expression that is none.
Policy parse_policy(const nlohmann::json& node);

/// A line for each rule, as students and instructors read it: "files: exactly theory.pdf and mlp.cpp, in <net id>.zip;
/// else -5 %".
std::vector<std::string> rules_in_words(const Policy& policy);

}  // namespace autograder
