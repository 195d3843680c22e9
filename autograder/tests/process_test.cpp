#include "autograder/process.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

Command shell(const std::string& script, Limits limits = {}) {
  Command command;
  command.arguments = {"/bin/sh", "-c", script};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.limits = limits;
  return command;
}

/// Whether any process's command line holds `marker`.
bool is_running(const std::string& marker) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    std::stringstream line;
    line << file.rdbuf();
    if (line.str().find(marker) != std::string::npos) return true;
  }
  return false;
}

template <typename Kind>
bool ended_by(const Completed& completed) {
  return std::holds_alternative<Kind>(completed.ending);
}

}  // namespace

TEST_CASE("process: exit code and both streams arrive") {
  const Completed completed = run_to_end(shell("echo out; echo err >&2; exit 7"));
  REQUIRE(ended_by<Exited>(completed));
  CHECK(std::get<Exited>(completed.ending).code == 7);
  CHECK(completed.output == "out\n");
  CHECK(completed.errors == "err\n");
  CHECK_FALSE(completed.succeeded());
}

TEST_CASE("process: a signal is told from an exit code") {
  const Completed completed = run_to_end(shell("kill -SEGV $$"));
  REQUIRE(ended_by<Signalled>(completed));
  CHECK(std::get<Signalled>(completed.ending).number == SIGSEGV);
}

TEST_CASE("process: the environment is the given one and nothing else") {
  setenv("AUTOGRADER_SECRET", "1", 1);
  Command command = shell("");
  command.arguments = {"/usr/bin/env"};
  CHECK(run_to_end(command).output == "PATH=/usr/bin:/bin\n");
}

TEST_CASE("process: no descriptor of ours is inherited") {
  const TemporaryFolder folder;
  const std::ofstream open_file(folder.path() / "open");
  // The shell's own glob runs in the shell: the numbers are those that it was started with.
  const Completed completed = run_to_end(
      shell("cd /proc/self/fd && for n in *; do [ \"$n\" -gt 2 ] && [ -e \"$n\" ] && readlink $n; done; true"));
  CHECK(completed.output.find("open") == std::string::npos);
  CHECK(completed.output.find("pipe") == std::string::npos);
}

TEST_CASE("process: a program that is not there is the grader's failure") {
  Command command = shell("");
  command.arguments = {"/nonexistent/program"};
  CHECK_THROWS_WITH(run_to_end(command),
                    ContainsSubstring("/nonexistent/program") && ContainsSubstring("No such file"));
}

TEST_CASE("process: a folder that is not there is the grader's failure") {
  Command command = shell("true");
  command.folder = "/nonexistent";
  CHECK_THROWS_AS(run_to_end(command), GraderError);
}

TEST_CASE("process: a busy loop ends by the limit on processor time") {
  const Completed completed = run_to_end(shell("while :; do :; done", {.wall_seconds = 60, .cpu_seconds = 1}));
  REQUIRE(ended_by<TimedOut>(completed));
  CHECK(std::get<TimedOut>(completed.ending).by_processor_time);
}

TEST_CASE("process: ignoring the soft limit on processor time does not help") {
  const Completed completed =
      run_to_end(shell("trap '' XCPU; while :; do :; done", {.wall_seconds = 60, .cpu_seconds = 1}));
  REQUIRE(ended_by<TimedOut>(completed));
  CHECK(std::get<TimedOut>(completed.ending).by_processor_time);
}

TEST_CASE("process: a sleeper ends by the limit on elapsed time") {
  const Completed completed = run_to_end(shell("exec tail -f /dev/null", {.wall_seconds = 0.2}));
  REQUIRE(ended_by<TimedOut>(completed));
  CHECK_FALSE(std::get<TimedOut>(completed.ending).by_processor_time);
  CHECK(completed.seconds < 20);
}

TEST_CASE("process: standard input is empty, not the caller's") {
  CHECK(run_to_end(shell("cat; echo end", {.wall_seconds = 20})).output == "end\n");
}

TEST_CASE("process: a flood on a stream ends by the limit on it") {
  const Limits limits{.wall_seconds = 60, .output_bytes = 100'000};
  const Completed out = run_to_end(shell("yes", limits));
  REQUIRE(ended_by<OutputLimit>(out));
  CHECK(describe(out.ending) == "the limit on standard output");
  const Completed err = run_to_end(shell("yes >&2", limits));
  CHECK(describe(err.ending) == "the limit on standard error");
}

TEST_CASE("process: output up to the limit is kept whole") {
  const Completed completed = run_to_end(shell("head -c 100000 /dev/zero", {.output_bytes = 100'000}));
  CHECK(completed.succeeded());
  CHECK(completed.output.size() == 100'000);
}

TEST_CASE("process: the limit on memory holds") {
  // tail keeps what it is given until the end.
  const std::string hungry = "head -c 300000000 /dev/zero | tail -n 1 | wc -c";
  CHECK(run_to_end(shell(hungry)).output == "300000000\n");
  CHECK(run_to_end(shell(hungry, {.memory_bytes = std::size_t{100} << 20})).output == "0\n");
}

TEST_CASE("process: the limit on resident memory counts all that a child started, and nothing that is only reserved") {
  const std::string hungry = "head -c 300000000 /dev/zero | tail -n 1 | wc -c";
  const Completed ended = run_to_end(shell(hungry, {.resident_bytes = std::size_t{100} << 20}));
  CHECK(describe(ended.ending) == "the limit on memory");
  CHECK(run_to_end(shell(hungry, {.resident_bytes = std::size_t{1} << 30})).output == "300000000\n");
  // These tests reserve terabytes where they are built with AddressSanitizer.
  Command reserving = shell("");
  reserving.arguments = {fs::read_symlink("/proc/self/exe"), "--help"};
  reserving.limits.resident_bytes = std::size_t{200} << 20;
  CHECK(run_to_end(reserving).succeeded());
}

TEST_CASE("process: a signal about processor time that a program sends itself is no time-out") {
  CHECK(std::get<Signalled>(run_to_end(shell("kill -XCPU $$")).ending).number == SIGXCPU);
}

TEST_CASE("process: the caller's blocked signals are not blocked in a child") {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const Completed completed = run_to_end(shell("kill -TERM $$; echo blocked"));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(std::get<Signalled>(completed.ending).number == SIGTERM);
}

TEST_CASE("process: the limit on file size holds") {
  const TemporaryFolder folder;
  Command command = shell("head -c 100000 /dev/zero > file", {.file_bytes = 1000});
  command.folder = folder.path();
  CHECK_FALSE(run_to_end(command).succeeded());
  CHECK(fs::file_size(folder.path() / "file") == 1000);
}

TEST_CASE("process: nothing survives, not even what left the process group") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "kept_open").string();
  std::ofstream(file).flush();
  // Each of them says that it runs, so that the shell ends only when all do.
  const std::string script =
      "tail -f " + file + " & (setsid tail -f " + file + " &) ; " +
      "until [ $(grep -l kept_open /proc/[0-9]*/cmdline 2>/dev/null | wc -l) -ge 3 ]; do :; done; echo up";
  const Completed completed = run_to_end(shell(script, {.wall_seconds = 60, .cpu_seconds = 50}));
  CHECK(completed.output == "up\n");
  CHECK_FALSE(is_running(file));
}

TEST_CASE("process: what the caller had started before is no orphan of ours") {
  // As `exec > >(tee log)` leaves it: the grader begins its life with a child, here one that copies its output.
  const TemporaryFolder folder;
  Command command;
  command.arguments = {"/bin/bash", "-c",
                       "exec > >(cat > log; echo copied > end); exec \"$0\" doctor --root /nonexistent",
                       AUTOGRADER_PROGRAM};
  command.folder = folder.path();
  command.environment = {"PATH=/usr/bin:/bin"};
  Child child(command, Channel::none);
  CHECK(std::get<Exited>(child.wait()).code == 3);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!fs::exists(folder.path() / "end") && std::chrono::steady_clock::now() < deadline) {
  }
  CHECK(fs::exists(folder.path() / "end"));
}

TEST_CASE("process: ending one child leaves another's alone") {
  Child first(shell("while read line; do echo \"$line\" >&3; done"), Channel::lines);
  run_to_end(shell("true"));
  CHECK(std::get<std::string>(first.ask("still there", 20)) == "still there");
}

TEST_CASE("process: children on several threads do not disturb each other") {
  std::vector<std::string> outputs(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    threads.emplace_back([&outputs, i] {
      for (int round = 0; round < 10; ++round) outputs[i] += run_to_end(shell("echo " + std::to_string(i))).output;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    std::string expected;
    for (int round = 0; round < 10; ++round) expected += std::to_string(i) + "\n";
    CHECK(outputs[i] == expected);
  }
}

TEST_CASE("process: a child answers line by line") {
  Child child(shell("while read line; do echo \"<$line>\" >&3; done"), Channel::lines);
  CHECK(std::get<std::string>(child.ask("one", 20)) == "<one>");
  CHECK(std::get<std::string>(child.ask("two", 20)) == "<two>");
}

TEST_CASE("process: a line longer than a pipe goes through in both directions") {
  Child child(shell("exec cat >&3"), Channel::lines);
  const std::string line(3'000'000, 'x');
  CHECK(std::get<std::string>(child.ask(line, 60)) == line);
}

TEST_CASE("process: an end before the answer is reported as the end") {
  Child child(shell("read line; exit 3"), Channel::lines);
  const auto reply = child.ask("one", 20);
  REQUIRE(std::holds_alternative<Ending>(reply));
  CHECK(std::get<Exited>(std::get<Ending>(reply)).code == 3);
  // And again for whoever asks once more.
  CHECK(std::holds_alternative<Ending>(child.ask("two", 20)));
}

TEST_CASE("process: half an answer is none") {
  Child child(shell("read line; printf half >&3"), Channel::lines);
  CHECK(std::holds_alternative<Ending>(child.ask("one", 20)));
}

TEST_CASE("process: a whole answer counts although the child ends right after it") {
  Child child(shell("read line; echo whole >&3; kill -KILL $$"), Channel::lines);
  CHECK(std::get<std::string>(child.ask("one", 20)) == "whole");
}

TEST_CASE("process: an answer that does not come is waited for no longer than allowed") {
  Child child(shell("while read line; do :; done"), Channel::lines);
  const auto reply = child.ask("one", 0.2);
  REQUIRE(std::holds_alternative<Ending>(reply));
  CHECK(std::holds_alternative<TimedOut>(std::get<Ending>(reply)));
}

TEST_CASE("process: a flood on descriptor 3 without a line break is cut off") {
  Child child(shell("read line; exec cat /dev/zero >&3", {.answer_bytes = 100'000}), Channel::lines);
  const auto reply = child.ask("one", 60);
  REQUIRE(std::holds_alternative<Ending>(reply));
  CHECK(describe(std::get<Ending>(reply)) == "the limit on descriptor 3");
}

TEST_CASE("process: asking a child that closed its input is no crash of ours") {
  Child child(shell("exec <&-; exec tail -f /dev/null"), Channel::lines);
  const auto reply = child.ask(std::string(1'000'000, 'x'), 0.5);
  CHECK(std::holds_alternative<Ending>(reply));
}

TEST_CASE("process: what was printed is told apart by request") {
  Child child(shell("while read line; do echo \"out $line\"; echo \"err $line\" >&2; echo done >&3; done"),
              Channel::lines);
  child.ask("one", 20);
  CHECK(child.take_output() == "out one\n");
  CHECK(child.take_errors() == "err one\n");
  child.ask("two", 20);
  CHECK(child.take_output() == "out two\n");
}
