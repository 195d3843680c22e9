// See policy.hpp.
#include "autograder/policy.hpp"

#include <regex>
#include <set>
#include <stdexcept>

#include "autograder/deadline.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

using nlohmann::json;

namespace {

/// Returns the place of `text` among the words. Throws JsonError, naming all of them.
std::size_t word(JsonObject& object, const std::string& key, const std::vector<std::string>& words) {
  const std::string text = object.text(key);
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) return i;
    all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + ("\"" + words[i] + "\"");
  }
  throw JsonError(object.place(key) + " must be " + all);
}

double percent(JsonObject& object, const std::string& key = "penalty_percent") {
  const double percent = object.number(key);
  if (!(percent >= 0 && percent <= 100)) throw JsonError(object.place(key) + " must be between 0 and 100");
  return percent;
}

double not_negative(JsonObject& object, const std::string& key) {
  const double number = object.number_or(key, 0.0);
  if (!(number >= 0)) throw JsonError(object.place(key) + " is below 0");
  return number;
}

FilesRule parse_files(const json& node) {
  JsonObject object(node, "policy.files");
  FilesRule rule;
  rule.exactly = object.texts_or_none("exactly");
  rule.may_be_there = object.texts_or_none("may_be_there");
  if (object.find("archive")) {
    rule.archive = object.text("archive");
    rule.archive_shown = object.find("archive_shown") ? object.text("archive_shown") : rule.archive;
    try {
      const std::regex valid(rule.archive);
    } catch (const std::regex_error& error) {
      throw JsonError(object.place("archive") + " is no regular expression: " + error.what());
    }
  }
  if (rule.exactly.empty() && rule.archive.empty()) {
    throw JsonError("policy.files must have `exactly` (names of files) or `archive` (a regular expression), or both");
  }
  rule.penalty_percent = percent(object);
  object.finish();
  return rule;
}

DueRule parse_due(const json& node) {
  JsonObject object(node, "policy.due");
  DueRule rule;
  rule.time = object.text("time");
  rule.zone = object.text("zone");
  if (knows_time_zones()) {
    try {
      on_clocks_of(rule.zone, rule.time);
    } catch (const std::invalid_argument& error) {
      throw JsonError(std::string("policy.due: ") + error.what());
    }
  }
  rule.grace_minutes = not_negative(object, "grace_minutes");
  if (const json* late = object.find("late")) {
    if (!late->is_array()) throw JsonError("policy.due.late must be a list");
    for (std::size_t i = 0; i < late->size(); ++i) {
      JsonObject entry((*late)[i], "policy.due.late[" + std::to_string(i) + "]");
      const LateStep step{entry.number("within_hours"), percent(entry)};
      const double before = rule.late.empty() ? 0.0 : rule.late.back().within_hours;
      if (!(step.within_hours > before))
        throw JsonError(entry.place("within_hours") + " must be above " + points_text(before) +
                        ": the steps come one after the other");
      entry.finish();
      rule.late.push_back(step);
    }
  }
  object.finish();
  return rule;
}

std::optional<double> parse_penalty(JsonObject& policy, const std::string& key) {
  const json* node = policy.find(key);
  if (!node) return std::nullopt;
  JsonObject object(*node, "policy." + key);
  const double penalty = percent(object);
  object.finish();
  return penalty;
}

std::vector<ByHand> parse_by_hand(const json& node) {
  if (!node.is_array()) throw JsonError("policy.by_hand must be a list");
  std::vector<ByHand> parts;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < node.size(); ++i) {
    JsonObject object(node[i], "policy.by_hand[" + std::to_string(i) + "]");
    parts.push_back({object.text("id"), object.text("title"), object.number("points")});
    if (!(parts.back().points > 0)) throw JsonError(object.place("points") + " must be above 0");
    if (!ids.insert(parts.back().id).second) throw JsonError(object.place("id") + " occurs twice");
    object.finish();
  }
  return parts;
}

std::string minus(double percent) { return percent == 0 ? "no penalty" : "-" + points_text(percent) + " %"; }

std::string in_words(const FilesRule& rule) {
  std::string text = "files: ";
  for (std::size_t i = 0; i < rule.exactly.size(); ++i) {
    text += (i == 0 ? "exactly " : i + 1 == rule.exactly.size() ? " and " : ", ") + rule.exactly[i];
  }
  if (!rule.archive.empty()) {
    text += (rule.exactly.empty() ? "the archive is called " : ", in ") + rule.archive_shown;
  }
  return text + "; else " + minus(rule.penalty_percent);
}

std::string in_words(const DueRule& rule) {
  std::string text = "due: " + rule.time + " in " + rule.zone;
  if (rule.grace_minutes > 0) text += ", and " + points_text(rule.grace_minutes) + " minutes of grace";
  for (const LateStep& step : rule.late) {
    text += "; up to " + points_text(step.within_hours) + " hours later " + minus(step.penalty_percent);
  }
  return text + "; after that refused";
}

}  // namespace

Policy parse_policy(const json& node) {
  JsonObject object(node, "policy");
  Policy policy;
  if (object.find("prerequisites")) {
    policy.prerequisites = word(object, "prerequisites", {"own", "reference"}) == 0 ? PrerequisitePolicy::own
                                                                                    : PrerequisitePolicy::reference;
  }
  if (object.find("combine")) {
    policy.combine = word(object, "combine", {"add", "multiply"}) == 0 ? Combine::add : Combine::multiply;
  }
  if (object.find("pick")) policy.pick = word(object, "pick", {"best", "latest"}) == 0 ? Pick::best : Pick::latest;
  if (const json* files = object.find("files")) policy.files = parse_files(*files);
  if (const json* due = object.find("due")) policy.due = parse_due(*due);
  policy.not_built = parse_penalty(object, "not_built");
  policy.flags = parse_penalty(object, "flags");
  if (object.find("handins_a_day")) policy.handins_a_day = object.count("handins_a_day");
  if (const json* by_hand = object.find("by_hand")) policy.by_hand = parse_by_hand(*by_hand);
  object.finish();
  return policy;
}

std::vector<std::string> rules_in_words(const Policy& policy) {
  std::vector<std::string> lines;
  if (policy.files) lines.push_back(in_words(*policy.files));
  if (policy.due) lines.push_back(in_words(*policy.due));
  if (policy.not_built)
    lines.push_back("not_built: where a source is missing or does not build " + minus(*policy.not_built));
  if (policy.flags) lines.push_back("flags: all true at hand-in; else " + minus(*policy.flags));
  if (policy.handins_a_day) {
    lines.push_back("handins_a_day: " + std::to_string(*policy.handins_a_day) +
                    " at most, as the platform counts them");
  }
  if (policy.pick != Pick::all) {
    lines.push_back(std::string("pick: of several hand-ins the ") + (policy.pick == Pick::best ? "best" : "latest") +
                    " counts");
  }
  for (const ByHand& part : policy.by_hand) {
    lines.push_back("by_hand: " + part.title + ", " + points_text(part.points) + " points, graded by people");
  }
  return lines;
}

}  // namespace autograder
