#include "autograder/outstanding.hpp"

#include "autograder/tests/catch.hpp"

using namespace autograder;
using namespace std::chrono_literals;

namespace {

Pending pending(const std::string& name, const std::string& digest = "digest") {
  return {{name, name, 0, "/class/" + name}, {digest, ""}};
}

/// The tasks of job 1, by their states.
Tasks tasks(const std::vector<std::string>& states) {
  Tasks all;
  for (std::size_t number = 0; number < states.size(); ++number) {
    QueuedTask task;
    task.state = states[number];
    all[{1, number}] = task;
  }
  return all;
}

bool never(const Place&) { return false; }

/// Three hand-ins in two tasks of job 1.
Outstanding submitted() {
  const std::vector<Pending> handins{pending("alice"), pending("bob"), pending("carl")};
  Outstanding outstanding(handins);
  outstanding.list(1, {2, handins}, never);
  return outstanding;
}

std::vector<std::string> names(const std::vector<Pending>& handins) {
  std::vector<std::string> all;
  for (const Pending& one : handins) all.push_back(one.submission.name);
  return all;
}

using Names = std::vector<std::string>;
const auto kNow = std::chrono::steady_clock::now();

}  // namespace

TEST_CASE("outstanding: what no task has, or one that has ended badly, is idle") {
  CHECK(names(Outstanding({pending("alice")}).idle({})) == Names{"alice"});
  CHECK(submitted().idle(tasks({"RUNNING", "PENDING"})).empty());
  CHECK(names(submitted().idle(tasks({"RUNNING", "FAILED"}))) == Names{"carl"});
  CHECK(names(submitted().idle(tasks({"CANCELLED", "RUNNING"}))) == Names{"alice", "bob"});
  // Slurm has forgotten the first task.
  CHECK(names(submitted().idle({{{1, 1}, tasks({"RUNNING"}).at({1, 0})}})) == Names{"alice", "bob"});
  // Its record may be on its way.
  CHECK(submitted().idle(tasks({"COMPLETED", "RUNNING"})).empty());
}

TEST_CASE("outstanding: a hand-in that has changed since, or whose record was taken, is nowhere") {
  Outstanding outstanding({pending("alice", "new"), pending("bob"), pending("carl")});
  outstanding.list(1, {3, {pending("alice", "old"), pending("bob"), pending("carl"), pending("gone")}},
                   [](const Place& place) { return place.index == 1; });
  CHECK(names(outstanding.idle(tasks({"RUNNING"}))) == Names{"alice", "bob"});
}

TEST_CASE("outstanding: the last job that lists a hand-in has it") {
  Outstanding outstanding = submitted();
  outstanding.list(2, {1, {pending("bob"), pending("carl")}}, never);
  const OutstandingHandin& carl = outstanding.handins().at("carl");
  CHECK(carl.place->job == 2);
  CHECK(carl.place->index == 1);
  CHECK(carl.task == 1);
  CHECK(outstanding.handins().at("alice").place->job == 1);
}

TEST_CASE("outstanding: what was lost is submitted again, and given up after the third time") {
  Outstanding outstanding = submitted();
  for (std::size_t job = 1; job < Outstanding::kAttempts; ++job) {
    const Losses losses = outstanding.take_stock(tasks({"NODE_FAIL", "RUNNING"}), kNow);
    CHECK(names(losses.again) == Names{"alice", "bob"});
    CHECK(losses.given_up.empty());
  }
  const Losses losses = outstanding.take_stock(tasks({"TIMEOUT", "RUNNING"}), kNow);
  CHECK(losses.again.empty());
  CHECK(losses.given_up == Names{"alice", "bob"});
}

TEST_CASE("outstanding: what somebody has cancelled is left alone") {
  const Losses losses = submitted().take_stock(tasks({"CANCELLED", "RUNNING"}), kNow);
  CHECK(losses.cancelled == 2);
  CHECK(losses.again.empty());
  const QueuedTask whole = tasks({"CANCELLED"}).at({1, 0});
  CHECK(submitted().take_stock({{{1, std::nullopt}, whole}}, kNow).cancelled == 3);
}

TEST_CASE("outstanding: a task that ended well is given time for its records to appear") {
  Outstanding outstanding = submitted();
  const Tasks ended = tasks({"COMPLETED", "RUNNING"});
  CHECK(outstanding.take_stock(ended, kNow).again.empty());
  CHECK(outstanding.take_stock(ended, kNow + 60s).again.empty());
  CHECK(names(outstanding.take_stock(ended, kNow + 91s).again) == Names{"alice", "bob"});
}
