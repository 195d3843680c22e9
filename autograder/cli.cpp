// See cli.hpp.
#include "autograder/cli.hpp"

#include <unistd.h>

#include <iostream>
#include <thread>

#include "autograder/class_commands.hpp"
#include "autograder/command_line.hpp"
#include "autograder/delivery.hpp"
#include "autograder/doctor.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/interruption.hpp"
#include "autograder/look.hpp"
#include "autograder/verify.hpp"
#include "autograder/watch.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

std::size_t cores() { return std::max(1u, std::thread::hardware_concurrency()); }

/// From the caller's folder, else from the course folder.
fs::path find_handin(const Options& options) {
  if (fs::exists(options.handin)) return options.handin;
  if (fs::exists(fs::path(options.root) / options.handin)) return fs::path(options.root) / options.handin;
  throw UsageError("the hand-in " + options.handin + ": there is no such file or folder, neither from here nor from " +
                   options.root);
}

/// What is done once has no place in what goes on until it is interrupted.
void require_watchable(const Options& options) {
  if (options.show || options.debug) {
    throw UsageError("--watch goes on grading, --show and --debug look at one case: leave out one or the other");
  }
  if (options.tests) throw UsageError("--watch looks at the sources, not at tests: leave out --watch or --tests");
  if (options.fail_under > 0) {
    throw UsageError("--watch never ends with a score, of which --fail-under would make an exit code: leave out one");
  }
}

/// How the hand-in came. Of a folder that is not said to have been handed in nothing is known.
std::optional<HandedIn> handed_in(const Options& options, const fs::path& handin) {
  if (!options.submitted.empty()) require_time(options.submitted, "--submitted " + options.submitted);
  const bool is_archive = fs::is_regular_file(handin);
  if (!is_archive && options.submitted.empty()) return std::nullopt;
  HandedIn how;
  if (is_archive) how.archive = handin.filename();
  how.time = options.submitted;
  const auto extensions = read_extensions(options);
  const auto own = extensions.find(options.student.empty() ? handin.stem().string() : options.student);
  if (own != extensions.end()) how.extension = own->second;
  return how;
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
  // Who saves a file every minute does not want to wait for another build.
  grade_options.explain = explained(options, options.watch ? Explain::never : Explain::automatic);
  grade_options.cache = open_cache(options);
  grade_options.fresh = fresh_cases(options);
  grade_options.tests = options.tests ? TestsUse::asked_for : TestsUse::for_points;
  grade_options.handed_in = handed_in(options, grade_options.handin);
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
  return 100.0 * report.adjusted_score() < options.fail_under * report.max_score ? kUnderThreshold : 0;
}

int run_verify(const Options& options) {
  VerifyOptions verify_options;
  verify_options.grade = options.grade;
  verify_options.grade.root = course_root(options);
  verify_options.grade.sandbox = open_sandbox(tier_named(options.sandbox), read_toolchain(kToolchainFile).folders());
  verify_options.grade.cache = open_cache(options);
  if (verify_options.grade.assignment.empty()) verify_options.grade.assignment = "mytorch";
  verify_options.every = options.every;
  verify_options.random = options.random;
  verify_options.seed = options.seed.value_or(verify_options.seed);
  verify_options.fresh.seed = verify_options.seed;
  if (options.fresh > 0) verify_options.fresh.cases = options.fresh;
  const bool holds = verify(verify_options, local_machine(verify_options.grade.sandbox), std::cout);
  require_written(std::cout, "to standard output");
  if (verify_options.grade.cache) verify_options.grade.cache->trim();
  return holds ? 0 : kProofFails;
}

int run_doctor(const Options& options) {
  const Diagnosis diagnosis = diagnose(course_root(options));
  std::cout << diagnosis.text << std::flush;
  require_written(std::cout, "to standard output");
  return diagnosis.can_grade ? 0 : kGraderFailed;
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
  add_fresh(*command, options, "of the fresh cases: the same one gives the same cases (default: random)");
  command->add_flag("--watch", options.watch, "stay, and grade again whenever a source of the folder is saved");
  command->add_option("--report", options.reports, "FORMAT or FORMAT:FILE, repeatable; text, json, markdown, junit")
      ->check(check_destination)
      ->capture_default_str();
  command->add_option("--fail-under", options.fail_under, "exit with 1 if the score is under this percentage")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--submitted", options.submitted,
                      "when it was handed in, for the course's due time: 2026-02-17T23:55, or with Z or -05:00");
  command->add_option("--student", options.student, "whose it is, for --extensions (default: the archive's name)");
  command->add_option("--jobs", options.grade.jobs, "compilers and workers at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_grading(*command, options);
}

void add_verify(CLI::App& app, Options& options) {
  CLI::App* command =
      app.add_subcommand("verify", "Prove the grader on an assignment's solution, wrong edits and right variants");
  command->add_option("--random", options.random, "random edits of the solution, which must be caught too")
      ->capture_default_str();
  command->add_option("--seed", options.seed, "of the random edits and the fresh cases (default: 1)")->check(kSeeds);
  command->add_option("--fresh", options.fresh, "fresh cases a component (default: 200)")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--every", options.every, "take only every so manieth wrong edit")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--jobs", options.grade.jobs, "hand-ins at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--assignment", options.grade.assignment, "homework (default: mytorch)");
  add_building(*command, options);
}

int run(int argc, char** argv) {
  Options options;
  options.grade.jobs = cores();
  CLI::App app("Grades homework in which students write the layers of a neural network in C++.", "autograder");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  add_grade(app, options);
  add_class_commands(app, options);
  add_verify(app, options);
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
  if (app.got_subcommand("verify")) return run_verify(options);
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
