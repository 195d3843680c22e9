// The grader is killed in the middle of a time bomb, in every tier: nothing may go on without it.
#include <signal.h>
#include <unistd.h>

#include <chrono>

#include "autograder/process.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/tests/processes.hpp"
#include "autograder/tests/tiers.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

/// A hand-in of one file with a bomb in it.
void lay_bomb(HandinFolder& handin, const std::string& code, const std::string& place) {
  for (const char* name : {"src/nn/linear.cpp", "src/nn/loss.cpp", "src/nn/batchnorm.cpp", "src/models", "src/optim"}) {
    handin.remove(name);
  }
  if (place.empty()) {
    handin.write("src/nn/activation.cpp", code);
  } else {
    handin.apply({"src/nn/activation.cpp", place, place + code});
  }
}

/// The grader at work on a bomb, until a process appears whose command line holds `sign`.
class GraderAtWork {
 public:
  GraderAtWork(const HandinFolder& handin, Tier tier, const std::string& sign)
      : command_(command(handin, tier)), child_(command_, Channel::none) {
    REQUIRE(comes_true([&] { return !running({folder_.path(), sign}).empty(); }));
    pid_ = running({AUTOGRADER_PROGRAM, handin.path()}).front();
  }

  void send(int signal) {
    REQUIRE(kill(pid_, signal) == 0);
    const Ending ending = child_.wait();
    REQUIRE(std::holds_alternative<Signalled>(ending));
    CHECK(std::get<Signalled>(ending).number == signal);
  }

  bool everything_is_gone() const {
    return comes_true([&] { return running({folder_.path()}).empty(); });
  }
  bool folder_is_empty() const { return fs::is_empty(folder_.path()); }

  /// What the next grader does that keeps its temporary files in the same place, minutes later.
  void let_another_one_start() {
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      fs::last_write_time(entry, fs::file_time_type::clock::now() - std::chrono::minutes(2));
    }
    const TemporaryFolder empty;
    Command next = command_;
    next.arguments = {AUTOGRADER_PROGRAM, "grade", empty.path()};
    CHECK(run_to_end(next).succeeded());
  }

 private:
  Command command(const HandinFolder& handin, Tier tier) {
    fs::permissions(folder_.path(), fs::perms(0755));
    Command command;
    command.arguments = {AUTOGRADER_PROGRAM, "grade", handin.path(), "--only", "relu", "--sandbox", name_of(tier)};
    command.folder = "/";
    command.environment = {"PATH=/usr/bin:/bin", "TMPDIR=" + folder_.path().string()};
    command.limits.wall_seconds = 300;
    command.limits.cpu_seconds = 300;
    return command;
  }

  TemporaryFolder folder_;
  Command command_;
  Child child_;
  pid_t pid_ = -1;
};

const char* const kEndlessLoop = " for (volatile bool on = true; on;) {} ";
const char* const kReluForward = "Matrix ReLU::forward(const Matrix& Z) {";

/// Takes a compiler minutes, and no memory.
const char* const kCompileBomb = R"(
constexpr unsigned long spin(unsigned long n) { unsigned long s = 0; for (unsigned long i = 0; i < n; ++i) s += i; return s; }
template <int N> struct Bomb { static constexpr unsigned long value = spin(50000) + Bomb<N - 1>::value; };
template <> struct Bomb<0> { static constexpr unsigned long value = 0; };
unsigned long bomb = Bomb<800>::value;
)";

}  // namespace

TEST_CASE("interruption: a grader killed with SIGKILL leaves no process, whatever the tier") {
  HandinFolder handin;
  lay_bomb(handin, kEndlessLoop, kReluForward);
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    GraderAtWork grader(handin, sandbox.tier, "worker.so");
    grader.send(SIGKILL);
    CHECK(grader.everything_is_gone());
    CHECK_FALSE(grader.folder_is_empty());
    grader.let_another_one_start();
    CHECK(grader.folder_is_empty());
  }
}

TEST_CASE("interruption: a grader killed while it compiles leaves no process, whatever the tier") {
  HandinFolder handin;
  lay_bomb(handin, kCompileBomb, "");
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    GraderAtWork grader(handin, sandbox.tier, "activation.cpp");
    grader.send(SIGKILL);
    CHECK(grader.everything_is_gone());
  }
}

TEST_CASE("interruption: Ctrl-C and its like leave neither processes nor folders") {
  HandinFolder handin;
  lay_bomb(handin, kEndlessLoop, kReluForward);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    INFO(signal);
    GraderAtWork grader(handin, tiers().front().tier, "worker.so");
    grader.send(signal);
    CHECK(grader.everything_is_gone());
    CHECK(grader.folder_is_empty());
  }
}
