// See prerequisites.hpp.
#include "autograder/prerequisites.hpp"

#include <algorithm>

#include "autograder/score.hpp"
#include "autograder/solution.hpp"
#include "autograder/temporary_folder.hpp"

namespace autograder {

namespace {

bool did_not_pass(const SectionResult& section) {
  return section.status != Status::passed && section.status != Status::skipped;
}

const Section& section_called(const std::string& id, const Assignment& assignment) {
  return *std::find_if(assignment.sections.begin(), assignment.sections.end(),
                       [&](const Section& section) { return section.id == id; });
}

std::set<std::string> places_of(const Section& section) {
  std::set<std::string> places;
  for (const Component& component : section.components) {
    places.insert(component.needs_files.begin(), component.needs_files.end());
  }
  return places;
}

/// The files of a section's prerequisites that did not pass, and the ids of these; none where no one of them failed.
/// One that was skipped may be wrong too.
Again with_correct_prerequisites(const Section& section, const Assignment& assignment,
                                 const std::set<std::string>& failed, const std::set<std::string>& passed) {
  Again again;
  const bool any = std::any_of(section.uses.begin(), section.uses.end(),
                               [&](const std::string& id) { return failed.count(id) > 0; });
  for (const std::string& id : section.uses) {
    if (!any || passed.count(id)) continue;
    again.of.push_back(id);
    again.places.merge(places_of(section_called(id, assignment)));
  }
  again.sections = {section.id};
  return again;
}

/// The bench with the solution's files in the place of the student's, and the sections' components alone.
Workbench rebuild(const Again& again, const Workbench& bench, const GradeOptions& options, const Machine& machine,
                  const std::filesystem::path& folder) {
  const Assignment& assignment = bench.course->assignment;
  Workbench other{bench.course, bench.handin, bench.flags, bench.selections, {}, {}};
  for (auto& [name, bytes] : read_solution(options.root, assignment).files) {
    if (again.places.count(assignment.find_file(name)->place)) other.handin.files[name] = bytes;
  }
  std::set<std::string> chosen;
  for (const std::string& id : again.sections) {
    for (const Component& component : section_called(id, assignment).components) chosen.insert(component.id);
  }
  for (Selection& selection : other.selections) {
    if (!chosen.count(selection.component->id) && selection.why_not.empty()) selection.why_not = "not run again";
  }
  other.built = build_files(options, *bench.course, other.handin, needed_files(other.selections), folder, machine);
  return other;
}

std::vector<std::string> titles_of(const std::vector<std::string>& ids, const Assignment& assignment) {
  std::vector<std::string> titles;
  for (const std::string& id : ids) titles.push_back(section_called(id, assignment).title);
  return titles;
}

void run_again(const Again& again, Report& report, const Workbench& bench, const GradeOptions& options,
               const Machine& machine) {
  const Assignment& assignment = bench.course->assignment;
  const TemporaryFolder folder(options.sandbox.user);
  const Workbench other = rebuild(again, bench, options, machine, folder.path());
  const auto results = score(assignment, run_components(other, options, machine));
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!std::count(again.sections.begin(), again.sections.end(), results[i].id)) continue;
    SectionResult& section = report.sections[i];
    const bool scores = assignment.policy.prerequisites == PrerequisitePolicy::reference;
    section.prerequisites = Prerequisites{titles_of(again.of, assignment), results[i].status, scores};
    if (scores) section.score = std::max(section.score, results[i].score);
  }
}

}  // namespace

std::vector<Again> sections_to_run_again(const Assignment& assignment, const std::vector<SectionResult>& sections) {
  std::set<std::string> failed, passed;
  for (const SectionResult& section : sections) {
    if (did_not_pass(section)) failed.insert(section.id);
    if (section.status == Status::passed) passed.insert(section.id);
  }
  std::vector<Again> all;
  for (const Section& section : assignment.sections) {
    if (!failed.count(section.id)) continue;
    Again again = with_correct_prerequisites(section, assignment, failed, passed);
    if (again.of.empty()) continue;
    const auto same = std::find_if(all.begin(), all.end(), [&](const Again& other) { return other.of == again.of; });
    if (same == all.end()) {
      all.push_back(std::move(again));
    } else {
      same->sections.push_back(section.id);
    }
  }
  return all;
}

void look_at_prerequisites(Report& report, const Workbench& bench, const GradeOptions& options,
                           const Machine& machine) {
  const auto all = sections_to_run_again(bench.course->assignment, report.sections);
  if (all.empty()) return;
  if (!has_solution(options.root, bench.course->assignment)) {
    report.notices.push_back(
        "whether a section would pass if what it uses were right is not known here: that takes the solution, which "
        "only the course has");
    return;
  }
  for (const Again& again : all) run_again(again, report, bench, options, machine);
  report.score = total(report.sections);
}

}  // namespace autograder
