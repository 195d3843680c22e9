// See grade.hpp.
#include "autograder/grade.hpp"

#include <algorithm>

#include "autograder/explain.hpp"
#include "autograder/flags.hpp"
#include "autograder/fresh.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/hints.hpp"
#include "autograder/judge.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/parallel.hpp"
#include "autograder/prerequisites.hpp"
#include "autograder/score.hpp"
#include "autograder/secrets.hpp"
#include "autograder/solution.hpp"
#include "autograder/student_tests.hpp"
#include "autograder/surroundings.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

std::string comma_separated(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

/// The case called `name`, or the only ones whose names hold it.
std::vector<const Case*> matching_cases(const Fixture& fixture, const std::string& name) {
  std::vector<const Case*> exact, holding;
  for (const Case& one : fixture.cases) {
    if (name.empty() || one.name == name) exact.push_back(&one);
    if (one.name.find(name) != std::string::npos) holding.push_back(&one);
  }
  return exact.empty() ? holding : exact;
}

/// Why a component cannot be run, if files that it needs are not there.
std::string why_not_built(const Assignment& assignment, const Component& component,
                          const std::vector<BuiltFile>& files) {
  std::vector<std::string> reasons;
  for (const std::string& place : component.needs_files) {
    for (const BuiltFile& file : files) {
      if (file.status == BuiltFile::Status::ok || assignment.find_file(file.file)->place != place) continue;
      reasons.push_back(file.file + (file.status == BuiltFile::Status::missing ? " is missing" : " did not build"));
    }
  }
  return comma_separated(reasons);
}

std::set<std::string> source_places(const Assignment& assignment) {
  std::set<std::string> places;
  for (const ListedFile& file : assignment.files) {
    if (file.is_source()) places.insert(file.place);
  }
  return places;
}

bool holds_any_source(const Handin& handin, const Assignment& assignment) {
  return std::any_of(assignment.files.begin(), assignment.files.end(),
                     [&](const ListedFile& file) { return file.is_source() && handin.files.count(file.name); });
}

std::string no_source_sentence(const Assignment& assignment) {
  std::vector<std::string> names;
  for (const ListedFile& file : assignment.files) {
    if (file.is_source()) names.push_back(file.name);
  }
  return "it holds none of the files of " + assignment.id + ": " + comma_separated(names);
}

Report empty_report(const GradeOptions& options, const Course& course) {
  Report report;
  report.assignment = course.assignment.id;
  report.title = course.assignment.title;
  // The last part of "handin/" is empty.
  report.handin = (options.handin.has_filename() ? options.handin : options.handin.parent_path()).filename().string();
  report.fixtures = course.fixtures.name;
  report.visibility = course.fixtures.visibility;
  report.partial = !options.only.empty() || !options.case_name.empty();
  report.max_score = course.assignment.max_score();
  report.environment = {kVersion, name_of(options.sandbox.tier), course.toolchain.compilers.front().description,
                        course.fixtures.sha256};
  return report;
}

/// The report on a hand-in that is not graded: every component skipped, no points.
Report refuse(Report report, const Course& course, const std::string& why) {
  report.refused = why;
  std::vector<ComponentResult> components;
  for (const std::string& id : course.assignment.component_ids()) {
    components.push_back({id, Status::skipped, "the hand-in was refused", {}});
  }
  report.sections = score(course.assignment, components);
  return report;
}

/// The hand-in's files, or why there are none to grade.
std::variant<Handin, Refused> take_files(const std::variant<Contents, Refused>& unpacked, const Course& course) {
  if (const auto* refused = std::get_if<Refused>(&unpacked)) return *refused;
  auto selected = select_files(std::get<Contents>(unpacked), course.assignment, course.headers);
  const auto* handin = std::get_if<Handin>(&selected);
  if (handin && !holds_any_source(*handin, course.assignment)) return Refused{no_source_sentence(course.assignment)};
  return selected;
}

std::variant<Contents, Refused> unpack_for(const GradeOptions& options) {
  std::set<std::string> wanted = wanted_names(options.root);
  if (options.tests == TestsUse::asked_for) wanted.insert(kTestFiles);
  return unpack(options.handin, wanted);
}

/// Withheld fixtures, the solution and other hand-ins must be out of the hand-in's reach.
void require_secrets_closed(const GradeOptions& options, const Course& course) {
  const FixtureSet& fixtures = course.fixtures;
  if (fixtures.visibility != Visibility::withheld) return;
  if (options.sandbox.tier == Tier::none && options.unconfined == Unconfined::public_only) {
    throw GraderError("grading with the fixtures " + fixtures.name + ": there is no sandbox here (" +
                      why_not_stronger(options.sandbox) +
                      "). A hand-in could read whatever this user can. Where you trust it, " +
                      "ask for --sandbox none by name.");
  }
  const fs::path solution = options.root / "reference" / course.assignment.id;
  require_closed(options.sandbox, {fixtures.folder, solution, fs::absolute(options.handin).parent_path()});
}

Flags flags_of(const Handin& handin, const Assignment& assignment) {
  const auto file = handin.files.find(kFlagsFile);
  return read_flags(file == handin.files.end() ? nullptr : &file->second, assignment.component_ids());
}

/// Whether something went wrong that may be our doing: the worker says that it does not understand the request, or it
/// could not be loaded. A hand-in can fake both.
bool may_be_ours(const CaseRun& run) {
  const auto* ending = std::get_if<Ending>(&run.outcome);
  const auto* exited = ending ? std::get_if<Exited>(ending) : nullptr;
  return bad_request(run) || (exited && exited->code == launcher::kNotLoaded);
}

/// Sends the request to a worker without any student's file. Throws GraderError where that fails in the same way: then
/// the fixture or the machine is to blame, and nobody may lose points for it.
void check_without_student(const Case& one, const Workbench& bench, const GradeOptions& options,
                           const Machine& machine) {
  const TemporaryFolder folder(options.sandbox.user);
  const BuildResult stubs = build_files(options, *bench.course, {}, {}, folder.path(), machine);
  const CaseRun run = run_case(one, machine.workers(stubs.worker, bench.course->assignment.limits, {}));
  if (const auto why = bad_request(run)) {
    throw GraderError("running the case \"" + one.name + "\" of the " + bench.course->fixtures.name +
                      " fixtures: the worker does not understand it: " + *why + ". Mend the fixture or the worker.");
  }
  if (may_be_ours(run)) {
    throw GraderError("loading the worker of " + bench.course->assignment.id + ", without any student's file: " +
                      run.output + "Are all libraries there? Look at `autograder doctor`.");
  }
}

/// The cases that --case left out stand in the result as skipped: a component of which only some cases ran has not
/// passed.
void add_left_out(const Fixture& fixture, ComponentResult& result) {
  for (const Case& one : fixture.cases) {
    const bool ran = std::any_of(result.cases.begin(), result.cases.end(),
                                 [&](const CaseResult& other) { return other.name == one.name; });
    if (ran) continue;
    CaseResult left_out;
    left_out.name = one.name;
    left_out.operation = one.operation;
    left_out.scored = one.scored == Scored::yes;
    left_out.message = "left out by --case";
    result.cases.push_back(left_out);
    result.message = "some cases were left out by --case";
  }
}

/// The workers of all components of a hand-in.
StartWorker workers_for(const Workbench& bench, const GradeOptions& options, const Machine& machine) {
  Workload load{1, std::max<std::size_t>(1, std::min(options.jobs, bench.selections.size()))};
  for (const Selection& selection : bench.selections) load.cases = std::max(load.cases, selection.cases.size());
  return machine.workers(bench.built.worker, bench.course->assignment.limits, load);
}

ComponentResult run_component(const Workbench& bench, const Selection& selection, const StartWorker& start,
                              const GradeOptions& options, const Machine& machine) {
  const Assignment& assignment = bench.course->assignment;
  const BuildResult& built = bench.built;
  ComponentResult result;
  result.id = selection.component->id;
  result.message = selection.why_not;
  if (!result.message.empty()) return result;
  result.message = why_not_built(assignment, *selection.component, built.files);
  if (!result.message.empty()) {
    result.status = Status::not_built;
    return result;
  }
  result.cases.resize(selection.cases.size());
  std::vector<const Case*> doubtful;
  run_cases(selection.cases, start, [&](std::size_t i, const CaseRun& run) {
    if (may_be_ours(run)) doubtful.push_back(selection.cases[i]);
    const std::vector<const Case*> earlier(selection.cases.begin(), selection.cases.begin() + static_cast<long>(i));
    result.cases[i] = judge(*selection.cases[i], run, Homework{assignment, *selection.component, earlier});
  });
  if (options.hints == Hints::on) set_hints(result, selection.cases);
  for (const Case* one : doubtful) check_without_student(*one, bench, options, machine);
  add_left_out(bench.course->fixtures.by_component.at(result.id), result);
  result.status = status_of(result.cases);
  return result;
}

/// Puts a course with fresh cases in the place of the bench's.
void add_fresh_cases(Workbench& bench, const GradeOptions& options, const Machine& machine) {
  if (!options.fresh) return;
  const Assignment& assignment = bench.course->assignment;
  const std::string count = std::to_string(options.fresh->cases), seed = std::to_string(options.fresh->seed);
  if (!has_solution(options.root, assignment)) {
    bench.notices.push_back("no fresh cases were added: their answers come from the solution, which is not here");
    return;
  }
  auto course = std::make_shared<Course>(*bench.course);
  const TemporaryFolder folder(options.sandbox.user);
  const BuildResult solution = build_files(options, *course, read_solution(options.root, assignment),
                                           source_places(assignment), folder.path(), machine);
  autograder::add_fresh_cases(*course, options.root, *options.fresh,
                              machine.workers(solution.worker, assignment.limits, {options.fresh->cases, 1}));
  bench.course = course;
  bench.fresh = options.fresh;
  bench.notices.push_back("each component has up to " + count + " fresh cases besides the fixtures' (--fresh " + count +
                          " --seed " + seed + " adds the same ones again)");
}

}  // namespace

Machine local_machine(const Sandbox& sandbox) {
  return {[sandbox](const Command& command) { return run_confined(command, sandbox); },
          [sandbox](const WorkerProgram& program, const CaseLimits& limits, const Workload& load) {
            return start_workers(program, limits, load, sandbox);
          },
          [](const GradeOptions& options, const Contents& contents) {
            return std::make_shared<const Course>(
                read_course(options.root, options.assignment, options.fixtures, contents));
          }};
}

std::vector<Selection> select_cases(const Course& course, const std::set<std::string>& off,
                                    const GradeOptions& options) {
  for (const std::string& id : options.only) {
    if (!course.assignment.find_component(id)) {
      throw UsageError("--only " + id + ": there is no such component. There are: " +
                       comma_separated(course.assignment.component_ids()));
    }
  }
  std::vector<Selection> selections;
  bool found = false;
  for (const std::string& id : course.assignment.component_ids()) {
    Selection selection;
    selection.component = course.assignment.find_component(id);
    selection.cases = matching_cases(course.fixtures.by_component.at(id), options.case_name);
    const bool chosen = options.only.empty() || std::count(options.only.begin(), options.only.end(), id) > 0;
    if (!chosen) {
      selection.why_not = "left out by --only";
    } else if (selection.cases.empty()) {
      selection.why_not = "left out by --case";
    } else if (off.count(id) && options.flag_use == FlagUse::obeyed) {
      selection.why_not = std::string("its flag in ") + kFlagsFile + " is false";
    }
    found = found || (chosen && !selection.cases.empty());
    selections.push_back(selection);
  }
  if (!found) {
    throw UsageError("--case \"" + options.case_name + "\": no case of that name" +
                     (options.only.empty() ? "" : " in " + comma_separated(options.only)) +
                     ". The JSON report lists the names: --report json.");
  }
  return selections;
}

std::variant<Workbench, Report> prepare(const GradeOptions& options, const Machine& machine, const fs::path& folder) {
  const auto unpacked = unpack_for(options);
  Workbench bench;
  const auto* contents = std::get_if<Contents>(&unpacked);
  bench.course = machine.course(options, contents ? *contents : Contents{});
  require_secrets_closed(options, *bench.course);
  const auto taken = take_files(unpacked, *bench.course);
  if (const auto* refused = std::get_if<Refused>(&taken)) {
    Report report = refuse(empty_report(options, *bench.course), *bench.course, refused->why);
    look_at_tests(report, {}, *bench.course, options, machine);
    apply_rules(report, bench.course->assignment.policy,
                {options.handed_in, contents ? &contents->names : nullptr, {}});
    return report;
  }
  bench.handin = std::get<Handin>(taken);
  bench.names = contents->names;
  bench.flags = flags_of(bench.handin, bench.course->assignment);
  add_fresh_cases(bench, options, machine);
  bench.selections = select_cases(*bench.course, bench.flags.off, options);
  bench.built = build_files(options, *bench.course, bench.handin, needed_files(bench.selections), folder, machine);
  return bench;
}

std::set<std::string> needed_files(const std::vector<Selection>& selections) {
  std::set<std::string> places;
  for (const Selection& selection : selections) {
    if (!selection.why_not.empty()) continue;
    places.insert(selection.component->needs_files.begin(), selection.component->needs_files.end());
  }
  return places;
}

BuildResult build_files(const GradeOptions& options, const Course& course, const Handin& handin,
                        const std::set<std::string>& places, const fs::path& folder, const Machine& machine) {
  BuildRequest request{course.assignment, handin, course.toolchain, course.headers, folder, places};
  request.jobs = options.jobs;
  request.symbols = options.symbols;
  request.attempts = options.attempts;
  request.instruments = options.instruments;
  request.parts = options.sandbox.user ? Parts::copied : Parts::in_place;
  // With symbols for a debugger objects name the folder that they were built in.
  if (options.cache && options.symbols == Symbols::none) {
    request.cache = options.cache.get();
    request.surroundings = surroundings_of(course.toolchain, course.assignment, course.headers, options.sandbox);
    // What the first compiler refuses, another may take.
    if (options.attempts == Attempts::first) request.surroundings += "\nthe first attempt alone";
  }
  if (options.instruments == Instruments::sanitizers && !request.surroundings.empty()) {
    for (const std::string& flag : course.toolchain.sanitizers.compile_flags) request.surroundings += " " + flag;
  }
  return build(request, machine.run);
}

std::vector<ComponentResult> run_components(const Workbench& bench, const GradeOptions& options,
                                            const Machine& machine) {
  std::vector<ComponentResult> components(bench.selections.size());
  const StartWorker start = workers_for(bench, options, machine);
  for_each_index(components.size(), options.jobs, [&](std::size_t i) {
    components[i] = run_component(bench, bench.selections[i], start, options, machine);
  });
  return components;
}

Report assess(const Workbench& bench, const GradeOptions& options, const Machine& machine) {
  std::vector<ComponentResult> components = run_components(bench, options, machine);
  const std::vector<std::string> unexplained = explain_failures(bench, options, machine, components);
  Report report = empty_report(options, *bench.course);
  report.sections = score(bench.course->assignment, components);
  report.score = total(report.sections);
  report.build = bench.built.files;
  report.fresh = bench.fresh;
  std::set<std::string> compilers;
  for (const BuiltFile& file : report.build) {
    if (!file.compiler.empty()) compilers.insert(file.compiler);
  }
  if (!compilers.empty()) report.environment.compiler = comma_separated({compilers.begin(), compilers.end()});
  report.taken = bench.handin.taken;
  report.ignored = bench.handin.ignored;
  if (const std::string why = why_not_stronger(options.sandbox); !why.empty()) {
    report.notices.push_back(std::string("student code ran in the sandbox ") + name_of(options.sandbox.tier) +
                             ", the strongest that this machine gives (" + why + ")");
  }
  report.notices.insert(report.notices.end(), bench.handin.notices.begin(), bench.handin.notices.end());
  report.notices.insert(report.notices.end(), bench.flags.notices.begin(), bench.flags.notices.end());
  report.notices.insert(report.notices.end(), bench.notices.begin(), bench.notices.end());
  report.notices.insert(report.notices.end(), unexplained.begin(), unexplained.end());
  return report;
}

Report grade(const GradeOptions& options, const Machine& machine) {
  const TemporaryFolder folder(options.sandbox.user);
  const Sweep at_end(options.sandbox);
  const auto prepared = prepare(options, machine, folder.path());
  if (const auto* refused = std::get_if<Report>(&prepared)) return *refused;
  const Workbench& bench = std::get<Workbench>(prepared);
  Report report = assess(bench, options, machine);
  if (options.case_name.empty()) look_at_prerequisites(report, bench, options, machine);
  look_at_tests(report, bench.handin, *bench.course, options, machine);
  apply_rules(report, bench.course->assignment.policy, {options.handed_in, &bench.names, bench.flags.off});
  return report;
}

}  // namespace autograder
