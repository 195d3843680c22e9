#include "autograder/table.hpp"

#include <fstream>

#include "autograder/grade.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"

using namespace autograder;

namespace {

Table read(const std::string& text, const std::vector<std::string>& columns) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "table.csv", std::ios::binary) << text;
  return read_table(folder.path() / "table.csv", columns);
}

}  // namespace

TEST_CASE("table: rows by student, columns in any order, cells in quotes") {
  const Table table = read(
      "\xEF\xBB\xBF"
      "theory,name,student\r\n40,\"Doe, \"\"J\"\"\",ab12\r\n\r\n,Roe,cd34\r\n",
      {"theory"});
  REQUIRE(table.size() == 2);
  CHECK(table.at("ab12").at("theory") == "40");
  CHECK(table.at("cd34").at("theory").empty());
  CHECK(read("student,name,x\na,\"two\nlines, and \"\"quotes\"\"\",1\n", {"name"}).at("a").at("name") ==
        "two\nlines, and \"quotes\"");
}

TEST_CASE("table: what cannot be used is named with its file, row and remedy") {
  const std::vector<std::pair<std::string, std::string>> faults{
      {"", "it is empty"},
      {"theory\n40\n", "no column `student`"},
      {"student;theory\na;40\n", "no column `student`"},
      {"student,points\na,40\n", "no column `theory`"},
      {"student,theory\na\n", "row 2: 1 cells, and the first row has 2"},
      {"student,theory\na,1\na,2\n", "row 3: the student a occurs twice"},
      {"student,theory\n,1\n", "row 2: it names no student"},
      {"student,theory\na,\"4\n", "not well-formed CSV"},
      {"student,theory\na,\"4\"x\n", "not well-formed CSV"},
  };
  for (const auto& [text, message] : faults) {
    CAPTURE(text);
    CHECK_THROWS_WITH(read(text, {"theory"}), ContainsSubstring(message) && ContainsSubstring("table.csv"));
    CHECK_THROWS_AS(read(text, {"theory"}), UsageError);
  }
  CHECK_THROWS_WITH(read_table("/nowhere.csv", {}), ContainsSubstring("there is no such file"));
}
