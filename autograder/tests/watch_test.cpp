// `grade --watch`, as a student has it running beside an editor: the real program, and files saved in every way.
#include <signal.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "autograder/process.hpp"
#include "autograder/strict_json.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

const char* const kActivation = "src/nn/activation.cpp";
const char* const kEnd = "Ctrl-C ends.";  // the last line of each run

/// The solution's activations and losses, which are quick to build, and all else missing.
struct SmallHandin : HandinFolder {
  SmallHandin() {
    for (const char* name : {"src/nn/linear.cpp", "src/nn/batchnorm.cpp", "src/models", "src/optim"}) remove(name);
  }
};

/// `autograder grade --watch` with a folder and more options.
std::vector<std::string> watch_of(const fs::path& handin, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{AUTOGRADER_PROGRAM, "grade", handin, "--watch", "--only", "relu,mseloss"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The program at work on a folder, read line by line as it goes on.
class Watching {
 public:
  explicit Watching(const std::vector<std::string>& words) : child_(command(words), Channel::lines) {
    pid_ = std::stoi(line());
  }

  /// The next line of its output.
  std::string line() {
    const auto line = child_.ask("", 240);
    REQUIRE(std::holds_alternative<std::string>(line));
    return std::get<std::string>(line);
  }
  /// What comes up to the line that holds `sign`, with it.
  std::string until(const std::string& sign) {
    std::string text;
    for (bool found = false; !found;) {
      const std::string next = line();
      found = next.find(sign) != std::string::npos;
      text += next + "\n";
    }
    return text;
  }
  /// The next run, from the line that says why it is there.
  std::string run() { return until(kEnd); }

  void send(int signal) const { REQUIRE(kill(pid_, signal) == 0); }
  void type(const std::string& text) { child_.ask(text, 240); }
  /// Waits for its end, which `signal` brings.
  void end_by(int signal) {
    send(signal);
    const Ending ending = child_.wait();
    REQUIRE(std::holds_alternative<Signalled>(ending));
    CHECK(std::get<Signalled>(ending).number == signal);
    CHECK(fs::is_empty(folder_.path()));
  }
  int exit_code() {
    const Ending ending = child_.wait();
    REQUIRE(std::holds_alternative<Exited>(ending));
    return std::get<Exited>(ending).code;
  }
  std::string errors() { return child_.take_errors(); }

 private:
  Command command(const std::vector<std::string>& words) const {
    fs::permissions(folder_.path(), fs::perms(0755));
    Command command;
    // What a child says on descriptor 3 can be read while it runs. The shell's number stays the program's.
    command.arguments = {"/bin/sh", "-c", "echo $$ >&3; exec \"$@\" >&3", "sh"};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    command.folder = "/";
    command.environment = {"PATH=/usr/bin:/bin", "TERM=xterm", "TMPDIR=" + folder_.path().string(),
                           std::string("XDG_CACHE_HOME=") + SCRATCH};
    command.limits.wall_seconds = 300;
    command.limits.cpu_seconds = 300;
    return command;
  }

  TemporaryFolder folder_;  // for its temporary files
  Child child_;
  pid_t pid_ = -1;
};

/// The file's text with a comment behind it that no other has: it has to be compiled.
std::string edited(const fs::path& file) {
  static int number = 0;
  return read_file(file) + "// " + std::to_string(getpid()) + "." + std::to_string(++number) + " " +
         std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + "\n";
}

void check_only_activation_compiled(const std::string& run) {
  INFO(run);
  CHECK(run.starts_with("src/nn/activation.cpp was saved: grading ...\n"));
  CHECK_THAT(run, ContainsSubstring("Compiled: src/nn/activation.cpp; built before: 1 other."));
  CHECK_THAT(run, ContainsSubstring("Since the last run: nothing new"));
}

}  // namespace

TEST_CASE("watch: each way to save a source leads to one run, in which only that is compiled") {
  SmallHandin handin;
  const fs::path file = handin.path() / kActivation, beside = file.parent_path() / "activation.tmp";
  Watching grader(watch_of(handin.path()));
  const std::string first = grader.run();
  CHECK_THAT(first, ContainsSubstring("Score: ") && !ContainsSubstring("Since the last run"));
  CHECK(first.find('\033') == std::string::npos);

  // In place.
  handin.write(kActivation, edited(file));
  check_only_activation_compiled(grader.run());
  // Under another name, then renamed. What an editor keeps beside it meanwhile does not count.
  handin.write("src/nn/.activation.cpp.swp", "x");
  std::ofstream(beside) << edited(file);
  fs::rename(beside, file);
  check_only_activation_compiled(grader.run());
  // Deleted and made again; stopped meanwhile, the grader finds both at once.
  const std::string text = edited(file);
  grader.send(SIGSTOP);
  fs::remove(file);
  handin.write(kActivation, text);
  grader.send(SIGCONT);
  check_only_activation_compiled(grader.run());
  // Build trees, git and other files of the student's: none has led to a run before this one.
  handin.write("build/src/nn/activation.cpp", "x");
  handin.write(".git/index", "x");
  handin.write("tests/linear_test.cpp", "x");
  handin.write(kActivation, edited(file));
  check_only_activation_compiled(grader.run());
  grader.end_by(SIGTERM);
}

TEST_CASE("watch: several saves at once are one run") {
  SmallHandin handin;
  Watching grader(watch_of(handin.path()));
  grader.run();
  grader.send(SIGSTOP);
  for (int i = 0; i < 3; ++i) {
    for (const char* name : {kActivation, "src/nn/loss.cpp"}) handin.write(name, edited(handin.path() / name));
  }
  grader.send(SIGCONT);
  const std::string run = grader.run();
  CHECK(run.starts_with("src/nn/activation.cpp was saved, src/nn/loss.cpp was saved: grading ...\n"));
  handin.write(kActivation, edited(handin.path() / kActivation));
  check_only_activation_compiled(grader.run());
  grader.end_by(SIGTERM);
}

TEST_CASE("watch: a save during a run leads to another one") {
  SmallHandin handin;
  Watching grader(watch_of(handin.path()));
  grader.run();
  handin.write("src/nn/loss.cpp", edited(handin.path() / "src/nn/loss.cpp"));
  CHECK(grader.line() == "src/nn/loss.cpp was saved: grading ...");
  handin.write(kActivation, edited(handin.path() / kActivation));
  grader.run();
  const std::string run = grader.run();
  CHECK(run.starts_with("src/nn/activation.cpp was saved: grading ...\n"));
  grader.end_by(SIGTERM);
}

TEST_CASE("watch: what is new is said, and a file that is missing for a while is a report") {
  SmallHandin handin;
  Watching grader(watch_of(handin.path()));
  grader.run();
  const std::string right = read_file(handin.path() / "src/nn/loss.cpp");
  handin.write("src/nn/loss.cpp", "this is no C++\n");
  CHECK_THAT(grader.run(), ContainsSubstring("\n    mseloss: passed -> not built\n") &&
                               ContainsSubstring("src/nn/loss.cpp does not build"));
  handin.remove("src/nn/loss.cpp");
  CHECK_THAT(grader.run(), ContainsSubstring("src/nn/loss.cpp is gone: grading") &&
                               ContainsSubstring("Since the last run: nothing new") &&
                               ContainsSubstring("src/nn/loss.cpp is missing"));
  handin.remove("src");
  CHECK_THAT(grader.run(), ContainsSubstring("The hand-in is not graded: it holds none of the files"));
  handin.write("src/nn/loss.cpp", right);
  CHECK_THAT(grader.run(), ContainsSubstring("\n    mseloss: not built -> passed\n"));
  grader.end_by(SIGTERM);
}

TEST_CASE("watch: an interruption in the middle of a run leaves nothing behind") {
  SmallHandin handin;
  Watching grader(watch_of(handin.path()));
  grader.run();
  handin.apply({kActivation, "Matrix ReLU::forward(const Matrix& Z) {",
                "Matrix ReLU::forward(const Matrix& Z) { for (volatile bool on = true; on;) {} "});
  grader.until("was saved: grading");
  grader.end_by(SIGINT);
}

TEST_CASE("watch: a failure of the grader is shown, and the next save is graded") {
  SmallHandin handin;
  const TemporaryFolder folder;
  const fs::path fixtures = folder.path() / "fixtures";
  fs::copy(course_folder() / "fixtures/mytorch/public", fixtures);
  Watching grader(watch_of(handin.path(), {"--fixtures", fixtures, "--sandbox", "none"}));
  grader.run();
  const std::string right = read_file(fixtures / "relu.json");
  std::ofstream(fixtures / "relu.json") << "{";
  handin.write(kActivation, edited(handin.path() / kActivation));
  CHECK_THAT(grader.run(),
             ContainsSubstring("The grader failed: ") && ContainsSubstring("relu.json") && !ContainsSubstring("Score"));
  std::ofstream(fixtures / "relu.json") << right;
  handin.write(kActivation, edited(handin.path() / kActivation));
  CHECK_THAT(grader.run(), ContainsSubstring("Since the last run: nothing new"));
  grader.end_by(SIGTERM);
}

TEST_CASE("watch: the end of the hand-in's folder is the end") {
  SmallHandin handin;
  Watching grader(watch_of(handin.path()));
  grader.run();
  fs::remove_all(handin.path());
  CHECK(grader.exit_code() == 2);
  CHECK_THAT(grader.errors(), ContainsSubstring(handin.path().string() + " is gone. Start again"));
}

TEST_CASE("watch: reports in files are written by each run, and without a cache all is compiled") {
  SmallHandin handin;
  const TemporaryFolder folder;
  const fs::path report = folder.path() / "report.json";
  Watching grader(watch_of(handin.path(), {"--report", "json:" + report.string(), "--no-cache"}));
  CHECK_THAT(grader.run(), ContainsSubstring("Without a cache every run compiles all sources"));
  const auto status = [&] {
    return parse_strict(read_file(report)).at("sections").at(5).at("components").at(0).at("status");
  };
  CHECK(status() == "passed");
  handin.remove("src/nn/loss.cpp");
  CHECK_THAT(grader.run(), ContainsSubstring("Compiled: src/nn/activation.cpp."));
  CHECK(status() == "not_built");
  grader.end_by(SIGTERM);
}

TEST_CASE("watch: a terminal's screen is drawn anew by each run, at most its size, until Ctrl-C") {
  SmallHandin handin;
  // A terminal of 20 rows, on which what is typed is not shown.
  std::string command = "stty rows 20 cols 80 -echo; exec";
  for (const std::string& word : watch_of(handin.path())) command += " '" + word + "'";
  Watching grader({"/usr/bin/script", "-qefc", command, "/dev/null"});
  const std::string clear = "\033[H\033[2J";
  grader.until(kEnd);
  handin.write("src/nn/loss.cpp", "this is no C++\n");
  const std::string run = grader.run();
  CHECK_THAT(run, ContainsSubstring("src/nn/loss.cpp was saved: grading ...\r\n" + clear) &&
                      ContainsSubstring("\033[31mmseloss: passed -> not built\033[0m") &&
                      ContainsSubstring(" more lines; all of them without --watch)"));
  grader.type("\x03");
  CHECK(grader.exit_code() == 128 + SIGINT);
}

TEST_CASE("watch: what makes no sense together with it is a usage error that says what to do") {
  const SmallHandin handin;
  const auto refused = [](const fs::path& what, const std::vector<std::string>& options) {
    Watching grader(watch_of(what, options));
    CHECK(grader.exit_code() == 2);
    return grader.errors();
  };
  CHECK_THAT(refused(handin.path(), {"--case", "zeros", "--show"}), ContainsSubstring("leave out"));
  CHECK_THAT(refused(handin.path(), {"--fail-under", "50"}), ContainsSubstring("leave out"));
  CHECK_THAT(refused(handin.path(), {"--report", "json"}), ContainsSubstring("--report json:FILE"));
  CHECK_THAT(refused(handin.path() / kActivation, {}), ContainsSubstring("Unpack it and name the folder"));
  CHECK_THAT(refused(handin.path(), {"--case", "no case of this name"}), ContainsSubstring("no case of that name"));
}
