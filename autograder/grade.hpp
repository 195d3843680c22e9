// The pipeline: unpack, build, run, judge, score. See the diagram in DESIGN.md.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograder/build.hpp"
#include "autograder/course.hpp"
#include "autograder/course_rules.hpp"
#include "autograder/flags.hpp"
#include "autograder/report.hpp"
#include "autograder/run.hpp"

namespace autograder {

enum class Unconfined { public_only, accepted };  ///< may student code run without a sandbox on withheld fixtures?
enum class FlagUse { obeyed, ignored };
/// When are a student's own tests run? for_points: where the assignment gives any, and all is graded
enum class TestsUse { for_points, asked_for };
enum class Hints { on, off };  ///< off: no report names a slip

/// Which failed components are run again to find out why; see explain.hpp.
enum class Explain {
  never,
  automatic,  ///< a few of those that no hint explains
  always,
};

struct GradeOptions {
  std::filesystem::path handin;
  std::filesystem::path root;       ///< the course folder, with handout/ and fixtures/
  std::string assignment;           ///< empty: found from the hand-in's files
  std::string fixtures = "public";  ///< "public", "hidden" or a folder
  std::vector<std::string> only;    ///< component ids; empty: all
  std::string case_name;            ///< run only the case of this name; empty: all
  std::size_t jobs = 1;             ///< how many compilers and workers run at a time
  Sandbox sandbox;
  Unconfined unconfined = Unconfined::accepted;
  FlagUse flag_use = FlagUse::obeyed;
  Hints hints = Hints::on;
  Symbols symbols = Symbols::none;
  Attempts attempts = Attempts::all;
  Instruments instruments = Instruments::none;
  Explain explain = Explain::never;
  std::shared_ptr<const ObjectCache> cache;  ///< null: everything is built
  std::optional<Fresh> fresh;                ///< cases beyond the fixtures'
  TestsUse tests = TestsUse::for_points;
  std::optional<HandedIn> handed_in;  ///< empty: what is graded is a folder that somebody works in
  std::size_t every_mutation = 1;     ///< tests are run against every so manieth only: for tests of this
};

/// What the pipeline does to the world: run a tool to its end, start workers, read the course's files. Tests put in
/// their own.
struct Machine {
  RunCommand run;
  std::function<StartWorker(const WorkerProgram&, const CaseLimits&, const Workload&)> workers;
  std::function<std::shared_ptr<const Course>(const GradeOptions&, const Contents&)> course;
};

/// The machine that this process is on.
Machine local_machine(const Sandbox& sandbox);

/// One component with the cases of it that are to be run.
struct Selection {
  const Component* component = nullptr;
  std::vector<const Case*> cases;
  std::string why_not;  ///< set: the component is skipped, for this reason
};

/// Says for every component of the assignment, in its order, whether and with which cases it is run. Pure. A case that
/// is asked for by name is run whatever its flag says. Throws UsageError for a component or a case that does not exist.
std::vector<Selection> select_cases(const Course& course, const std::set<std::string>& off,
                                    const GradeOptions& options);

/// What was asked for does not exist. Exit code 2.
class UsageError : public std::runtime_error {
 public:
  explicit UsageError(const std::string& message) : std::runtime_error(message) {}
};

/// A hand-in taken apart and built. Selections point into the course.
struct Workbench {
  std::shared_ptr<const Course> course;
  Handin handin;
  Flags flags;
  std::vector<Selection> selections;
  BuildResult built;
  std::vector<std::string> notices;
  std::vector<std::string> names = {};  ///< of all files of the hand-in
  std::optional<Fresh> fresh = {};      ///< the cases that were added
};

/// The first half of grade(): unpacks the hand-in and builds it in `folder`, an empty one. Returns the report instead
/// where the hand-in is refused.
std::variant<Workbench, Report> prepare(const GradeOptions& options, const Machine& machine,
                                        const std::filesystem::path& folder);

/// Builds those of a hand-in's files that have these places, in `folder`, an empty one.
BuildResult build_files(const GradeOptions& options, const Course& course, const Handin& handin,
                        const std::set<std::string>& places, const std::filesystem::path& folder,
                        const Machine& machine);

/// The places of the files that the selected cases need.
std::set<std::string> needed_files(const std::vector<Selection>& selections);

/// Runs the selected cases: a result for each of the assignment's components.
std::vector<ComponentResult> run_components(const Workbench& bench, const GradeOptions& options,
                                            const Machine& machine);

/// The second half: runs the selected cases, judges and scores them.
Report assess(const Workbench& bench, const GradeOptions& options, const Machine& machine);

/// Grades one hand-in. Whatever the hand-in does is in the report; throws GraderError for what is not its doing.
Report grade(const GradeOptions& options, const Machine& machine);

}  // namespace autograder
