// See cli.hpp.
#include "autograder/cli.hpp"

#include <pwd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <thread>

#include "autograder/delivery.hpp"
#include "autograder/doctor.hpp"
#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/interruption.hpp"
#include "autograder/look.hpp"
#include "autograder/version.hpp"

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
  std::string feedback = "auto";
  double fail_under = 0.0;
  bool show = false;
  bool debug = false;
  std::string cache = default_cache_folder().string();
  std::size_t cache_mb = 2048;
  std::string cache_owner;
  bool no_cache = false;
};

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

int run_grade(const Options& options) {
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
                 options.feedback == "full" ? MayShow::hidden : MayShow::open_only);
    return 0;
  }

  const Report full = grade(grade_options, machine);
  const bool hide =
      options.feedback == "withheld" || (options.feedback == "auto" && full.visibility == Visibility::withheld);
  const Report report = hide ? withhold(full) : full;
  for (const std::string& where : options.reports) deliver(report, where);
  if (grade_options.cache) grade_options.cache->trim();
  return 100.0 * report.score < options.fail_under * report.max_score ? kUnderThreshold : 0;
}

int run_doctor(const Options& options) {
  const Diagnosis diagnosis = diagnose(course_root(options));
  std::cout << diagnosis.text << std::flush;
  require_written(std::cout, "to standard output");
  return diagnosis.can_grade ? 0 : kGraderFailed;
}

void add_root(CLI::App& command, Options& options) {
  command.add_option("--root", options.root, "course folder, with handout/ and fixtures/")->capture_default_str();
}

CLI::App* add_grade(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("grade", "Grade one hand-in and write the report");
  command
      ->add_option("HANDIN", options.handin, "a folder, .tar, .tar.gz or .zip; from here, else from the course folder")
      ->required();
  command->add_option("--assignment", options.grade.assignment,
                      "homework (default: found from the hand-in's files, else mytorch)");
  command
      ->add_option("--fixtures", options.grade.fixtures, "public, hidden, or a folder with one .json file a component")
      ->capture_default_str();
  command->add_option("--only", options.grade.only, "components to grade, separated by commas")->delimiter(',');
  command->add_option("--case", options.grade.case_name,
                      "cases to run, by name or a part of it; with --show and --debug one");
  command->add_flag("--show", options.show, "with --case: print inputs, expected and actual values in full");
  command->add_flag("--debug", options.debug, "with --case: run it under gdb");
  command->add_option("--report", options.reports, "FORMAT or FORMAT:FILE, repeatable; text, json, markdown, junit")
      ->check(check_destination)
      ->capture_default_str();
  command
      ->add_option("--feedback", options.feedback,
                   "auto (all for public fixtures, little for hidden ones), full, withheld")
      ->check(CLI::IsMember({"auto", "full", "withheld"}))
      ->capture_default_str();
  command
      ->add_option("--sandbox", options.sandbox,
                   "how student code is shut in: auto (the strongest that works here), bwrap, user, none")
      ->check(CLI::IsMember({"auto", "bwrap", "user", "none"}))
      ->capture_default_str();
  command->add_option("--fail-under", options.fail_under, "exit with 1 if the score is under this percentage")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--jobs", options.grade.jobs, "compilers and workers at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--cache", options.cache, "folder of what was built before, for whoever owns it")
      ->capture_default_str();
  command->add_option("--cache-mb", options.cache_mb, "size of that folder, in MiB")->capture_default_str();
  command->add_option("--cache-owner", options.cache_owner, "another user whose entries in it count");
  command->add_flag("--no-cache", options.no_cache, "build everything anew, and keep nothing");
  add_root(*command, options);
  return command;
}

int run(int argc, char** argv) {
  Options options;
  options.grade.jobs = cores();
  CLI::App app("Grades homework in which students write the layers of a neural network in C++.", "autograder");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  CLI::App* grade_command = add_grade(app, options);
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
  if (grade_command->parsed()) return run_grade(options);
  if (doctor_command->parsed()) return run_doctor(options);
  return kUsage;
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
