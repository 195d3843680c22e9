// A class, graded by the program as an instructor calls it. batch_kill_test.cpp kills it.
#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "autograder/assignment.hpp"
#include "autograder/tests/batch_class.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
using namespace autograder_tests;

TEST_CASE("batch: a class is graded, a report each, and a table") {
  const Class some;
  const Completed completed = some.run();
  CHECK(exit_code(completed) == 0);
  CHECK_THAT(completed.output, ContainsSubstring("5 hand-ins, 0 of them graded already"));
  const std::string table = some.table();
  for (const char* row :
       {"alice,alice,graded,100,100,100,15,10,10,10,15,10,10,20", "bob,bob,graded,100,100,100",
        "carl,carl,graded,90,100,90,15,10,10,10,15,10,0,20", "dora,dora,graded,90,100,90", "eve,eve,refused,0,100,0"}) {
    CHECK_THAT(table, ContainsSubstring(row));
  }
  for (const char* name : {"alice", "bob", "carl", "dora", "eve"}) {
    for (const char* ending : {".json", ".txt", ".md"})
      CHECK(fs::exists(some.out / "reports" / (std::string(name) + ending)));
  }
  CHECK_THAT(read_file(some.out / "reports/dora.txt"), ContainsSubstring("this is no C++"));
  CHECK_THAT(read_file(some.out / "summary.txt"), ContainsSubstring("5 hand-ins, 5 with a score"));
  for (const Record& record : some.records()) {
    CHECK(record.digest.size() == 64);
    CHECK(record.fixtures.size() == 64);
    CHECK(record.toolbox.size() == 64);
  }
}

TEST_CASE("batch: nothing is graded twice, but for what changed or is asked for") {
  const Class some;
  some.run();
  const std::string before = some.table();
  CHECK_THAT(some.run().output, ContainsSubstring("5 hand-ins, 5 of them graded already"));
  CHECK(some.records().size() == 5);
  CHECK(some.table() == before);

  some.edit("bob", "src/optim/sgd.cpp", "-=", "+=");
  CHECK_THAT(some.run().output, ContainsSubstring("bob: 100 -> 90; sgd passed -> failed"));
  CHECK(some.records().size() == 6);

  CHECK_THAT(some.run({"--regrade", "alice,carl"}).output, ContainsSubstring("3 of them graded already"));
  CHECK(some.records().size() == 8);
  some.run({"--regrade", "failed"});
  CHECK(some.records().size() == 8);
  some.run({"--regrade", "all"});
  CHECK(some.records().size() == 13);
  CHECK(exit_code(some.run({"--regrade", "nobody"})) == 2);
}

TEST_CASE("batch: a rehearsal says what would change, and leaves the output folder as it is") {
  const Class some;
  CHECK_THAT(some.run({"--dry-run"}).output, ContainsSubstring("Nothing would change"));
  CHECK_FALSE(fs::exists(some.out));
  some.run();
  some.edit("alice", "src/optim/sgd.cpp", "-=", "+=");
  const auto everything = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(some.out)) {
      const auto time = entry.last_write_time().time_since_epoch().count();
      all[entry.path()] = std::to_string(time) + (entry.is_regular_file() ? read_file(entry.path()) : "");
    }
    return all;
  };
  const auto before = everything();
  const std::string changed = "alice: 100 -> 90; sgd passed -> failed\n";
  CHECK_THAT(some.run({"--dry-run"}).output, ContainsSubstring(changed) && !ContainsSubstring("Nothing would change"));
  CHECK_THAT(some.run({"--dry-run", "--regrade", "all"}).output, ContainsSubstring(changed));
  CHECK((everything() == before));
  CHECK_THAT(some.run().output, ContainsSubstring(changed));
}

TEST_CASE("batch: a hand-in that attacks the cache changes nothing for the next student") {
  const Class some;
  const fs::path cache = some.folder.path() / "cache";
  const std::vector<std::string> words{"--cache", cache, "--regrade", "alice"};
  some.run(words);
  const auto contents = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(cache)) all[entry.path().filename()] = read_file(entry.path());
    return all;
  };
  const auto before = contents();
  REQUIRE(before.size() > 6);
  // Before main, in every way that needs no permission but a file's.
  std::string attack = "#include <fcntl.h>\n#include <stdio.h>\n#include <unistd.h>\nstatic int attack = [] {\n";
  for (const auto& [name, bytes] : before) {
    const std::string path = (cache / name).string();
    attack += "  { int f = open(\"" + path + "\", O_WRONLY | O_TRUNC); if (f >= 0) write(f, \"x\", 1); }\n";
    attack += "  unlink(\"" + path + "\"); rename(\"/dev/null\", \"" + path + "\");\n";
  }
  const fs::path source = some.handins / "bob" / "src/nn/linear.cpp";
  const std::string honest = read_file(source);
  std::ofstream(source) << honest << attack << "  return 0;\n}();\n";
  some.run(words);
  for (const auto& [name, bytes] : before) CHECK(contents().at(name) == bytes);
  CHECK_THAT(some.table(), ContainsSubstring("alice,alice,graded,100") && ContainsSubstring("bob,bob,graded,100"));
  const auto report = nlohmann::json::parse(read_file(some.out / "reports/alice.json"));
  for (const auto& file : report["build"]) CHECK(file["cached"] == true);
}

TEST_CASE("batch: a grader failure is recorded as that, stops nothing, and is mended by --regrade failed") {
  const Class some;
  // A fixture of which the worker understands nothing: whoever wrote that component's file meets it.
  const fs::path fixtures = some.folder.path() / "fixtures";
  fs::copy(course_folder() / "fixtures/mytorch/public", fixtures);
  const std::string good = read_file(fixtures / "sgd.json");
  std::string bad = good;
  bad.replace(bad.find("\"W\""), 3, "\"X\"");
  std::ofstream(fixtures / "sgd.json") << bad;
  const std::vector<std::string> words{"--fixtures", fixtures, "--sandbox", "none", "--feedback", "full"};
  const Completed completed = some.run(words);
  CHECK(exit_code(completed) == 3);
  CHECK_THAT(some.table(), ContainsSubstring("alice,alice,failed,,,") && ContainsSubstring("dora,dora,graded,90"));
  CHECK_THAT(read_file(some.out / "reports/alice.txt"),
             ContainsSubstring("The grader failed on this hand-in") && ContainsSubstring("does not understand it"));
  // Dora has no such file, and was graded. With what is mended she would have been graded by another measure.
  std::ofstream(fixtures / "sgd.json") << good;
  const auto again = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return some.run(more);
  };
  const Completed refused = again({"--regrade", "failed"});
  CHECK(exit_code(refused) == 2);
  CHECK_THAT(refused.errors,
             ContainsSubstring("dora") && ContainsSubstring("--regrade all") && ContainsSubstring("--mix"));
  CHECK(some.records().size() == 5);
  const Completed mixed = again({"--regrade", "failed", "--mix"});
  CHECK(exit_code(mixed) == 0);
  CHECK_THAT(mixed.output, ContainsSubstring("Note: "));
  CHECK_THAT(some.table(), ContainsSubstring("alice,alice,graded,100"));
  CHECK(exit_code(again({})) == 2);
  CHECK(exit_code(again({"--regrade", "all"})) == 0);
  const Completed same = again({});
  CHECK(exit_code(same) == 0);
  CHECK_THAT(same.output, !ContainsSubstring("Note: "));
}

TEST_CASE("batch: grades with other points or another version of the grader are not mixed, other compilers are noted") {
  const Class some;
  some.run();
  const auto pretend = [&](const std::string& column) {
    SQLite::Database journal((some.out / "journal.sqlite").string(), SQLite::OPEN_READWRITE);
    journal.exec("UPDATE grades SET " + column + " = 'another' WHERE name = 'bob'");
  };
  pretend("toolbox");
  CHECK_THAT(some.run({"--regrade", "alice"}).output, ContainsSubstring("Note: bob and perhaps others"));
  CHECK(exit_code(some.run()) == 0);
  for (const char* column : {"points", "grader", "fixtures", "assignment"}) {
    CAPTURE(column);
    pretend(column);
    CHECK(exit_code(some.run()) == 2);
    CHECK(exit_code(some.run({"--regrade", "alice"})) == 2);
    CHECK(exit_code(some.run({"--regrade", "bob"})) == 0);
  }
}

TEST_CASE("batch: the gradebook is exported from the journal") {
  const Class some;
  some.run();
  const auto gradebook = [&](std::vector<std::string> words) {
    Command command;
    command.arguments = {AUTOGRADER_PROGRAM, "gradebook", some.out};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    command.environment = {"PATH=/usr/bin:/bin"};
    return run_to_end(command);
  };
  CHECK(gradebook({}).output == read_file(some.out / "gradebook.csv"));
  CHECK(nlohmann::json::parse(gradebook({"--format", "json", "--pick", "best"}).output)["grades"].size() == 5);
  CHECK(exit_code(gradebook({"--pick", "worst"})) == 2);
}

TEST_CASE("batch: fresh cases have a seed that is named, and grades with others are not mixed with them") {
  const Class many;
  for (const std::string& name : kClassNames) {
    if (name != "alice") fs::remove_all(many.handins / (name == "eve" ? "eve.tar" : name));
  }
  CHECK(exit_code(many.run({"--fresh", "3"})) == 2);
  REQUIRE(exit_code(many.run({"--fresh", "3", "--seed", "7"})) == 0);
  REQUIRE(many.records().size() == 1);
  CHECK(many.records()[0].fixtures.ends_with(", fresh 3 by seed 7"));
  CHECK_THAT(many.report("alice"), ContainsSubstring("fresh"));
  const Completed other = many.run({"--fresh", "3", "--seed", "8"});
  CHECK(exit_code(other) == 2);
  CHECK_THAT(other.errors, ContainsSubstring("given with other fixtures"));
  CHECK(exit_code(many.run({"--fresh", "3", "--seed", "7"})) == 0);
  CHECK(many.records().size() == 1);
}
