// A class on a cluster of two nodes, which cluster.sh has started for these tests: the same grades as on this machine,
// whatever is killed meanwhile.
#include <signal.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "autograder/journal.hpp"
#include "autograder/process.hpp"
#include "autograder/tests/batch_class.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/course.hpp"
#include "autograder/tests/processes.hpp"

using namespace autograder;
using namespace autograder_tests;

namespace {

fs::path cluster_folder() { return std::getenv("AUTOGRADER_TEST_CLUSTER"); }

Completed run(std::vector<std::string> words, const std::string& path = "/usr/sbin:/usr/bin:/bin") {
  Command command;
  command.arguments = std::move(words);
  command.folder = "/";
  command.environment = {"PATH=" + path, "SLURM_CONF=" + (cluster_folder() / "slurm.conf").string()};
  command.limits.wall_seconds = 120;
  return run_to_end(command);
}

/// Twelve hand-ins that differ and are cheap: a file or two each. The second of either half takes seconds, in which it
/// does nothing: whatever is to happen in the middle happens then.
struct Class {
  TemporaryFolder folder;
  fs::path handins = folder.path() / "class", cache = folder.path() / "cache";

  Class() {
    const std::map<std::string, std::vector<std::string>> files{{"a1", {"activation"}},
                                                                {"a2", {"activation"}},
                                                                {"a3", {"linear"}},
                                                                {"a4", {"activation", "linear"}},
                                                                {"a5", {"loss"}},
                                                                {"b1", {"linear", "loss"}},
                                                                {"b2", {"activation"}},
                                                                {"b3", {"linear"}},
                                                                {"b4", {"activation", "loss"}},
                                                                {"b5", {"activation", "linear", "loss"}}};
    for (const auto& [name, sources] : files) {
      for (const std::string& source : sources) copy(name, "src/nn/" + source + ".cpp");
    }
    for (const char* name : {"a2", "b2"}) let_sleep(handins / name / "src/nn/activation.cpp");
    std::ofstream(handins / "a6.tar") << "this is no archive";
    std::ofstream(handins / "b3/src/nn/loss.cpp") << "this is no C++\n";
    fs::create_directories(handins / "b6");
    std::ofstream(handins / "b6/autograder_flags.json") << "this is no JSON";
  }

  void copy(const std::string& name, const std::string& file) const {
    fs::create_directories((handins / name / file).parent_path());
    fs::copy_file(course_folder() / "reference/mytorch" / file, handins / name / file);
  }

  static void let_sleep(const fs::path& source) {
    const std::string begin = "Matrix ReLU::forward(const Matrix& Z) {";
    std::string text = "#include <chrono>\n#include <thread>\n" + read_file(source);
    const auto at = text.find(begin);
    REQUIRE(at != std::string::npos);
    text.insert(at + begin.size(),
                "static const bool slept = (std::this_thread::sleep_for(std::chrono::seconds(4)), true);"
                "static_cast<void>(slept);\n");
    std::ofstream(source) << text;
  }
};

const Class& the_class() {
  static const Class instance;
  return instance;
}

/// One batch's output folder.
struct Batch {
  TemporaryFolder folder;
  fs::path handins = the_class().handins;
  fs::path out = folder.path() / "out";
  std::string path = "/usr/sbin:/usr/bin:/bin";  ///< where Slurm's commands are looked up

  Command command(const std::vector<std::string>& words) const {
    Command made;
    made.arguments = {AUTOGRADER_PROGRAM, "batch", handins, "--out", out, "--cache", the_class().cache};
    made.arguments.insert(made.arguments.end(), words.begin(), words.end());
    made.folder = "/";
    made.environment = {"PATH=" + path, "SLURM_CONF=" + (cluster_folder() / "slurm.conf").string()};
    made.limits.wall_seconds = 300;
    made.limits.cpu_seconds = 300;
    return made;
  }
  /// Two tasks, one for each node.
  Command on_cluster(std::vector<std::string> words = {}) const {
    words.insert(words.end(), {"--executor", "slurm", "--shard", "6"});
    return command(words);
  }

  /// Leaves of the class one hand-in, which takes seconds.
  void take_one() {
    fs::create_directories(folder.path() / "class");
    fs::copy(handins / "a2", folder.path() / "class/a2", fs::copy_options::recursive);
    handins = folder.path() / "class";
  }

  /// Puts another sbatch before Slurm's.
  void stand_in_for_sbatch(const std::string& script) {
    fs::create_directories(folder.path() / "bin");
    const fs::path program = folder.path() / "bin/sbatch";
    std::ofstream(program) << "#!/bin/sh\n" << script;
    fs::permissions(program, fs::perms(0755));
    path = program.parent_path().string() + ":/usr/sbin:/usr/bin:/bin";
  }
};

/// What this machine makes of the class.
const Batch& local() {
  static const Batch batch;
  static const Completed completed = run_to_end(batch.command({"--jobs", "2"}));
  INFO(completed.output + completed.errors);
  REQUIRE(completed.succeeded());
  return batch;
}

void require_same_as_local(const Batch& batch) {
  CHECK(table_in(batch.out) == table_in(local().out));
  CHECK(read_file(batch.out / "summary.txt") == read_file(local().out / "summary.txt"));
  const std::vector<Record> records = Journal(batch.out / "journal.sqlite").all();
  CHECK(records.size() == 12);  // no hand-in has two
  for (const Record& record : records) {
    INFO(record.name);
    CHECK(report_in(batch.out, record.name) == report_in(local().out, record.name));
    for (const char* ending : {".txt", ".md"}) {
      const fs::path file = fs::path("reports") / (record.name + ending);
      CHECK(read_file(batch.out / file) == read_file(local().out / file));
    }
  }
}

/// A column of Slurm's queue, all tasks that it knows; see squeue(1), --Format.
std::vector<std::string> queue(const std::string& column) {
  std::istringstream lines(
      run({"/usr/bin/squeue", "--noheader", "--array", "--states=all", "--Format=" + column + ":|"}).output);
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line, '|'); lines.ignore(1)) all.push_back(line);
  return all;
}

std::set<std::string> unique(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

/// A batch that runs beside the test, with its output line by line.
class Running {
 public:
  explicit Running(Command command) : child_(through_descriptor_3(std::move(command)), Channel::lines) {}

  void wait_for(const std::string& beginning) {
    do {
      const auto line = child_.ask("", 120);
      INFO(said_ + child_.take_errors());
      REQUIRE(std::holds_alternative<std::string>(line));
      said_ += std::get<std::string>(line) + "\n";
    } while (said_.substr(said_.rfind('\n', said_.size() - 2) + 1).rfind(beginning, 0) != 0);
  }
  int wait() {
    wait_for("Journal, reports and tables");
    return std::get<Exited>(child_.wait()).code;
  }
  /// What it says on standard error, to its end.
  std::string last_words() {
    child_.wait();
    return child_.take_errors();
  }
  const std::string& said() const { return said_; }

 private:
  /// A child is asked on descriptor 3; what is sent to it meanwhile it does not read.
  static Command through_descriptor_3(Command command) {
    command.arguments.insert(command.arguments.begin(), {"/bin/sh", "-c", "exec \"$@\" >&3", "sh"});
    return command;
  }

  Child child_;
  std::string said_;
};

/// The processes of the cluster's tasks that are on a node.
std::vector<pid_t> tasks_on(const std::string& node) {
  return running({"SLURM_ARRAY_TASK_ID=", "SLURMD_NODENAME=" + node, "shard", cluster_folder()});
}

void signal_tasks(int signal) {
  for (const char* node : {"n1", "n2"}) {
    for (const pid_t task : tasks_on(node)) kill(task, signal);
  }
}

bool was_killed(const Completed& completed) {
  const auto* signalled = std::get_if<Signalled>(&completed.ending);
  return signalled && signalled->number == SIGKILL;
}

}  // namespace

TEST_CASE("cluster: a class over two nodes comes to what this machine makes of it") {
  const Batch batch;
  const Completed completed = run_to_end(batch.on_cluster());
  INFO(completed.output + completed.errors);
  CHECK(completed.succeeded());
  require_same_as_local(batch);
  CHECK(unique(queue("NodeList")) == std::set<std::string>{"n1", "n2"});
  CHECK_FALSE(fs::exists(batch.out / "slurm"));
  // Nothing to do, nothing submitted.
  const std::size_t tasks = queue("ArrayTaskID").size();
  CHECK(run_to_end(batch.on_cluster()).succeeded());
  CHECK(queue("ArrayTaskID").size() == tasks);
}

TEST_CASE("cluster: what Slurm does not take or cannot begin is said, and costs nothing") {
  const Batch batch;
  const Completed refused = run_to_end(batch.on_cluster({"--sbatch", "--partition=nowhere", "--sbatch=--time=10"}));
  CHECK(exit_code(refused) == 3);
  CHECK_THAT(refused.errors, ContainsSubstring("sbatch --partition=nowhere --time=10") &&
                                 ContainsSubstring("nvalid partition") && ContainsSubstring("start the batch again"));
  CHECK_FALSE(fs::exists(batch.out / "slurm"));
  const Completed idle = run_to_end(batch.on_cluster({"--sandbox", "user"}));
  CHECK(exit_code(idle) == 3);
  CHECK_THAT(idle.errors, ContainsSubstring("no task could begin") && ContainsSubstring("it needs root"));
  CHECK(Journal(batch.out / "journal.sqlite").all().empty());
  CHECK(exit_code(run_to_end(batch.on_cluster({"--dry-run"}))) == 2);
}

TEST_CASE("cluster: a batch that is killed comes back to its job, and submits nothing twice") {
  Batch batch;
  const std::set<std::string> before = unique(queue("ArrayJobID"));
  batch.stand_in_for_sbatch("kill -KILL $PPID\nexec sleep 60\n");
  CHECK(was_killed(run_to_end(batch.on_cluster())));
  CHECK(unique(queue("ArrayJobID")) == before);
  // Killed before it could learn the job's number.
  batch.stand_in_for_sbatch("/usr/bin/sbatch \"$@\"\nkill -KILL $PPID\n");
  CHECK(was_killed(run_to_end(batch.on_cluster())));
  batch.stand_in_for_sbatch("echo 'a second job' >&2\nexit 1\n");
  Running(batch.on_cluster()).wait_for("2/");
  signal_tasks(SIGSTOP);
  const Completed other = run_to_end(batch.on_cluster({"--feedback", "full"}));
  signal_tasks(SIGCONT);
  CHECK_THAT(other.errors, ContainsSubstring("with other options") && ContainsSubstring("scancel"));
  Running last(batch.on_cluster());
  CHECK(last.wait() == 0);
  CHECK_THAT(last.said(), !ContainsSubstring(" 0 of them graded already") && ContainsSubstring("Came back"));
  require_same_as_local(batch);
  CHECK(unique(queue("ArrayJobID")).size() == before.size() + 1);
}

TEST_CASE("cluster: Ctrl-C leaves the job, and says how to come back and how to end it") {
  Batch batch;
  batch.take_one();
  {
    Running batch_running(batch.on_cluster({"--sbatch=--hold"}));
    batch_running.wait_for("Submitted to Slurm");
    const std::vector<pid_t> found = running({AUTOGRADER_PROGRAM, "batch", batch.out});
    REQUIRE(found.size() == 1);
    REQUIRE(kill(found.front(), SIGINT) == 0);
    const std::string said = batch_running.last_words();
    const auto at = said.find("scancel --name=");
    INFO(said);
    REQUIRE(at != std::string::npos);
    const std::string name = said.substr(at + 8, said.find('\n', at) - at - 8);
    CHECK(run({"/usr/bin/scancel", name}).succeeded());
  }
  const Completed again = run_to_end(batch.on_cluster());
  INFO(again.output + again.errors);
  CHECK(again.succeeded());
  CHECK_THAT(again.output, ContainsSubstring("Submitted to Slurm: 1 hand-ins"));
  CHECK_THAT(table_in(batch.out), ContainsSubstring("a2,a2,graded,10"));
}

TEST_CASE("cluster: a hand-in whose task dies each time is given up, with its log") {
  Batch batch;
  batch.take_one();
  Running batch_running(batch.on_cluster());
  for (int attempt = 0; attempt < 3; ++attempt) {
    batch_running.wait_for("Submitted to Slurm");
    const fs::path begun = "begun-" + std::to_string(attempt + 1) + "-0";
    REQUIRE(comes_true([&] {
      for (const auto& entry : fs::recursive_directory_iterator(batch.out / "slurm")) {
        if (entry.path().filename() == begun) return true;
      }
      return false;
    }));
    signal_tasks(SIGKILL);
  }
  CHECK(batch_running.wait() == 3);
  const std::vector<Record> records = Journal(batch.out / "journal.sqlite").all();
  REQUIRE(records.size() == 1);
  CHECK(records[0].outcome == Record::Outcome::failed);
  CHECK_THAT(records[0].message, ContainsSubstring("as FAILED"));
  CHECK(fs::exists(records[0].message.substr(records[0].message.find("log: ") + 5)));
}

TEST_CASE("cluster: a task that is killed and a node that dies cost time only") {
  const Batch batch;
  Running batch_running(batch.on_cluster());
  batch_running.wait_for("2/");
  REQUIRE(tasks_on("n1").size() == 1);
  REQUIRE(tasks_on("n2").size() == 1);
  REQUIRE(kill(tasks_on("n1").front(), SIGKILL) == 0);
  REQUIRE(run({course_folder() / "scripts/slurm/stop.sh", cluster_folder(), "n2"}).succeeded());
  REQUIRE(run({"/usr/bin/scontrol", "update", "NodeName=n2", "State=DOWN", "Reason=test"}).succeeded());
  CHECK(batch_running.wait() == 0);
  INFO(batch_running.said());
  // What the killed task had is submitted again; what the dead node had, Slurm brings back.
  CHECK_THAT(batch_running.said(), ContainsSubstring("Submitted to Slurm: 5 hand-ins"));
  CHECK(unique(queue("RestartCnt")) == std::set<std::string>{"0", "1"});
  require_same_as_local(batch);
}
