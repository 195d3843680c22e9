#include "autograder/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <thread>

#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_record.hpp"

using namespace autograder;
namespace fs = std::filesystem;

TEST_CASE("journal: a record comes back as it was") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "journal.sqlite";
  Record record = make::record("alice", 85);
  record.message = "it's \"so\"; DROP TABLE grades; \xff";
  record.failures = {"sgd: failed, W"};
  record.submission = 678901;
  record.reports = {"{}", "text", "# markdown \xff"};
  Journal(file).add(record);
  const Journal journal(file);
  REQUIRE(journal.all().size() == 1);
  const Record found = journal.all().front();
  CHECK(found.number == 1);
  CHECK(found.name == record.name);
  CHECK(found.student == record.student);
  CHECK(found.submission == record.submission);
  CHECK(found.handed_in == record.handed_in);
  CHECK(found.digest == record.digest);
  CHECK(found.assignment == record.assignment);
  CHECK(found.points == record.points);
  CHECK(found.grader == record.grader);
  CHECK(found.fixtures == record.fixtures);
  CHECK(found.toolbox == record.toolbox);
  CHECK(found.outcome == record.outcome);
  CHECK(found.message == record.message);
  CHECK(found.score == record.score);
  CHECK(found.max_score == record.max_score);
  REQUIRE(found.sections.size() == 2);
  CHECK(found.sections[1].id == "sgd");
  CHECK(found.sections[1].status == "failed");
  CHECK(found.failures == record.failures);
  CHECK(found.seconds == record.seconds);
  CHECK(found.at == record.at);
  CHECK(journal.reports(1).json == "{}");
  CHECK(journal.reports(1).text == "text");
  CHECK(journal.reports(1).markdown == "# markdown \xff");
  CHECK(journal.reports(2).json.empty());
}

TEST_CASE("journal: the last record of a hand-in counts, and the earlier ones stay") {
  const TemporaryFolder folder;
  Journal journal(folder.path() / "journal.sqlite");
  for (const auto& [name, score] : std::vector<std::pair<std::string, double>>{{"bob", 1}, {"alice", 2}, {"bob", 3}}) {
    journal.add(make::record(name, score));
  }
  const auto last = journal.last();
  REQUIRE(last.size() == 2);
  CHECK(last[0].name == "alice");
  CHECK(last[1].score == 3);
  CHECK(journal.all().size() == 3);
  CHECK(journal.last("bob")->score == 3);
  CHECK_FALSE(journal.last("carl"));
}

TEST_CASE("journal: what is asked for stays until it is graded, and until all of the request is") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "journal.sqlite";
  const auto lines = [&] {
    std::vector<std::string> all;
    for (const Asked& one : Journal(file).asked()) {
      all.push_back(one.request + ": " + one.name + (one.done ? " done" : ""));
    }
    return all;
  };
  using Lines = std::vector<std::string>;
  Journal(file).ask("all", {"alice", "bob"});
  Journal(file).ask("bob", {"bob"});
  Journal(file).add(make::record("bob", 1));
  CHECK(lines() == Lines{"all: alice", "all: bob done", "bob: bob done"});
  Journal(file).drop_finished_requests();
  CHECK(lines() == Lines{"all: alice", "all: bob done"});
  Journal(file).ask("all", {"bob"});
  CHECK(lines() == Lines{"all: alice", "all: bob"});
  Journal(file).tick_off({"alice", "bob"});
  Journal(file).drop_finished_requests();
  CHECK(lines().empty());
}

TEST_CASE("journal: several threads add at the same time") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "journal.sqlite";
  Journal{file};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Journal journal(file);
      for (int round = 0; round < 10; ++round) journal.add(make::record(std::to_string(i), round));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(Journal(file).all().size() == 40);
  CHECK(Journal(file).last().size() == 4);
}

TEST_CASE("journal: what is no journal is the grader's failure, and stays as it is") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "journal.sqlite";
  std::ofstream(file) << std::string(5000, 'x');
  CHECK_THROWS_AS(Journal(file), GraderError);
  CHECK(fs::file_size(file) == 5000);
  CHECK_THROWS_AS(Journal("/nonexistent/journal.sqlite"), GraderError);
  const fs::path another = folder.path() / "another.sqlite";
  SQLite::Database(another.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE mine (x)");
  CHECK_THROWS_WITH(Journal(another), ContainsSubstring("no journal"));
}

TEST_CASE("journal: one of another format is the grader's failure, with a remedy, and stays as it is") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "journal.sqlite";
  {
    SQLite::Database old(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec("CREATE TABLE grades (number INTEGER PRIMARY KEY); PRAGMA user_version = 1");
  }
  CHECK_THROWS_WITH(Journal(file), ContainsSubstring("format 1") && ContainsSubstring("--out"));
  SQLite::Database old(file.string(), SQLite::OPEN_READONLY);
  CHECK(old.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 1);
}
