#include "autograder/policy.hpp"

#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
using nlohmann::json;

TEST_CASE("policy: every rule is read") {
  const Policy policy = parse_policy(json::parse(R"({
    "prerequisites": "reference", "combine": "multiply", "pick": "latest", "handins_a_day": 3,
    "files": {"exactly": ["a.cpp", "b.pdf", "c.txt"], "archive": "x\\.zip", "penalty_percent": 5},
    "due": {"time": "2026-02-17T23:55", "zone": "America/New_York", "grace_minutes": 10,
            "late": [{"within_hours": 24, "penalty_percent": 20}, {"within_hours": 48, "penalty_percent": 50}]},
    "not_built": {"penalty_percent": 20}, "flags": {"penalty_percent": 0},
    "by_hand": [{"id": "theory", "title": "Theory", "points": 50}]})"));
  CHECK(policy.prerequisites == PrerequisitePolicy::reference);
  CHECK(policy.combine == Combine::multiply);
  CHECK(policy.pick == Pick::latest);
  CHECK(policy.due->late.size() == 2);
  CHECK(rules_in_words(policy) ==
        std::vector<std::string>{
            "files: exactly a.cpp, b.pdf and c.txt, in x\\.zip; else -5 %",
            "due: 2026-02-17T23:55 in America/New_York, and 10 minutes of grace; up to 24 hours later -20 %; up to 48 "
            "hours later -50 %; after that refused",
            "not_built: where a source is missing or does not build -20 %",
            "flags: all true at hand-in; else no penalty",
            "handins_a_day: 3 at most, as the platform counts them",
            "pick: of several hand-ins the latest counts",
            "by_hand: Theory, 50 points, graded by people",
        });
}

TEST_CASE("policy: nothing is asked for where nothing is said") {
  const Policy policy = parse_policy(json::object());
  CHECK(policy.prerequisites == PrerequisitePolicy::own);
  CHECK(policy.pick == Pick::all);
  CHECK(rules_in_words(policy).empty());
}

TEST_CASE("policy: what is wrong is named with its place") {
  const std::vector<std::pair<std::string, std::string>> table{
      {R"({"late": 3})", "policy.late"},
      {R"({"combine": "max"})", "policy.combine must be \"add\" or \"multiply\""},
      {R"({"pick": "all"})", "policy.pick must be \"best\" or \"latest\""},
      {R"({"files": {"penalty_percent": 5}})", "policy.files must have `exactly`"},
      {R"({"files": {"exactly": ["a"], "penalty_percent": 101}})", "policy.files.penalty_percent must be between"},
      {R"({"files": {"exactly": ["a"], "penalty_percent": -1}})", "policy.files.penalty_percent must be between"},
      {R"({"files": {"archive": "(", "penalty_percent": 5}})", "policy.files.archive is no regular expression"},
      {R"({"due": {"time": "tomorrow", "zone": "UTC"}})", "policy.due: \"tomorrow\" is no time"},
      {R"({"due": {"time": "2026-02-17T23:55", "zone": "New York"}})", "policy.due: \"New York\" is no time zone"},
      {R"({"due": {"time": "2026-02-17T23:55", "zone": "UTC", "grace_minutes": -1}})", "policy.due.grace_minutes"},
      {R"({"due": {"time": "2026-02-17T23:55", "zone": "UTC", "late": [{"within_hours": 24, "penalty_percent": 20},
                                                                   {"within_hours": 24, "penalty_percent": 50}]}})",
       "policy.due.late[1].within_hours must be above 24"},
      {R"({"by_hand": [{"id": "a", "title": "A", "points": 0}]})", "policy.by_hand[0].points must be above 0"},
      {R"({"by_hand": [{"id": "a", "title": "A", "points": 1}, {"id": "a", "title": "A", "points": 1}]})",
       "policy.by_hand[1].id occurs twice"},
  };
  for (const auto& [text, message] : table) {
    CAPTURE(text);
    try {
      parse_policy(json::parse(text));
      FAIL("it was read");
    } catch (const JsonError& error) {
      CHECK(std::string(error.what()).find(message) != std::string::npos);
    }
  }
}
