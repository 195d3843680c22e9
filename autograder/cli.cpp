// See cli.hpp.
#include "autograder/cli.hpp"

#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <thread>

#ifdef AUTOGRADER_HAS_JOURNAL
#include "autograder/batch.hpp"
#include "autograder/gradebook.hpp"
#include "autograder/local_executor.hpp"
#include "autograder/shard.hpp"
#include "autograder/slurm_executor.hpp"
#endif
#include "autograder/delivery.hpp"
#include "autograder/doctor.hpp"
#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/interruption.hpp"
#include "autograder/look.hpp"
#include "autograder/version.hpp"
#include "autograder/watch.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

constexpr int kUnderThreshold = 1;
constexpr int kUsage = 2;
constexpr int kGraderFailed = 3;

/// What was asked for on the command line, as it stands there.
struct Options {
  GradeOptions grade;
  std::string handin;
  std::string root = kCourseFolder;
  std::vector<std::string> reports{"text"};
  std::string sandbox = "auto";
  Feedback feedback = Feedback::automatic;
  double fail_under = 0.0;
  bool show = false;
  bool debug = false;
  bool watch = false;
  std::string cache = default_cache_folder().string();
  std::size_t cache_mb = 2048;
  std::string cache_owner;
  bool no_cache = false;
  std::string out, format = "csv", pick = "all";
  std::vector<std::string> regrade;
  bool mix = false, dry_run = false;
  std::string executor = "local";
  std::vector<std::string> sbatch;
  std::size_t shard = 0, job = 0, task = 0;
};

const std::map<std::string, Feedback> kFeedbacks{
    {"auto", Feedback::automatic}, {"full", Feedback::full}, {"withheld", Feedback::withheld}};

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }

/// Absolute, for programs that run in other folders.
fs::path course_root(const Options& options) { return fs::absolute(options.root).lexically_normal(); }

/// From the caller's folder, else from the course folder.
fs::path find_handin(const Options& options) {
  if (fs::exists(options.handin)) return options.handin;
  if (fs::exists(fs::path(options.root) / options.handin)) return fs::path(options.root) / options.handin;
  throw UsageError("the hand-in " + options.handin + ": there is no such file or folder, neither from here nor from " +
                   options.root);
}

/// The cache that was asked for, or null.
std::shared_ptr<const ObjectCache> open_cache(const Options& options) {
  if (options.no_cache || options.cache.empty()) return nullptr;
  std::optional<uid_t> owner;
  if (!options.cache_owner.empty()) {
    const passwd* user = getpwnam(options.cache_owner.c_str());
    if (!user) throw UsageError("--cache-owner " + options.cache_owner + ": there is no such user");
    owner = user->pw_uid;
  }
  return std::make_shared<ObjectCache>(fs::absolute(options.cache), std::uintmax_t{options.cache_mb} << 20, owner);
}

/// What is done once has no place in what goes on until it is interrupted.
void require_watchable(const Options& options) {
  if (options.show || options.debug) {
    throw UsageError("--watch goes on grading, --show and --debug look at one case: leave out one or the other");
  }
  if (options.fail_under > 0) {
    throw UsageError("--watch never ends with a score, of which --fail-under would make an exit code: leave out one");
  }
}

int run_grade(const Options& options) {
  if (options.watch) require_watchable(options);
  GradeOptions grade_options = options.grade;
  grade_options.handin = find_handin(options);
  grade_options.root = course_root(options);
  // The debugger needs what a sandbox forbids.
  const auto tier = options.debug ? Tier::none : tier_named(options.sandbox);
  grade_options.sandbox = open_sandbox(tier, read_toolchain(kToolchainFile).folders());
  grade_options.unconfined = options.sandbox == "none" ? Unconfined::accepted : Unconfined::public_only;
  grade_options.flag_use = options.show || options.debug ? FlagUse::ignored : FlagUse::obeyed;
  grade_options.symbols = options.debug ? Symbols::debug : Symbols::none;
  grade_options.cache = open_cache(options);
  const Machine machine = local_machine(grade_options.sandbox);
  if (options.show || options.debug) {
    look_at_case(grade_options, machine, options.debug ? Look::debug : Look::show,
                 options.feedback == Feedback::full ? MayShow::hidden : MayShow::open_only);
    return 0;
  }

  if (options.watch) watch({grade_options, options.feedback, options.reports}, machine);
  const Report full = grade(grade_options, machine);
  const Report report = for_student(full, options.feedback);
  for (const std::string& where : options.reports) deliver(report, where);
  if (grade_options.cache) grade_options.cache->trim();
  return 100.0 * report.score < options.fail_under * report.max_score ? kUnderThreshold : 0;
}

#ifdef AUTOGRADER_HAS_JOURNAL

LocalOptions local_options(const Options& options) {
  LocalOptions local{options.grade, options.feedback, options.grade.jobs};
  local.grade.root = course_root(options);
  local.grade.unconfined = options.sandbox == "none" ? Unconfined::accepted : Unconfined::public_only;
  local.grade.cache = open_cache(options);
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
  add("--assignment", options.grade.assignment);
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

int run_class(const Options& options) {
  BatchOptions batch;
  batch.root = course_root(options);
  batch.assignment = options.grade.assignment;
  batch.fixtures = options.grade.fixtures;
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

int run_gradebook(const Options& options) {
  const fs::path file = journal_file(options.out);
  if (!fs::exists(file)) throw UsageError("the output folder " + options.out + ": there is no journal in it");
  const Pick which = options.pick == "best" ? Pick::best : options.pick == "latest" ? Pick::latest : Pick::all;
  const std::vector<Record> records = pick(Journal(file).all(), which);
  std::cout << (options.format == "csv" ? gradebook_csv(records) : gradebook_json(records)) << std::flush;
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

int run_doctor(const Options& options) {
  const Diagnosis diagnosis = diagnose(course_root(options));
  std::cout << diagnosis.text << std::flush;
  require_written(std::cout, "to standard output");
  return diagnosis.can_grade ? 0 : kGraderFailed;
}

void add_root(CLI::App& command, Options& options) {
  command.add_option("--root", options.root, "course folder, with handout/ and fixtures/")->capture_default_str();
}

/// What is the same for one hand-in and for a class.
void add_grading(CLI::App& command, Options& options) {
  command.add_option("--assignment", options.grade.assignment,
                     "homework (default: found from the hand-in's files, else mytorch)");
  command
      .add_option("--fixtures", options.grade.fixtures, "public, hidden, or a folder with one .json file a component")
      ->capture_default_str();
  command
      .add_option("--feedback", options.feedback,
                  "auto (the default: all for public fixtures, little for hidden ones), full, withheld")
      ->transform(CLI::CheckedTransformer(kFeedbacks));
  command
      .add_option("--sandbox", options.sandbox,
                  "how student code is shut in: auto (the strongest that works here), bwrap, user, none")
      ->check(CLI::IsMember({"auto", "bwrap", "user", "none"}))
      ->capture_default_str();
  command.add_option("--cache", options.cache, "folder of what was built before, for whoever owns it")
      ->capture_default_str();
  command.add_option("--cache-mb", options.cache_mb, "size of that folder, in MiB")->capture_default_str();
  command.add_option("--cache-owner", options.cache_owner, "another user whose entries in it count");
  command.add_flag("--no-cache", options.no_cache, "build everything anew, and keep nothing");
  add_root(command, options);
}

void add_grade(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("grade", "Grade one hand-in and write the report");
  command
      ->add_option("HANDIN", options.handin, "a folder, .tar, .tar.gz or .zip; from here, else from the course folder")
      ->required();
  command->add_option("--only", options.grade.only, "components to grade, separated by commas")->delimiter(',');
  command->add_option("--case", options.grade.case_name,
                      "cases to run, by name or a part of it; with --show and --debug one");
  command->add_flag("--show", options.show, "with --case: print inputs, expected and actual values in full");
  command->add_flag("--debug", options.debug, "with --case: run it under gdb");
  command->add_flag("--watch", options.watch, "stay, and grade again whenever a source of the folder is saved");
  command->add_option("--report", options.reports, "FORMAT or FORMAT:FILE, repeatable; text, json, markdown, junit")
      ->check(check_destination)
      ->capture_default_str();
  command->add_option("--fail-under", options.fail_under, "exit with 1 if the score is under this percentage")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--jobs", options.grade.jobs, "compilers and workers at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_grading(*command, options);
}

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
  add_grading(*command, options);
}

void add_gradebook(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("gradebook", "Write the table of a class from its journal");
  command->add_option("OUT", options.out, "output folder of `batch`")->required();
  command->add_option("--format", options.format, "csv or json")
      ->check(CLI::IsMember({"csv", "json"}))
      ->capture_default_str();
  command->add_option("--pick", options.pick, "of several hand-ins of one student: all, best, latest")
      ->check(CLI::IsMember({"all", "best", "latest"}))
      ->capture_default_str();
}

int run(int argc, char** argv) {
  Options options;
  options.grade.jobs = cores();
  CLI::App app("Grades homework in which students write the layers of a neural network in C++.", "autograder");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  add_grade(app, options);
  add_batch(app, options);
  add_gradebook(app, options);
  add_shard(app, options);
  CLI::App* doctor_command = app.add_subcommand("doctor", "Say what this machine offers for grading");
  add_root(*doctor_command, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; everything else that CLI11 has a code for is usage.
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  // Under the debugger Ctrl-C is the debugger's.
  if (!options.debug) tidy_up_when_interrupted();
  if (app.got_subcommand("grade")) return run_grade(options);
  if (app.got_subcommand("batch")) return run_class(options);
  if (app.got_subcommand("gradebook")) return run_gradebook(options);
  if (app.got_subcommand("shard")) return run_shard(options);
  return run_doctor(options);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "autograder: " << error.what() << "\n";
    return kUsage;
  } catch (const GraderError& error) {
    std::cerr << "autograder: " << error.what()
              << "\nThis is a failure of the grader or its set-up: no score is given.\n";
    return kGraderFailed;
  } catch (const std::exception& error) {
    std::cerr << "autograder: " << error.what() << "\nThis is a fault in the grader: no score is given.\n";
    return kGraderFailed;
  }
}

}  // namespace autograder
