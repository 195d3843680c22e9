// See news.hpp.
#include "autograder/news.hpp"

#include <algorithm>
#include <vector>

namespace autograder {

namespace {

enum class Turn { newly_failing, other, newly_passed };

/// A line of the news, and those below it.
struct Change {
  std::string text;
  Turn turn = Turn::other;
  std::vector<Change> parts;
};

bool fails(Status status) { return status != Status::passed && status != Status::skipped; }

Turn turn_of(Status before, Status after) {
  if (fails(after) && !fails(before)) return Turn::newly_failing;
  return after == Status::passed && before != Status::passed ? Turn::newly_passed : Turn::other;
}

std::string status_change(Status before, Status after) {
  return before == after ? words(after) + " as before" : words(before) + " -> " + words(after);
}

std::string points_change(double before, double after) {
  return points_text(before) + (before == after ? "" : " -> " + points_text(after)) + " points";
}

std::size_t passed_cases(const ComponentResult& component) {
  return static_cast<std::size_t>(std::count_if(component.cases.begin(), component.cases.end(), [](const auto& one) {
    return one.scored && one.status == Status::passed;
  }));
}

std::size_t scored_cases(const ComponentResult& component) {
  return static_cast<std::size_t>(
      std::count_if(component.cases.begin(), component.cases.end(), [](const auto& one) { return one.scored; }));
}

/// ", 2 -> 4 of 6 cases", where a component fails as before but not as much.
std::string progress(const ComponentResult& before, const ComponentResult& after) {
  const std::size_t from = passed_cases(before), to = passed_cases(after), of = scored_cases(after);
  if (before.status != after.status || from == to || of != scored_cases(before)) return "";
  return ", " + std::to_string(from) + " -> " + std::to_string(to) + " of " + std::to_string(of) + " cases passed";
}

/// The one of that id, or one that has not been run.
template <typename Result>
Result counterpart(const std::vector<Result>& all, const Result& of) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Result& one) { return one.id == of.id; });
  if (found != all.end()) return *found;
  Result none;
  none.id = of.id;
  return none;
}

void put_newly_failing_first(std::vector<Change>& changes) {
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Change& change) { return change.turn == Turn::newly_failing; });
}

std::vector<Change> changes_of(const std::vector<ComponentResult>& before, const std::vector<ComponentResult>& after) {
  std::vector<Change> changes;
  for (const ComponentResult& now : after) {
    const ComponentResult then = counterpart(before, now);
    const std::string how_far = progress(then, now);
    if (then.status == now.status && how_far.empty()) continue;
    changes.push_back(
        {now.id + ": " + status_change(then.status, now.status) + how_far, turn_of(then.status, now.status), {}});
  }
  put_newly_failing_first(changes);
  return changes;
}

std::vector<Change> changes_of(const std::vector<SectionResult>& before, const std::vector<SectionResult>& after) {
  std::vector<Change> changes;
  for (const SectionResult& now : after) {
    const SectionResult then = counterpart(before, now);
    Change change{now.id + ": " + status_change(then.status, now.status), turn_of(then.status, now.status),
                  changes_of(then.components, now.components)};
    if (then.status == now.status && then.score == now.score && change.parts.empty()) continue;
    if (then.score != now.score) change.text += ", " + points_change(then.score, now.score);
    if (now.components.size() == 1) {
      // The section and its component are one thing to a student.
      if (!then.components.empty()) change.text += progress(then.components.front(), now.components.front());
      change.parts.clear();
    }
    if (!change.parts.empty() && change.parts.front().turn == Turn::newly_failing) change.turn = Turn::newly_failing;
    changes.push_back(change);
  }
  put_newly_failing_first(changes);
  return changes;
}

std::string lines_of(const std::vector<Change>& changes, const std::string& indent, Colour colour) {
  std::string lines;
  for (const Change& change : changes) {
    lines += indent;
    lines += change.turn == Turn::other
                 ? change.text
                 : painted(change.text, change.turn == Turn::newly_passed ? Ink::green : Ink::red, colour);
    lines += "\n" + lines_of(change.parts, indent + "  ", colour);
  }
  return lines;
}

}  // namespace

std::string news(const Report& before, const Report& after, Colour colour) {
  if (before.assignment != after.assignment) return "Now graded as " + after.title + "\n";
  const std::vector<Change> changes = changes_of(before.sections, after.sections);
  std::string title = "Since the last run: " + points_change(before.score, after.score);
  if (before.score == after.score) title += " as before";
  if (changes.empty()) title = "Since the last run: nothing new";
  return painted(title, Ink::bold, colour) + "\n" + lines_of(changes, "  ", colour);
}

std::string built_text(const Report& report) {
  std::string names;
  std::size_t built = 0, kept = 0;
  for (const BuiltFile& file : report.build) {
    if (file.status == BuiltFile::Status::missing) continue;
    ++(file.cached ? kept : built);
    if (!file.cached) names += (names.empty() ? "" : ", ") + file.file;
  }
  if (built + kept == 0) return "";
  if (built == 0) return "Compiled: nothing, all was built before.\n";
  const std::string others = kept == 1 ? "1 other" : std::to_string(kept) + " others";
  return "Compiled: " + names + (kept == 0 ? "" : "; built before: " + others) + ".\n";
}

}  // namespace autograder
