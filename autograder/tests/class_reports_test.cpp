#include "autograder/class_reports.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "autograder/assignment.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/tests/catch.hpp"
#include "autograder/tests/make_record.hpp"

using namespace autograder;
namespace fs = std::filesystem;

namespace {

/// An output folder whose journal has a record of alice.
struct Out {
  TemporaryFolder folder;
  fs::path path = folder.path();
  Journal journal{path / "journal.sqlite"};

  Out() {
    fs::create_directory(path / "reports");
    Record record = make::record("alice", 90);
    record.reports = {"json", "text", "markdown"};
    journal.add(record);
  }
  std::string read(const std::string& name) const { return read_file(path / "reports" / name); }
};

}  // namespace

TEST_CASE("reports: what differs from the journal is written again, and nothing else is touched") {
  const Out out;
  restore_reports(out.journal, out.path);
  CHECK(out.read("alice.json") == "json");
  CHECK(out.read("alice.txt") == "text");
  CHECK(out.read("alice.md") == "markdown");
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(out.path / "reports/alice.txt", long_ago);
  std::ofstream(out.path / "reports/alice.json") << "JSON";
  std::ofstream(out.path / "reports/notes") << "my own";
  restore_reports(out.journal, out.path);
  CHECK(out.read("alice.json") == "json");
  CHECK(out.read("notes") == "my own");
  CHECK(fs::last_write_time(out.path / "reports/alice.txt") == long_ago);
}

TEST_CASE("reports: files that were half written when a batch was killed are removed") {
  const Out out;
  const std::vector<std::string> half{"reports/alice.json.123.part", "gradebook.csv.123.part",
                                      "journal.sqlite.123.part-wal"};
  for (const std::string& name : half) std::ofstream(out.path / name) << "half";
  std::ofstream(out.path / "reports/alice.part") << "my own";
  restore_reports(out.journal, out.path);
  for (const std::string& name : half) CHECK_FALSE(fs::exists(out.path / name));
  CHECK(fs::exists(out.path / "reports/alice.part"));
}

TEST_CASE("reports: where the grader failed they say so and why, without a score") {
  const Renderings shown = render_failure("alice.tar", "the disk is full: <b>\n::error::no");
  const auto json = nlohmann::json::parse(shown.json);
  CHECK(json["grader_failed"] == true);
  CHECK_FALSE(json.contains("score"));
  for (const std::string& text : {shown.json, shown.text, shown.markdown}) {
    CHECK_THAT(text, ContainsSubstring("alice") && ContainsSubstring("the disk is full"));
    CHECK_THAT(text, !ContainsSubstring("\n::error::"));
  }
  CHECK_THAT(shown.markdown, !ContainsSubstring("<b>"));
  CHECK_THAT(render_failure("alice.tar", "").text, ContainsSubstring("summary"));
}
