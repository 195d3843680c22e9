#include "autograder/cluster_run.hpp"

#include <fstream>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_record.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

struct Run {
  TemporaryFolder out;
  ClusterRun run = ClusterRun::make(out.path());

  Run() { run.write_script("#!/bin/sh\n"); }
};

Pending pending(const std::string& name) { return {{name, "student", 7, "/class/" + name}, {"digest", "time"}}; }

}  // namespace

TEST_CASE("cluster run: it is found until it is over") {
  const TemporaryFolder out;
  CHECK_FALSE(ClusterRun::find(out.path()));
  const ClusterRun run = ClusterRun::make(out.path());
  run.write_script("script");
  REQUIRE(ClusterRun::find(out.path()));
  CHECK(ClusterRun::find(out.path())->folder() == run.folder());
  CHECK(run.script() == "script");
  std::ofstream(run.log_file(1, 0)) << "words";
  run.end(ClusterRun::Logs::kept);
  CHECK_FALSE(ClusterRun::find(out.path()));
  CHECK(run.script().empty());
  CHECK(fs::exists(run.log_file(1, 0)));
  run.end(ClusterRun::Logs::removed);
  CHECK(fs::is_empty(out.path()));
}

TEST_CASE("cluster run: a job comes back as it was, whatever names files have") {
  const Run some;
  some.run.add(1, {2, {pending("alice"), pending("J\xe9r\xf4me"), pending("carl")}});
  const std::optional<JobArray> job = some.run.job(1);
  REQUIRE(job);
  CHECK(job->shard == 2);
  CHECK(job->tasks() == 2);
  REQUIRE(job->handins.size() == 3);
  const Pending& one = job->handins[1];
  CHECK(one.submission.name == "J\xe9r\xf4me");
  CHECK(one.submission.path == "/class/J\xe9r\xf4me");
  CHECK(one.submission.student == "student");
  CHECK(one.submission.number == 7);
  CHECK(one.state.digest == "digest");
  CHECK(one.state.handed_in == "time");
  CHECK(some.run.jobs().size() == 1);
  some.run.remove(1);
  CHECK(some.run.jobs().empty());
}

TEST_CASE("cluster run: a job's list that is damaged is a failure of the grader") {
  const Run some;
  std::ofstream(some.run.folder() / "array-1") << "{}";
  CHECK_THROWS_AS(some.run.job(1), GraderError);
}

TEST_CASE("cluster run: a record comes back with its reports") {
  const Run some;
  Record record = make::record("alice", 85);
  record.reports = {"{}", "text", "markdown"};
  CHECK_FALSE(some.run.result({1, 0}));
  some.run.write_result({1, 0}, record);
  const std::optional<Record> found = some.run.result({1, 0});
  REQUIRE(found);
  CHECK(found->name == "alice");
  CHECK(found->score == 85);
  CHECK(found->reports.markdown == "markdown");
  some.run.mark_taken({1, 0});
  CHECK(some.run.is_taken({1, 0}));
  CHECK_FALSE(some.run.result({1, 0}));
}

TEST_CASE("cluster run: a record that is damaged is none") {
  const Run some;
  for (const char* bytes : {"", "not a journal"}) {
    std::ofstream(some.run.folder() / "result-1-0") << bytes;
    CHECK_FALSE(some.run.result({1, 0}));
    CHECK(some.run.wants({1, 0}, "alice"));
  }
}

TEST_CASE("cluster run: a task passes over what has a record, is in a later job, or is not wanted any more") {
  const Run some;
  some.run.add(1, {3, {pending("alice"), pending("bob"), pending("carl")}});
  for (std::size_t index = 0; index < 3; ++index) CHECK(some.run.wants({1, index}, index == 2 ? "carl" : "alice"));
  some.run.write_result({1, 0}, make::record("alice", 85));
  CHECK_FALSE(some.run.wants({1, 0}, "alice"));
  some.run.mark_taken({1, 0});
  CHECK_FALSE(some.run.wants({1, 0}, "alice"));
  some.run.add(2, {1, {pending("bob")}});
  CHECK_FALSE(some.run.wants({1, 1}, "bob"));
  CHECK(some.run.wants({2, 0}, "bob"));
  CHECK(some.run.wants({1, 2}, "carl"));
  some.run.end(ClusterRun::Logs::kept);
  CHECK_FALSE(some.run.wants({1, 2}, "carl"));
}
