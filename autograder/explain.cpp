// See explain.hpp.
#include "autograder/explain.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>
#include <sstream>

#include "autograder/explanation.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/judge.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tools.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// A component on its way.
struct Unexplained {
  ComponentResult* result = nullptr;
  const Component* component = nullptr;
  const Case* one = nullptr;  ///< the first that failed
};

/// Relations that hold just as well of memory which is gone, whatever the hint makes of it.
bool is_guess(const std::string& hint_id) {
  const std::string kind = hint_id.substr(0, hint_id.find(' '));
  return kind == "empty" || kind == "uninitialised" || kind == "infinite" || kind == "zeros";
}

bool has_hint(const ComponentResult& component) {
  const CaseResult* one = first_failing(component);
  return one && std::any_of(one->mismatches.begin(), one->mismatches.end(),
                            [](const Mismatch& mismatch) { return !mismatch.hint.empty(); });
}

/// What has been seen tells more than what was guessed.
void drop_guesses(ComponentResult& component) {
  for (CaseResult& one : component.cases) {
    if (is_guess(one.hint_id)) one.hint = one.hint_id = "";
    for (Mismatch& mismatch : one.mismatches) {
      if (is_guess(mismatch.hint_id)) mismatch.hint = mismatch.hint_id = "";
    }
  }
}

/// Whether one of those before needs only some of the files that this one needs: it is likely the cause. One with a
/// hint may well be through without an explanation.
bool may_follow(const std::vector<Unexplained>& before, const Component& component) {
  const std::set<std::string> needed(component.needs_files.begin(), component.needs_files.end());
  return std::any_of(before.begin(), before.end(), [&](const Unexplained& other) {
    const std::set<std::string> fewer(other.component->needs_files.begin(), other.component->needs_files.end());
    return !has_hint(*other.result) && fewer.size() < needed.size() &&
           std::includes(needed.begin(), needed.end(), fewer.begin(), fewer.end());
  });
}

std::vector<Unexplained> choose(const Workbench& bench, Explain which, std::vector<ComponentResult>& components) {
  std::vector<Unexplained> wanting;
  for (std::size_t i = 0; i < components.size(); ++i) {
    const CaseResult* failing = first_failing(components[i]);
    if (!failing || !wants_explanation(components[i], which)) continue;
    const Component& component = *bench.selections[i].component;
    if (which == Explain::automatic && may_follow(wanting, component)) continue;
    const auto& cases = bench.selections[i].cases;
    const auto one =
        std::find_if(cases.begin(), cases.end(), [&](const Case* other) { return other->name == failing->name; });
    if (one != cases.end()) wanting.push_back({&components[i], &component, *one});
  }
  if (which != Explain::automatic) return wanting;
  std::stable_partition(wanting.begin(), wanting.end(), [](const Unexplained& one) { return !has_hint(*one.result); });
  std::set<std::vector<std::string>> built;  // the files of one are those of all that need just these
  std::vector<Unexplained> chosen;
  for (const Unexplained& one : wanting) {
    if (built.size() < kExplained) built.insert(one.component->needs_files);
    if (built.contains(one.component->needs_files)) chosen.push_back(one);
  }
  // Of several that fail by one line the first is explained.
  std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) { return a.result < b.result; });
  return chosen;
}

/// The hand-in's files of which components test nothing else, and all of these pass.
std::set<std::string> passing_files(const Workbench& bench, const std::vector<ComponentResult>& components) {
  std::set<std::string> passing, failing;
  for (std::size_t i = 0; i < components.size(); ++i) {
    const std::vector<std::string>& needed = bench.selections[i].component->needs_files;
    if (needed.size() == 1) (components[i].status == Status::passed ? passing : failing).insert(needed.front());
  }
  std::set<std::string> names;
  for (const ListedFile& file : bench.course->assignment.files) {
    if (passing.contains(file.place) && !failing.contains(file.place)) names.insert(file.name);
  }
  return names;
}

/// "std::runtime_error: Dot: shape mismatch." of "nn::Linear::forward threw std::runtime_error: ...".
std::string exception_of(const CaseResult& again) {
  constexpr const char* verb = "threw ";
  const auto at = again.message.find(verb);
  return at == std::string::npos ? again.message : again.message.substr(at + std::strlen(verb));
}

/// The sanitized build of a hand-in, in a folder of its own.
class Explainer {
 public:
  Explainer(const Workbench& bench, const GradeOptions& options, const Machine& machine,
            const std::vector<Unexplained>& chosen, const std::set<std::string>& passing)
      : bench_(bench), options_(options), machine_(machine), passing_(passing), folder_(options.sandbox.user) {
    options_.instruments = Instruments::sanitizers;
    for (const Unexplained& one : chosen) {
      needed_.insert(one.component->needs_files.begin(), one.component->needs_files.end());
    }
    copy_launcher();
    build_all();
  }

  /// What running the case again shows.
  struct Seen {
    Explanation explanation;
    bool is_thrown = false;  ///< by what the hand-in calls: of memory it says nothing
  };

  /// Runs the case again.
  std::optional<Seen> explain(const Unexplained& unexplained) {
    if (!is_built(*unexplained.component)) return std::nullopt;
    const Assignment& assignment = bench_.course->assignment;
    const CaseRun run = run_case(*unexplained.one, machine_.workers(built_.worker, assignment.limits, {}));
    const auto finding = read_finding(run.output);
    if (!finding) return std::nullopt;
    const CaseResult again = judge(*unexplained.one, run);
    // Exceptions that the hand-in catches itself explain nothing.
    const bool threw = again.status == Status::exception || again.status == Status::out_of_memory;
    if (finding->kind == Finding::Kind::thrown && !threw) return std::nullopt;
    const std::vector<SourceLine> stack = lines_of(finding->stack), other = lines_of(finding->other);
    const auto explanation = explanation_of(*finding, stack, other, bench_.handin, exception_of(again), passing_);
    if (!explanation) return std::nullopt;
    return Seen{*explanation, finding->kind == Finding::Kind::thrown};
  }

 private:
  const Sanitizers& sanitizers() const { return bench_.course->toolchain.sanitizers; }

  /// The grader may lie where the sandbox's user cannot go.
  void copy_launcher() {
    launcher_ = sanitizers().launcher;
    if (!options_.sandbox.user) return;
    launcher_ = folder_.path() / "launcher_sanitized";
    std::error_code error;
    fs::copy_file(sanitizers().launcher, launcher_, error);
    if (!error) fs::permissions(launcher_, fs::perms(0755), error);
    if (error) throw GraderError("copying " + sanitizers().launcher.string() + ": " + error.message());
  }

  void build_all() {
    const fs::path build = folder_.path() / "build";
    fs::create_directory(build);
    fs::permissions(build, fs::perms(0755));
    built_ = build_files(options_, *bench_.course, bench_.handin, needed_, build, machine_);
    built_.worker.sanitized_launcher = launcher_;
  }

  bool is_built(const Component& component) const {
    return std::all_of(built_.files.begin(), built_.files.end(), [&](const BuiltFile& file) {
      const auto& needed = component.needs_files;
      const std::string& place = bench_.course->assignment.find_file(file.file)->place;
      return file.status == BuiltFile::Status::ok || std::find(needed.begin(), needed.end(), place) == needed.end();
    });
  }

  /// Asks addr2line, which reads an object of the student's, and is shut in like a compiler.
  std::vector<SourceLine> lines_of(const std::vector<std::uint64_t>& offsets) {
    if (offsets.empty()) return {};
    const fs::path scratch = folder_.path() / "scratch";
    fs::create_directory(scratch);
    fs::permissions(scratch, fs::perms(0755));
    const std::string worker = built_.worker.file.string();
    std::vector<std::string> arguments{sanitizers().addr2line, "-f", "-C", "-e", worker};
    for (const std::uint64_t offset : offsets) {
      std::ostringstream hexadecimal;
      hexadecimal << std::hex << offset;
      arguments.push_back(hexadecimal.str());
    }
    const Tools tools(bench_.course->assignment.compile_limits, folder_.path(), machine_.run);
    const Completed completed = tools.run({std::move(arguments), scratch, scratch, {worker}});
    return completed.succeeded() ? read_source_lines(completed.output) : std::vector<SourceLine>();
  }

  const Workbench& bench_;
  GradeOptions options_;
  const Machine& machine_;
  const std::set<std::string>& passing_;
  TemporaryFolder folder_;
  std::set<std::string> needed_;
  fs::path launcher_;
  BuildResult built_;
};

std::string names_of(const std::vector<Unexplained>& components) {
  std::string names;
  for (const Unexplained& one : components) names += (names.empty() ? "" : ", ") + one.component->id;
  return names;
}

}  // namespace

bool wants_explanation(const ComponentResult& component, Explain which) {
  if (which == Explain::never) return false;
  switch (component.status) {
    case Status::crashed:
    case Status::exception:
    case Status::out_of_memory: return true;  // a size that lay in memory which is gone
    case Status::failed: break;
    case Status::timed_out:
    case Status::output_limit: return which == Explain::always;
    case Status::passed:
    case Status::not_built:
    case Status::not_implemented:
    case Status::skipped: return false;
  }
  if (which == Explain::always) return true;
  const CaseResult* one = first_failing(component);
  if (!one || one->mismatches.empty()) return false;
  return std::all_of(one->mismatches.begin(), one->mismatches.end(), [](const Mismatch& mismatch) {
    const bool is_explained = !mismatch.hint.empty() && !is_guess(mismatch.hint_id);
    return !is_explained && mismatch.kind != Mismatch::Kind::missing && mismatch.kind != Mismatch::Kind::type;
  });
}

std::vector<std::string> explain_failures(const Workbench& bench, const GradeOptions& options, const Machine& machine,
                                          std::vector<ComponentResult>& components) {
  const bool is_shown = bench.course->fixtures.visibility == Visibility::open || options.explain == Explain::always;
  if (options.explain == Explain::never || !is_shown) return {};
  const std::vector<Unexplained> chosen = choose(bench, options.explain, components);
  if (chosen.empty()) return {};
  const std::string none = "what goes wrong in " + names_of(chosen) + " is not explained: ";
  if (const std::string why = bench.course->toolchain.sanitizers.why_not(); !why.empty()) return {none + why};
  try {
    const std::set<std::string> passing = passing_files(bench, components);
    Explainer explainer(bench, options, machine, chosen, passing);
    std::set<std::pair<std::string, std::size_t>> lines;
    for (const Unexplained& one : chosen) {
      if (options.explain == Explain::automatic && lines.size() == kExplained) break;
      const auto seen = explainer.explain(one);
      if (!seen) continue;
      const bool is_new = lines.emplace(seen->explanation.file, seen->explanation.line).second;
      if (options.explain == Explain::automatic && !is_new) continue;
      one.result->explanation = seen->explanation;
      // On withheld fixtures the explanation is taken out of the report, and the hint stays.
      const bool is_open = bench.course->fixtures.visibility == Visibility::open;
      if (is_open && !seen->is_thrown) drop_guesses(*one.result);
    }
  } catch (const GraderError&) {
    // Its message may name paths of this machine, and students read notices.
    return {none + "building or running it again failed, which is no fault of the hand-in"};
  }
  return {};
}

}  // namespace autograder
