#include "autograder/slurm.hpp"

#include <algorithm>

#include "autograder/grader_error.hpp"
#include "autograder/slurm_executor.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

QueuedTask task_from(const std::string& line) { return read_queue(line + "\n").at(0); }

}  // namespace

TEST_CASE("slurm: what a job is comes after the user's options, which cannot change it") {
  ArrayJob job;
  job.name = "autograder-1-1";
  job.script = "/out/100%/task.sh";
  job.arguments = {"1"};
  job.tasks = 3;
  job.cpus = 2;
  job.log = "/out/100%/log-1-";
  job.options = {"--partition=long", "--array=7"};
  const std::vector<std::string> arguments = sbatch_arguments(job);
  CHECK(arguments[0] == "--partition=long");
  const auto at = [&](const std::string& word) {
    return std::find(arguments.begin(), arguments.end(), word) - arguments.begin();
  };
  CHECK(at("--array=0-2") > at("--array=7"));
  CHECK(at("--array=0-2") < at("/out/100%/task.sh"));
  // sbatch puts numbers in place of %a and the like, and % in place of %%.
  CHECK(at("--output=/out/100%%/log-1-%a.txt") < at("/out/100%/task.sh"));
  CHECK(arguments.back() == "1");
}

TEST_CASE("slurm: the queue is read line by line") {
  const std::vector<QueuedTask> tasks =
      read_queue("autograder-1-1|17|0|RUNNING|0|n1|None|\nautograder-1-1|17|12|PENDING|1||BeginTime|\n");
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].name == "autograder-1-1");
  CHECK(tasks[0].node == "n1");
  CHECK_FALSE(tasks[0].is_held_back());
  CHECK(tasks[1].job == "17");
  CHECK(tasks[1].number == 12);
  CHECK(tasks[1].is_held_back());
  CHECK(read_queue("").empty());
  CHECK(task_from("a|1|0|FAILED|0|n1|a word | of an administrator|").state == "FAILED");
  CHECK_THROWS_AS(read_queue("slurm_load_jobs error\n"), GraderError);
  CHECK_THROWS_AS(read_queue("a|1|x|RUNNING|0|n1|None|\n"), GraderError);
  // A job that was cancelled before its tasks were told apart.
  CHECK_FALSE(task_from("a|1|N/A|CANCELLED|0||None|").number);
}

TEST_CASE("slurm: what begins later because the user wanted it is not held back") {
  CHECK_FALSE(task_from("a|1|0|PENDING|0||BeginTime|").is_held_back());
  CHECK_FALSE(task_from("a|1|0|PENDING|2||Resources|").is_held_back());
}

TEST_CASE("slurm: a task has ended, or may still bring something") {
  for (const char* state : {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED"}) {
    CHECK(task_from(std::string("a|1|0|") + state + "|0|n1|None|").has_ended());
  }
  for (const char* state : {"PENDING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED"}) {
    CHECK_FALSE(task_from(std::string("a|1|0|") + state + "|0|n1|None|").has_ended());
  }
}

TEST_CASE("slurm: a task has as many hand-ins as are wanted, and an array no more tasks than Slurm takes") {
  CHECK(shard_for(12, 6, 1) == 6);
  CHECK(shard_for(12, 0, 1) == 1);
  CHECK(shard_for(12, 0, 4) == 4);
  CHECK(shard_for(1000, 0, 4) == 10);
  CHECK(shard_for(5000, 1, 1) == 5);
}
