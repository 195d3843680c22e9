#include "autograder/class_folder.hpp"

#include <fstream>
#include <map>
#include <set>

#include "autograder/grade.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

/// A folder with files of these names; one that ends in "/" is a folder.
struct Class {
  TemporaryFolder folder;

  explicit Class(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const fs::path path = folder.path() / name;
      fs::create_directories(name.ends_with('/') ? path : path.parent_path());
      if (!name.ends_with('/')) std::ofstream(path) << "x";
    }
  }
  ClassFolder list() const { return list_class(folder.path(), "/elsewhere"); }
  /// "name student path", a line each.
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const Submission& one : list().submissions) {
      all.push_back(one.name + " " + one.student + " " + one.path.lexically_relative(folder.path()).string());
    }
    return all;
  }
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("class: archives and folders, sorted, without their endings") {
  const Class folder({"bob.tar.gz", "alice.tar", "dora.tgz", "carl.zip", "eve/src/nn/linear.cpp"});
  CHECK(folder.lines() == Lines{"alice alice alice.tar", "bob bob bob.tar.gz", "carl carl carl.zip",
                                "dora dora dora.tgz", "eve eve eve"});
}

TEST_CASE("class: what is no hand-in is named") {
  const Class folder({"alice.tar", "grades.csv", ".hidden/", ".tar", "results/journal.sqlite"});
  CHECK(folder.lines() == Lines{"alice alice alice.tar"});
  CHECK(folder.list().ignored == Lines{".hidden", ".tar", "grades.csv", "results"});
}

TEST_CASE("class: the output folder is no hand-in, whether anything is in it yet or not") {
  const Class folder({"alice.tar", "bob/", "out/"});
  const fs::path home = folder.folder.path();
  fs::create_directory_symlink("out", home / "link");
  for (const fs::path& out : {home / "out", home / "out/", home / "bob/../out", home / "link"}) {
    CAPTURE(out);
    CHECK(list_class(home, out).ignored == Lines{"link", "out"});
    CHECK(list_class(home, out).submissions.size() == 2);
  }
  CHECK(list_class(home, home / "later").submissions.size() == 4);
  CHECK(list_class(home, home.string() + "-out").submissions.size() == 4);
  CHECK_THROWS_AS(list_class(home, home), UsageError);
  CHECK_THROWS_AS(list_class(home / "bob/..", home.string() + "/"), UsageError);
  CHECK_THROWS_AS(list_class(home, home / "bob/results"), UsageError);
}

TEST_CASE("class: the student's id in the names of Canvas") {
  const Class folder({"doejane_12345_678901_handin.tar", "roerichard_LATE_23456_678902_handin-1.tar"});
  CHECK(folder.lines() ==
        Lines{"doejane_12345_678901_handin 12345 doejane_12345_678901_handin.tar",
              "roerichard_LATE_23456_678902_handin-1 23456 roerichard_LATE_23456_678902_handin-1.tar"});
  CHECK(folder.list().submissions[0].number == 678901);
  CHECK(folder.list().submissions[1].number == 678902);
  const Class others({"alice.tar", "doejane_12345_99999999999999999999_handin.tar"});
  for (const Submission& one : others.list().submissions) CHECK(one.number == 0);
}

TEST_CASE("class: the student's id in the names of Moodle, as files and as folders") {
  const Class folder({"Jane Doe_12345_assignsubmission_file_handin.tar", "Max Roe_23456_assignsubmission_file/hw1.zip",
                      "Zoe Poe_34567_assignsubmission_file_/src/nn/linear.cpp"});
  CHECK(folder.lines() == Lines{"Jane Doe_12345_assignsubmission_file_handin 12345 "
                                "Jane Doe_12345_assignsubmission_file_handin.tar",
                                "Max Roe_23456_assignsubmission_file 23456 Max Roe_23456_assignsubmission_file/hw1.zip",
                                "Zoe Poe_34567_assignsubmission_file_ 34567 Zoe Poe_34567_assignsubmission_file_"});
}

TEST_CASE("class: no two hand-ins have one name, and none a name that is dangerous for a file") {
  const Class folder({"alice.tar", "alice.zip", "alice/", "-rf.tar", "a\nb.tar", "c:d*.tar"});
  std::vector<std::string> names;
  for (const Submission& one : folder.list().submissions) names.push_back(one.name);
  CHECK(names == Lines{"_rf", "a_b", "alice", "alice.tar", "alice.zip", "c_d_"});
  const Class clashing(
      {"a:b.tar", "a?b.tar", "a_b.tar", std::string(250, 'x') + ".tar", std::string(249, 'x') + ".tar"});
  std::set<std::string> distinct;
  for (const Submission& one : clashing.list().submissions) {
    distinct.insert(one.name);
    CHECK(one.name.size() <= 160);
  }
  CHECK(distinct.size() == 5);
}

TEST_CASE("class: what a student calls a file makes them nobody else") {
  const Class folder({"doejane_12345_678901_a_99999_assignsubmission_file.tar",
                      "Jane Doe_12345_assignsubmission_file_x_99999_assignsubmission_file.tar"});
  for (const Submission& one : folder.list().submissions) CHECK(one.student == "12345");
}

TEST_CASE("class: a link in a hand-in's folder leads to no other hand-in") {
  const Class folder({"bob.tar", "alice/"});
  fs::create_symlink("../bob.tar", folder.folder.path() / "alice" / "handin.tar");
  CHECK(folder.lines() == Lines{"alice alice alice", "bob bob bob.tar"});
}

TEST_CASE("class: a folder that cannot be read is the grader's failure") {
  CHECK_THROWS_AS(list_class("/nonexistent", "/elsewhere"), GraderError);
}

TEST_CASE("class: what the student called the archive, whatever the platform made of it") {
  const Class folder({"ab12.zip", "carl/mlp.cpp", "doejane_123_4567_ab12.zip", "doejane_LATE_123_4568_hw-1.zip",
                      "Roe Rick_77_assignsubmission_file_cd34.zip", "Poe Pat_78_assignsubmission_file_/ef56.zip"});
  std::map<std::string, std::string> archives;
  for (const Submission& one : folder.list().submissions)
    archives[one.student + " " + one.name.substr(0, 8)] = one.archive;
  CHECK(archives == std::map<std::string, std::string>{{"ab12 ab12", "ab12.zip"},
                                                       {"carl carl", ""},
                                                       {"123 doejane_", "hw.zip"},
                                                       {"77 Roe Rick", "cd34.zip"},
                                                       {"78 Poe Pat_", "ef56.zip"}});
}
