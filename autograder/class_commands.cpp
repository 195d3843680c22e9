// See class_commands.hpp.
#include "autograder/class_commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>

#ifdef AUTOGRADER_HAS_JOURNAL
#include "autograder/batch.hpp"
#include "autograder/gradebook.hpp"
#include "autograder/local_executor.hpp"
#include "autograder/shard.hpp"
#include "autograder/slurm_executor.hpp"
#endif
#include "autograder/delivery.hpp"
#include "autograder/table.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

void add_batch(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("batch", "Grade a class: what is not graded yet, a report each, and a table");
  command->add_option("FOLDER", options.handin, "hand-ins side by side, or a bulk download of Canvas or Moodle")
      ->required();
  command->add_option("--out", options.out, "folder for the journal, reports and tables")->required();
  CLI::Option* jobs =
      command
          ->add_option("--jobs", options.grade.jobs,
                       "hand-ins at a time; with --executor slurm for each task, which gets so many processors, and 1 "
                       "where nothing is said")
          ->check(CLI::PositiveNumber)
          ->capture_default_str();
  CLI::Option* executor = command->add_option("--executor", options.executor, "who grades: local, slurm")
                              ->check(CLI::IsMember({"local", "slurm"}))
                              ->capture_default_str();
  command->add_option("--shard", options.shard, "with --executor slurm: hand-ins a task (default: a hundredth of all)")
      ->check(CLI::PositiveNumber)
      ->needs(executor);
  command
      ->add_option("--sbatch", options.sbatch,
                   "with --executor slurm: an option for sbatch, such as --partition=long; repeatable")
      ->needs(executor)
      ->allow_extra_args(false);
  command
      ->add_option("--regrade", options.regrade,
                   "grade again: all, failed (by the grader), or names; none drops what is left to grade again")
      ->delimiter(',');
  command->add_flag("--mix", options.mix, "keep grades given with other fixtures, points or another grader");
  command->add_option("--submitted", options.submitted,
                      "when hand-ins came: file (the time of each file, the default), none, or a table, CSV: "
                      "student,submitted");
  // Whoever goes on with a batch has to draw the same cases.
  add_fresh(*command, options, "the seed of the fresh cases: the whole class has the same")
      ->needs(command->get_option("--seed"));
  command->add_flag("--dry-run", options.dry_run, "say what would change, and leave the output folder as it is");
  add_grading(*command, options);
  command->callback([&options, jobs] {
    if (options.executor != "slurm") return;
    // A rehearsal leaves nothing behind, and a job's files are in the output folder.
    if (options.dry_run) throw CLI::ValidationError("--dry-run", "it grades here: leave out --executor slurm");
    if (jobs->count() == 0) options.grade.jobs = 1;
  });
}

/// What a task on a cluster runs (slurm_executor.hpp). Not for users.
void add_shard(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("shard", "Grade the hand-ins of one task of a batch on a cluster");
  command->group("");  // not in --help
  command->add_option("FOLDER", options.out)->required();
  command->add_option("JOB", options.job)->required();
  command->add_option("TASK", options.task)->required();
  command->add_option("--jobs", options.grade.jobs)->check(CLI::PositiveNumber);
  command->add_option("--submitted", options.submitted);
  add_fresh(*command, options, "");
  add_grading(*command, options);
}

void add_gradebook(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("gradebook", "Write the table of a class from its journal");
  command->add_option("OUT", options.out, "output folder of `batch`")->required();
  command->add_option("--format", options.format, "csv or json")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  command
      ->add_option("--pick", options.pick,
                   "of several hand-ins of one student: all, best, latest (default: what the course's rules say)")
      ->check(CLI::IsMember({"all", "best", "latest"}));
  command->add_option("--by-hand", options.by_hand,
                      "table of points given by hand, CSV: student and a column for each such part of the homework");
  add_root(*command, options);
}

}  // namespace

void add_class_commands(CLI::App& app, Options& options) {
  add_batch(app, options);
  add_gradebook(app, options);
  add_shard(app, options);
}

#ifdef AUTOGRADER_HAS_JOURNAL

namespace {

/// When students handed in, by their ids.
std::map<std::string, std::string> read_times(const std::string& table) {
  std::map<std::string, std::string> times;
  for (const auto& [student, cells] : read_table(table, {"submitted"})) {
    require_time(cells.at("submitted"), "the table " + table + ", student " + student);
    times[student] = cells.at("submitted");
  }
  return times;
}

LocalOptions local_options(const Options& options) {
  LocalOptions local{options.grade, options.feedback, options.grade.jobs};
  local.grade.root = course_root(options);
  local.grade.unconfined = options.sandbox == "none" ? Unconfined::accepted : Unconfined::public_only;
  local.grade.cache = open_cache(options);
  local.grade.explain = explained(options, Explain::never);
  local.grade.fresh = fresh_cases(options);
  local.grade.tests = options.tests ? TestsUse::asked_for : TestsUse::for_points;
  local.extensions = read_extensions(options);
  local.files_say_when = options.submitted.empty() || options.submitted == "file";
  if (!local.files_say_when && options.submitted != "none") local.submitted = read_times(options.submitted);
  return local;
}

OpenSandbox sandbox_opener(const Options& options) {
  return [tier = tier_named(options.sandbox), folders = read_toolchain(kToolchainFile).folders()] {
    return open_sandbox(tier, folders);
  };
}

/// What decides how hand-ins are graded, as options for other machines, where the working folder is another.
std::vector<std::string> grading_arguments(const Options& options) {
  const std::string& fixtures = options.grade.fixtures;
  const bool is_set = fixtures == "public" || fixtures == "hidden";
  const auto feedback = std::find_if(kFeedbacks.begin(), kFeedbacks.end(),
                                     [&](const auto& entry) { return entry.second == options.feedback; });
  std::vector<std::string> words{
      "--root",    course_root(options), "--fixtures", is_set ? fixtures : fs::absolute(fixtures).string(),
      "--sandbox", options.sandbox,      "--feedback", feedback->first};
  const auto add = [&](const std::string& option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {option, value});
  };
  for (const auto& [word, which] : kExplains) {
    if (options.explain == which) add("--explain", word);
  }
  add("--assignment", options.grade.assignment);
  const bool is_table = options.submitted != "" && options.submitted != "file" && options.submitted != "none";
  add("--submitted", is_table ? fs::absolute(options.submitted).string() : options.submitted);
  if (!options.extensions.empty()) add("--extensions", fs::absolute(options.extensions));
  if (options.grade.hints == Hints::off) add("--hints", "off");
  if (options.tests) words.push_back("--tests");
  if (const auto fresh = fresh_cases(options)) {
    words.insert(words.end(), {"--fresh", std::to_string(fresh->cases), "--seed", std::to_string(fresh->seed)});
  }
  if (options.no_cache || options.cache.empty()) {
    words.push_back("--no-cache");
  } else {
    words.insert(words.end(), {"--cache", fs::absolute(options.cache), "--cache-mb", std::to_string(options.cache_mb)});
    add("--cache-owner", options.cache_owner);
  }
  return words;
}

Executor slurm_executor(const Options& options) {
  SlurmOptions slurm;
  slurm.out = fs::absolute(options.out).lexically_normal();
  slurm.command = {fs::read_symlink("/proc/self/exe"), "shard"};
  slurm.arguments = grading_arguments(options);
  slurm.shard = options.shard;
  slurm.cpus = options.grade.jobs;
  slurm.sbatch = options.sbatch;
  return [slurm](const std::vector<Pending>& pending, const Listener& tell) { grade_on_slurm(slurm, pending, tell); };
}

Executor local_executor(const Options& options) {
  return [local = local_options(options), open = sandbox_opener(options)](
             const std::vector<Pending>& pending, const Listener& tell) { grade_locally(local, open, pending, tell); };
}

}  // namespace

int run_class(const Options& options) {
  BatchOptions batch;
  batch.root = course_root(options);
  batch.assignment = options.grade.assignment;
  batch.fixtures = options.grade.fixtures;
  batch.fresh = fresh_cases(options);
  batch.folder = fs::absolute(options.handin);
  batch.out = options.out;
  batch.regrade = options.regrade;
  batch.mixing = options.mix ? Mixing::accepted : Mixing::refused;
  batch.rehearsal = options.dry_run ? Rehearsal::yes : Rehearsal::no;
  const Executor executor = options.executor == "slurm" ? slurm_executor(options) : local_executor(options);
  const bool any_failed = run_batch(batch, executor, std::cout, isatty(STDOUT_FILENO) == 1);
  require_written(std::cout, "to standard output");
  return any_failed ? kGraderFailed : 0;
}

int run_shard(const Options& options) {
  const ShardOptions shard{local_options(options), options.out, options.job, options.task};
  grade_shard(shard, sandbox_opener(options), std::cout);
  require_written(std::cout, "to standard output");
  return 0;
}

namespace {

/// The rules that all records were graded by; none where they are of several homeworks, or the homework is not here.
Policy policy_of(const std::vector<Record>& records, const Options& options) {
  std::set<std::string> ids;
  for (const Record& record : records) {
    if (!record.assignment.empty()) ids.insert(record.assignment);
  }
  const std::vector<std::string> here = list_assignments(course_root(options));
  if (ids.size() != 1 || std::count(here.begin(), here.end(), *ids.begin()) == 0) return {};
  return read_assignment(course_root(options), *ids.begin()).policy;
}

HandGrades hand_grades(const std::vector<Record>& records, const Policy& policy, const Options& options) {
  if (options.by_hand.empty()) return {};
  if (policy.by_hand.empty()) {
    throw UsageError("--by-hand " + options.by_hand +
                     ": the homework has no parts that are graded by hand (policy.by_hand in assignment.json)");
  }
  const HandGrades grades = read_hand_grades(options.by_hand, policy.by_hand);
  for (const auto& [student, points] : grades.points) {
    const bool is_there = std::any_of(records.begin(), records.end(),
                                      [&, &id = student](const Record& record) { return record.student == id; });
    if (!is_there) std::cerr << "autograder: " << options.by_hand << ": there is no hand-in of " << student << "\n";
  }
  return grades;
}

}  // namespace

int run_gradebook(const Options& options) {
  const fs::path file = journal_file(options.out);
  if (!fs::exists(file)) throw UsageError("the output folder " + options.out + ": there is no journal in it");
  const std::vector<Record> all = Journal(file).all();
  const Policy policy = policy_of(all, options);
  const Pick which = options.pick == "best"     ? Pick::best
                     : options.pick == "latest" ? Pick::latest
                     : options.pick == "all"    ? Pick::all
                                                : policy.pick;
  const std::vector<Record> records = pick(all, which);
  const HandGrades by_hand = hand_grades(records, policy, options);
  std::cout << (options.format == "csv" ? gradebook_csv(records, by_hand) : gradebook_json(records, by_hand))
            << std::flush;
  require_written(std::cout, "the gradebook to standard output");
  return 0;
}

#else

int run_class(const Options&) {
  throw UsageError("this grader was built without SQLiteCpp (Debian: libsqlitecpp-dev), which a class needs");
}
int run_gradebook(const Options& options) { return run_class(options); }
int run_shard(const Options& options) { return run_class(options); }

#endif

}  // namespace autograder
