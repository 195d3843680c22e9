// Several workers of one sandbox: what one does, another does not notice.
#include "autograder/worker_server.hpp"

#include <signal.h>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/probe.hpp"
#include "autograder/tests/tiers.hpp"

using namespace autograder;
using namespace autograder_tests;

TEST_CASE("worker server: workers that run at a time answer each for itself") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    const ProbeServer server(sandbox);
    const auto first = server.start(), second = server.start();
    CHECK(attempt(*first, "count") == "1");
    CHECK(attempt(*first, "count") == "2");
    CHECK(attempt(*second, "count") == "1");
    CHECK(attempt(*first, "descriptors") == "0 1 2 3 ");
    CHECK(attempt(*second, "descriptors") == "0 1 2 3 ");
  }
}

TEST_CASE("worker server: a worker signals neither the server nor another worker") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    const ProbeServer server(sandbox);
    const auto first = server.start(), second = server.start();
    CHECK(attempt(*second, "raise") == "0");
    CHECK(attempt(*first, "kill_neighbours") == "EPERM");
    CHECK(attempt(*second, "raise") == "0");
  }
}

TEST_CASE("worker server: a worker that is ended for its limits is dead, and the others go on") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    const ProbeServer server(sandbox);
    const auto first = server.start(), second = server.start();
    CHECK(attempt(*second, "raise") == "0");
    const auto late = first->ask("pause", 0.3);
    CHECK(std::holds_alternative<TimedOut>(std::get<Ending>(late)));
    CHECK(attempt(*second, "raise") == "0");
    // It is asked in vain.
    CHECK(std::holds_alternative<TimedOut>(std::get<Ending>(first->ask("raise", 20))));
    CHECK(attempt(*server.start(), "raise") == "0");
  }
}

TEST_CASE("worker server: how a worker ends by itself is told, with its last words") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    const ProbeServer server(sandbox);
    CHECK(attempt(*server.start(), "exit") == "exit code 7 gone");
    CHECK(attempt(*server.start(), "abort").starts_with("signal 6"));
    const auto silent = server.start();
    CHECK(attempt(*silent, "raise") == "0");
  }
}

TEST_CASE("worker server: a server that is killed is a shortage of the machine's, no verdict") {
  for (const Sandbox& sandbox : tiers()) {
    INFO(name_of(sandbox.tier));
    const std::set<pid_t> before = children();
    const ProbeServer server(sandbox);
    const auto worker = server.start();
    CHECK(attempt(*worker, "raise") == "0");
    for (const pid_t child : children()) {
      if (!before.count(child)) kill(child, SIGKILL);
    }
    CHECK_THROWS_AS(worker->ask("pause", 20), ShortageError);
    CHECK_THROWS_AS(server.start()->ask("raise", 20), GraderError);
  }
}

TEST_CASE("worker server: a sandbox that does not open says why") {
  for (const Sandbox& sandbox : tiers()) {
    if (sandbox.tier != Tier::bwrap) continue;
    Command command;
    command.program = Program::worker;
    command.arguments = {"/nonexistent/worker.so"};
    command.readable = {"/nonexistent/worker.so"};
    const auto server = open_server(command, sandbox);
    for (int i = 0; i < 2; ++i) {
      CHECK_THROWS_WITH(server->start()->ask("raise", 20),
                        Catch::Matchers::ContainsSubstring("/nonexistent/worker.so"));
    }
  }
}
