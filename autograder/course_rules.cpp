// See course_rules.hpp.
#include "autograder/course_rules.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "autograder/deadline.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/strict_json.hpp"

namespace autograder {

using Outcome = RuleResult::Outcome;

const char* name_of(RuleResult::Outcome outcome) {
  switch (outcome) {
    case Outcome::kept: return "kept";
    case Outcome::broken: return "broken";
    case Outcome::not_checked: break;
  }
  return "not_checked";
}

namespace {

/// std::regex recurses with each character.
constexpr std::size_t kLongestName = 255;

/// A line for each extra file would hide the others.
constexpr std::size_t kNamedFiles = 5;

constexpr const char* kNotHandedIn = "a folder was graded, not what is handed in";

RuleResult result_of(const std::string& rule, double penalty, const std::vector<std::string>& faults) {
  return {rule, faults.empty() ? Outcome::kept : Outcome::broken, penalty, "", faults, false};
}

RuleResult not_checked(const std::string& rule, double penalty, const std::string& why) {
  return {rule, Outcome::not_checked, penalty, "", {why}, false};
}

/// What computers put beside files without being asked.
bool is_litter(const std::string& name) {
  const std::string leaf = name.substr(name.find_last_of('/') + 1);
  return name.starts_with("__MACOSX/") || leaf == ".DS_Store" || leaf == "Thumbs.db" || leaf == "desktop.ini";
}

/// The one folder around all files, with its slash; empty where there is none, or where files are asked for in a folder
/// of that name.
std::string folder_around(const std::vector<std::string>& names, const std::vector<std::string>& exactly) {
  const std::string first = names.empty() ? "" : names.front();
  const std::string folder = first.substr(0, first.find('/') + 1);
  const auto is_inside = [&](const std::string& name) { return name.starts_with(folder); };
  const bool all = std::all_of(names.begin(), names.end(), is_inside);
  return all && std::none_of(exactly.begin(), exactly.end(), is_inside) ? folder : "";
}

bool matches_any(const std::string& name, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
  });
}

std::vector<std::string> faults_of_files(const FilesRule& rule, std::vector<std::string> names) {
  std::erase_if(names, is_litter);
  const std::string folder = folder_around(names, rule.exactly);
  for (std::string& name : names) name.erase(0, folder.size());
  std::vector<std::string> faults, extra;
  for (const std::string& name : rule.exactly) {
    if (std::find(names.begin(), names.end(), name) == names.end()) faults.push_back(name + " is missing");
  }
  for (const std::string& name : names) {
    const bool is_asked_for = std::find(rule.exactly.begin(), rule.exactly.end(), name) != rule.exactly.end();
    if (!is_asked_for && !matches_any(name, rule.may_be_there)) extra.push_back(shortened(one_line(name)));
  }
  const std::size_t named = extra.size() > kNamedFiles ? kNamedFiles - 1 : extra.size();
  for (std::size_t i = 0; i < named; ++i) faults.push_back(extra[i] + " is not asked for");
  if (named < extra.size()) faults.push_back(std::to_string(extra.size() - named) + " more files are not asked for");
  return faults;
}

RuleResult check(const FilesRule& rule, const Evidence& evidence) {
  const double penalty = rule.penalty_percent;
  if (!evidence.handed_in) return not_checked("files", penalty, kNotHandedIn);
  if (!evidence.names) return not_checked("files", penalty, "the hand-in cannot be opened");
  std::vector<std::string> faults;
  if (!rule.exactly.empty()) faults = faults_of_files(rule, *evidence.names);
  const std::string& archive = evidence.handed_in->archive;
  if (!rule.archive.empty() && !archive.empty() &&
      (archive.size() > kLongestName || !std::regex_match(archive, std::regex(rule.archive)))) {
    faults.push_back("the archive is called " + shortened(one_line(archive)) + " and not " + rule.archive_shown);
  }
  return result_of("files", penalty, faults);
}

Instant instant_of(const std::string& time, const std::string& zone) {
  try {
    return parse_instant(time, zone);
  } catch (const std::invalid_argument& error) {
    throw GraderError(std::string("checking the due time: ") + error.what());
  }
}

RuleResult check(const DueRule& rule, const std::optional<HandedIn>& handed_in) {
  RuleResult result;
  result.rule = "due";
  if (!handed_in || handed_in->time.empty()) {
    result.details = {"it is not known when this was handed in (--submitted)"};
    return result;
  }
  if (!knows_time_zones()) {
    result.details = {"this grader was built without time zones"};
    return result;
  }
  using Minutes = std::chrono::duration<double, std::ratio<60>>;
  using Hours = std::chrono::duration<double, std::ratio<3600>>;
  const bool is_extended = !handed_in->extension.empty();
  const Instant due = instant_of(is_extended ? handed_in->extension : rule.time, rule.zone);
  const Instant came = instant_of(handed_in->time, rule.zone);
  const auto late = came - due;
  const std::string what = "handed in " + in_zone(came, rule.zone) +
                           (handed_in->time_source.empty() ? "" : " (" + handed_in->time_source + ")") + ", due " +
                           in_zone(due, rule.zone) + (is_extended ? ", by extension" : "");
  if (late <= std::chrono::seconds(0)) {
    result.outcome = Outcome::kept;
    result.details = {what};
    return result;
  }
  const std::string later = what + ": " + duration_text(late) + " late";
  if (late <= Minutes(rule.grace_minutes)) {
    result.outcome = Outcome::kept;
    result.details = {later + ", within the grace of " + points_text(rule.grace_minutes) + " min"};
    return result;
  }
  result.outcome = Outcome::broken;
  result.details = {later};
  const auto step = std::find_if(rule.late.begin(), rule.late.end(),
                                 [&](const LateStep& one) { return late <= Hours(one.within_hours); });
  if (step == rule.late.end()) {
    result.penalty_percent = 100.0;
    result.refuses = true;
    result.details.push_back("what comes so late is refused");
  } else {
    result.penalty_percent = step->penalty_percent;
  }
  return result;
}

RuleResult check_built(double penalty, const Report& report) {
  if (report.refused) return result_of("not_built", penalty, {"the hand-in is refused, and nothing was built"});
  std::vector<std::string> faults;
  for (const BuiltFile& file : report.build) {
    if (file.status == BuiltFile::Status::ok) continue;
    faults.push_back(file.file + (file.status == BuiltFile::Status::missing ? " is missing" : " does not build"));
  }
  return result_of("not_built", penalty, faults);
}

RuleResult check_flags(double penalty, const Report& report, const Evidence& evidence) {
  if (!evidence.handed_in) return not_checked("flags", penalty, kNotHandedIn);
  if (report.refused) return not_checked("flags", penalty, "the hand-in is refused");
  std::vector<std::string> faults;
  for (const std::string& id : evidence.off) faults.push_back("the flag of " + id + " is false");
  return result_of("flags", penalty, faults);
}

bool is_charged(const RuleResult& rule) { return rule.outcome == Outcome::broken && rule.penalty_percent > 0; }

double earned(const std::string& id, const std::vector<SectionResult>& sections) {
  const auto section = std::find_if(sections.begin(), sections.end(), [&](const auto& one) { return one.id == id; });
  return section == sections.end() ? 0.0 : section->score;
}

}  // namespace

std::vector<RuleResult> check_rules(const Policy& policy, const Report& report, const Evidence& evidence) {
  std::vector<RuleResult> results;
  if (policy.files) results.push_back(check(*policy.files, evidence));
  if (policy.due) results.push_back(check(*policy.due, evidence.handed_in));
  if (policy.not_built) results.push_back(check_built(*policy.not_built, report));
  if (policy.flags) results.push_back(check_flags(*policy.flags, report, evidence));
  return results;
}

double Adjustment::of(double points) const {
  if (deduction == 0.0 && factor == 1.0) return points;
  constexpr double hundredths = 100.0;
  return std::round(std::max(0.0, (points - deduction) * factor) * hundredths) / hundredths;
}

Adjustment adjust(const std::vector<RuleResult>& rules, Combine combine, const std::vector<SectionResult>& sections) {
  Adjustment adjustment;
  for (const RuleResult& rule : rules) {
    if (!is_charged(rule)) continue;
    const double part = rule.penalty_percent / 100.0;
    if (rule.refuses) {
      adjustment.factor = 0.0;
    } else if (!rule.section.empty()) {
      adjustment.deduction += part * earned(rule.section, sections);
    } else if (combine == Combine::add) {
      adjustment.factor = std::max(0.0, adjustment.factor - part);
    } else {
      adjustment.factor *= 1.0 - part;
    }
  }
  return adjustment;
}

std::string arithmetic(const std::vector<RuleResult>& rules, Combine combine, const Report& report) {
  if (std::none_of(rules.begin(), rules.end(), is_charged)) return "";
  std::string base = points_text(report.score), factor;
  for (const RuleResult& rule : rules) {
    if (!is_charged(rule)) continue;
    if (rule.refuses) return "0: refused";
    const std::string part = points_text(rule.penalty_percent) + " %";
    if (!rule.section.empty()) {
      base += " - " + part + " of " + points_text(earned(rule.section, report.sections)) + " (" + rule.section + ")";
    } else if (combine == Combine::add) {
      factor += " - " + part;
    } else {
      factor += " x (100 % - " + part + ")";
    }
  }
  if (base.find(' ') != std::string::npos && !factor.empty()) base = "(" + base + ")";
  if (combine == Combine::add && !factor.empty()) factor = " x (100 %" + factor + ")";
  return base + factor + " = " + points_text(adjust(rules, combine, report.sections).of(report.score));
}

void apply_rules(Report& report, const Policy& policy, const Evidence& evidence) {
  if (report.partial) return;
  report.policy = check_rules(policy, report, evidence);
  report.adjustment = adjust(report.policy, policy.combine, report.sections);
  report.arithmetic = arithmetic(report.policy, policy.combine, report);
}

}  // namespace autograder
