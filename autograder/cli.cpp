// See cli.hpp.
#include "autograder/cli.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "autograder/doctor.hpp"
#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/interruption.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/show.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

constexpr int kUnderThreshold = 1;
constexpr int kUsage = 2;
constexpr int kGraderFailed = 3;

const std::vector<std::string> kFormats{"text", "json", "markdown", "junit"};

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

Colour colour() {
  const char* off = std::getenv("NO_COLOR");  // no-color.org: set and not empty
  return isatty(STDOUT_FILENO) && !(off && *off) ? Colour::on : Colour::off;
}

std::string write_report(const Report& report, const std::string& format, Colour colour) {
  if (format == "json") return json_report(report);
  if (format == "markdown") return markdown_report(report);
  if (format == "junit") return junit_report(report);
  return text_report(report, colour);
}

void require_written(const std::ostream& stream, const std::string& what) {
  if (!stream) throw GraderError("writing " + what + ": is it writable, and the disk not full?");
}

/// A file appears whole or not at all: it is written beside its place and renamed. A pipe or a device is written to.
void replace_file(const fs::path& place, const std::string& content) {
  std::error_code none;
  const fs::path path = fs::is_symlink(place, none) ? fs::weakly_canonical(place) : place;
  if (fs::exists(path) && !fs::is_regular_file(path)) {
    std::ofstream stream(path, std::ios::binary);
    stream << content << std::flush;
    return require_written(stream, path.string());
  }
  const fs::path beside = path.string() + "." + std::to_string(getpid()) + ".part";
  std::ofstream file(beside, std::ios::binary);
  file << content;
  file.close();
  std::error_code error = file ? std::error_code() : std::make_error_code(std::errc::io_error);
  if (!error) fs::rename(beside, path, error);
  if (!error) return;
  std::error_code ignored;  // the first error is the one to tell
  fs::remove(beside, ignored);
  throw GraderError("writing the report " + path.string() + ": " + error.message() +
                    ". Is the folder there, writable, and "
                    "the disk not full?");
}

void deliver(const Report& report, const std::string& where) {
  const auto colon = where.find(':');
  const std::string format = where.substr(0, colon);
  if (colon == std::string::npos) {
    std::cout << write_report(report, format, colour()) << std::flush;
    require_written(std::cout, "the report to standard output");
  } else {
    replace_file(where.substr(colon + 1), write_report(report, format, Colour::off));
  }
}

std::string check_report(const std::string& where) {
  const std::string format = where.substr(0, where.find(':'));
  if (std::find(kFormats.begin(), kFormats.end(), format) == kFormats.end()) {
    return "there is no report format " + format + "; there are text, json, markdown, junit";
  }
  if (where.ends_with(':')) return where + " names no file";
  if (format.size() == where.size()) return "";
  const fs::path folder = fs::absolute(where.substr(format.size() + 1)).parent_path();
  return fs::is_directory(folder) ? "" : "there is no folder " + folder.string() + " to write the report into";
}

/// The one case that --show and --debug are about, with its place on the workbench.
const Case& single_case(const Workbench& bench, const std::string& name, const Selection*& chosen) {
  const Case* found = nullptr;
  for (const Selection& selection : bench.selections) {
    if (!selection.why_not.empty()) continue;
    for (const Case* one : selection.cases) {
      if (found) {
        throw UsageError("--case \"" + name + "\" fits \"" + found->name + "\" and \"" + one->name + "\" (" +
                         selection.component->id + "): give more of the name, or --only COMPONENT");
      }
      found = one;
      chosen = &selection;
    }
  }
  if (!found) throw UsageError("no case fits");
  return *found;
}

/// Prints what went wrong in the build of the files that one component needs. Returns whether they all built.
bool files_built(const Workbench& bench, const Component& component) {
  bool all = true;
  for (const BuiltFile& file : bench.built.files) {
    const auto& needed = component.needs_files;
    if (std::find(needed.begin(), needed.end(), bench.course.assignment.find_file(file.file)->place) == needed.end())
      continue;
    if (file.status == BuiltFile::Status::ok) continue;
    all = false;
    std::cout << file.file << (file.status == BuiltFile::Status::missing ? " is missing\n" : " does not build\n")
              << printable(file.diagnostics);
  }
  return all;
}

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

int debug_case(const Case& one, const fs::path& worker) {
  const fs::path folder = worker.parent_path();
  replace_file(folder / "request.json", one.request + "\n");
  std::cout << "gdb with the case \"" << one.name
            << "\". It stops where an exception is thrown: `run`, then `backtrace`.\n"
            << "Or stop earlier: `break mytorch::nn::Linear::forward`, `break linear.cpp:12`; then `next`, `step`, "
               "`print N`, `quit`.\n"
            << std::flush;
  // The processor time is the student's own here: a day.
  const std::string command = "cd " + shell_quoted(folder.string()) +
                              " && exec gdb -q -ex 'set confirm off' -ex 'set breakpoint pending on' -ex 'catch throw' "
                              "-ex 'set environment OPENBLAS_NUM_THREADS 1' -ex 'set args bare -- ./worker.so 86400 < "
                              "request.json 3> answer.json' " +
                              shell_quoted(kLauncherFile);
  const int result = std::system(command.c_str());
  if (result != 0)
    throw GraderError(
        "starting gdb: it ended with an error. Is it installed? On Debian and Ubuntu: apt-get install gdb.");
  return 0;
}

/// `grade --show` and `grade --debug`: one case, in full.
int look_at_case(const Options& options, const GradeOptions& grade_options, const Machine& machine) {
  if (options.grade.case_name.empty()) throw UsageError("--show and --debug need --case NAME");
  const TemporaryFolder folder(grade_options.sandbox.user);
  const Sweep at_end(grade_options.sandbox);
  const auto prepared = prepare(grade_options, machine, folder.path());
  if (const auto* refused = std::get_if<Report>(&prepared)) {
    throw UsageError("the hand-in is refused: " + *refused->refused);
  }
  const auto& bench = std::get<Workbench>(prepared);
  if (bench.course.fixtures.visibility == Visibility::withheld && options.feedback != "full") {
    throw UsageError("the fixtures " + bench.course.fixtures.name +
                     " are hidden: --show and --debug need --feedback full");
  }
  const Selection* selection = nullptr;
  const Case& one = single_case(bench, options.grade.case_name, selection);
  if (!files_built(bench, *selection->component)) return 0;
  if (options.debug) return debug_case(one, bench.built.worker);
  const CaseRun run = run_case(one, machine.workers(bench.built.worker, bench.course.assignment.limits, 1));
  std::cout << show_case(one, run) << std::flush;
  require_written(std::cout, "to standard output");
  return 0;
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
  const Machine machine = local_machine(grade_options.sandbox);
  if (options.show || options.debug) return look_at_case(options, grade_options, machine);

  const Report full = grade(grade_options, machine);
  const bool hide =
      options.feedback == "withheld" || (options.feedback == "auto" && full.visibility == Visibility::withheld);
  const Report report = hide ? withhold(full) : full;
  for (const std::string& where : options.reports) deliver(report, where);
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
      ->check(check_report)
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
