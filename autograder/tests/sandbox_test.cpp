// Every tier that this machine gives, from the inside: a worker that tries things, and tools that do.
#include "autograder/sandbox.hpp"

#include <unistd.h>

#include <csignal>
#include <fstream>

#include "autograder/grader_error.hpp"
#include "autograder/secrets.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/probe.hpp"
#include "autograder/tests/tiers.hpp"
#include "autograder/version.hpp"

using namespace autograder;
using namespace autograder_tests;
namespace fs = std::filesystem;

namespace {

/// One probing worker.
class Probe {
 public:
  explicit Probe(const Sandbox& sandbox, std::size_t threads = 16)
      : server_(sandbox, threads), worker_(server_.start()) {}

  std::string operator()(const std::string& what) { return attempt(*worker_, what); }
  std::string errors() { return worker_->take_errors(); }

 private:
  ProbeServer server_;
  std::unique_ptr<Child> worker_;
};

Command shell(const std::string& script) {
  Command command;
  command.arguments = {"/bin/sh", "-c", script};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.folder = "/";
  return command;
}

}  // namespace

TEST_CASE("sandbox: this machine gives at least one tier") { CHECK(!tiers().empty()); }

TEST_CASE("sandbox: a worker is refused whatever a homework does not need") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    Probe probe(sandbox);
    for (const char* attempt : {"vfork",
                                "fork_call",
                                "execve",
                                "execveat",
                                "new_user_namespace",
                                "unshare",
                                "mount",
                                "chroot",
                                "socket_inet",
                                "socket_unix",
                                "socket_netlink",
                                "socketpair",
                                "ptrace",
                                "process_vm_readv",
                                "process_vm_writev",
                                "pidfd_open",
                                "keyctl",
                                "add_key",
                                "io_uring",
                                "bpf",
                                "perf",
                                "userfaultfd",
                                "shmget",
                                "memfd",
                                "setuid",
                                "kill_parent",
                                "kill_all",
                                "outlive",
                                "write_file",
                                "truncate_file",
                                "write_shm",
                                "mkdir",
                                "unlink",
                                "symlink",
                                "chmod",
                                "raise_limit",
                                "terminal",
                                "fork",
                                "clone3"}) {
      INFO(attempt);
      const std::string outcome = probe(attempt);
      CHECK((outcome == "EPERM" || outcome == "ENOSYS" || outcome == "ENOTTY"));
    }
    // What an honest hand-in may try is refused in words that a student knows.
    for (const char* attempt : {"write_file", "mkdir", "unlink", "fork_call"}) CHECK(probe(attempt) == "EPERM");
    CHECK_FALSE(fs::exists("/tmp/autograder_marker"));
    CHECK_FALSE(fs::exists("/dev/shm/autograder_marker"));
  }
}

TEST_CASE("sandbox: the filter is in force before a worker's initialisers run") {
  for (const Sandbox& sandbox : tiers()) CHECK(Probe(sandbox)("before_main") == "EPERM");
}

TEST_CASE("sandbox: a worker may do what libraries do") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    Probe probe(sandbox);
    CHECK(probe("raise") == "0");
    CHECK(probe("thread") == (sandbox.threads_are_limited ? "0" : "ENOSYS"));
  }
}

TEST_CASE("sandbox: the number of threads is limited, as root too") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    Probe probe(sandbox, 16);
    CHECK(probe("threads") == "EAGAIN");
    const std::size_t started = std::stoul(probe.errors());
    CHECK(started <= (sandbox.shares_count ? 200 : 16));
    if (sandbox.threads_are_limited) CHECK(started >= 8);
  }
}

TEST_CASE("sandbox: a worker has four descriptors and the environment that it was given") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    Probe probe(sandbox);
    CHECK(probe("descriptors") == "0 1 2 3 ");
    const std::string environment = probe("environment");
    CHECK((environment == "LC_ALL=C " || environment == "LC_ALL=C PWD=/ " || environment == "PWD=/ LC_ALL=C "));
  }
}

TEST_CASE("sandbox: files of the course, of others and of the system are closed to a worker") {
  for (const Sandbox& sandbox : closing_tiers()) {
    INFO(name_of(sandbox.tier));
    Probe probe(sandbox);
    for (const std::string& path :
         {std::string(COURSE) + "/fixtures/mytorch/hidden/relu.json",
          std::string(COURSE) + "/reference/mytorch/src/nn/linear.cpp", std::string("/etc/passwd"),
          std::string("/proc/self/maps"), std::string("/proc/1/environ"), std::string("/usr/include/stdio.h"),
          std::string("/bin/sh"), std::string("/home")}) {
      INFO(path);
      const std::string outcome = probe("read " + path);
      CHECK((outcome == "ENOENT" || outcome == "EACCES"));
    }
  }
}

TEST_CASE("sandbox: a tool reads what it is shown and the system, and writes into its folder") {
  for (const Sandbox& sandbox : closing_tiers()) {
    INFO(name_of(sandbox.tier));
    const TemporaryFolder folder(sandbox.user);
    for (const char* name : {"shown", "hidden", "out"}) {
      fs::create_directory(folder.path() / name);
      fs::permissions(folder.path() / name, fs::perms(0755));
    }
    std::ofstream(folder.path() / "shown/file") << "shown\n";
    std::ofstream(folder.path() / "hidden/file") << "hidden\n";
    Command command = shell("cat shown/file; cat hidden/file; cat " COURSE
                            "/fixtures/mytorch/hidden/relu.json; echo written > out/file; echo no > shown/other; "
                            "echo no > /tmp/../marker; ls /home /root; cat /etc/shadow; true");
    command.folder = folder.path();
    command.readable = {folder.path() / "shown"};
    command.writable = folder.path() / "out";
    if (sandbox.tier == Tier::user) command.readable.push_back(folder.path());  // for the shell's working folder
    if (sandbox.tier == Tier::user) fs::remove_all(folder.path() / "hidden");
    const Completed completed = run_confined(command, sandbox);
    INFO(completed.errors);
    CHECK(completed.output == "shown\n");
    CHECK(fs::exists(folder.path() / "out/file"));
    CHECK_FALSE(fs::exists(folder.path() / "shown/other"));
    CHECK_FALSE(fs::exists("/marker"));
  }
}

TEST_CASE("sandbox: a tool may start programs, and gets no socket and no namespace") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    CHECK(run_confined(shell("echo $(echo inner)"), sandbox).output == "inner\n");
    CHECK_FALSE(run_confined(shell("unshare --user true"), sandbox).succeeded());
    // bash opens a socket for this name.
    CHECK_FALSE(run_confined(shell("exec bash -c ': > /dev/tcp/127.0.0.1/9'"), sandbox).succeeded());
  }
}

TEST_CASE("sandbox: the number of a tool's processes is limited, as root too") {
  for (const Sandbox& sandbox : tiers()) {
    if (!sandbox.threads_are_limited) continue;  // root without another user: no limit binds, and no student code runs
    INFO(name_of(sandbox.tier));
    Command bomb = shell("bomb() { bomb | bomb & }; bomb; echo up");
    bomb.limits.processes = 20;
    bomb.limits.wall_seconds = 20;
    run_confined(bomb, sandbox);
    CHECK(run_confined(shell("echo still here"), sandbox).output == "still here\n");
  }
}

TEST_CASE("sandbox: exit codes and signals come through as they are") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    CHECK(describe(run_confined(shell("exit 139"), sandbox).ending) == "exit code 139");
    CHECK(std::get<Signalled>(run_confined(shell("kill -SEGV $$"), sandbox).ending).number == SIGSEGV);
    Command busy = shell("while :; do :; done");
    busy.limits.cpu_seconds = 1;
    CHECK(std::get<TimedOut>(run_confined(busy, sandbox).ending).by_processor_time);
    // A signal that it sends to itself is no proof of time spent.
    CHECK(std::get<Signalled>(run_confined(shell("kill -XCPU $$"), sandbox).ending).number == SIGXCPU);
  }
}

TEST_CASE("sandbox: a program that is not there is the grader's failure") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    Command command = shell("");
    command.arguments = {"/nonexistent/compiler"};
    CHECK_THROWS_WITH(run_confined(command, sandbox),
                      ContainsSubstring("/nonexistent/compiler") && ContainsSubstring("No such file"));
  }
}

TEST_CASE("sandbox: a worker that cannot be loaded says so") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    const TemporaryFolder folder(sandbox.user);
    std::ofstream(folder.path() / "worker.so") << "no library";
    fs::permissions(folder.path() / "worker.so", fs::perms(0755));
    Command command = shell("");
    command.program = Program::worker;
    command.arguments = {folder.path() / "worker.so"};
    command.readable = {folder.path() / "worker.so"};
    const auto worker = open_server(command, sandbox)->start();
    const auto reply = worker->ask("anything", 20);
    REQUIRE(std::holds_alternative<Ending>(reply));
    CHECK(describe(std::get<Ending>(reply)) == "exit code 125");
    CHECK_THAT(worker->take_errors(), ContainsSubstring("worker.so"));
  }
}

TEST_CASE("sandbox: what is asked for by name and cannot be had is the grader's failure") {
  if (geteuid() != 0) CHECK_THROWS_WITH(open_sandbox(Tier::user, {}), ContainsSubstring("needs root"));
  CHECK_THROWS_AS(tier_named("strong"), GraderError);
  CHECK_FALSE(tier_named("auto").has_value());
  CHECK(tier_named("user") == Tier::user);
}

TEST_CASE("sandbox: secrets in a place that compilers must read are refused") {
  Sandbox sandbox;
  sandbox.tier = Tier::bwrap;
  sandbox.programs = {{"/usr", ""}};
  CHECK_THROWS_WITH(require_closed(sandbox, {"/usr/share"}), ContainsSubstring("/usr/share"));
  CHECK_NOTHROW(require_closed(sandbox, {COURSE, "/nonexistent"}));
}

TEST_CASE("sandbox: where nothing closes files, permissions have to") {
  Sandbox sandbox;
  sandbox.tier = Tier::user;
  sandbox.closes_files = false;
  const TemporaryFolder folder;  // nobody else can enter it
  CHECK_NOTHROW(require_closed(sandbox, {folder.path()}));
  CHECK_FALSE(is_open_to_others(folder.path()));
  CHECK(is_open_to_others("/usr"));
  CHECK_THROWS_WITH(require_closed(sandbox, {"/etc"}), ContainsSubstring("chmod"));
}

TEST_CASE("sandbox: a tool whose grader is gone is not started") {
  const TemporaryFolder folder;
  // Descriptor 4 is a pipe that nobody reads from.
  Command orphan = shell("mkfifo pipe && exec 5<>pipe 4>pipe 5<&- && exec \"$0\" tool -- /bin/touch started");
  orphan.arguments.push_back(kLauncherFile);
  orphan.folder = folder.path();
  CHECK(describe(run_to_end(orphan).ending) == "exit code 125");
  CHECK_FALSE(fs::exists(folder.path() / "started"));
  Command awaited = shell("exec 4>&1; exec \"$0\" tool -- /bin/touch started");
  awaited.arguments.push_back(kLauncherFile);
  awaited.folder = folder.path();
  CHECK(run_to_end(awaited).output.starts_with("started\nexited 0"));
  CHECK(fs::exists(folder.path() / "started"));
}
