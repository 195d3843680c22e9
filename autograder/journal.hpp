// What a batch has done, in an SQLite file that survives being killed at any moment. Nothing in it is ever changed: a
// hand-in that is graded again gets another record, and the last one counts.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace autograder {

/// How a section ended, as the gradebook needs it.
struct SectionRecord {
  std::string id;
  std::string status;
  double score = 0.0;
  double max_score = 0.0;
};

/// One grade of one hand-in.
struct Record {
  enum class Outcome {
    graded,
    refused,  ///< a verdict too: no points
    failed,   ///< by the grader's own doing: no score
  };

  long long number = 0;  ///< in the order of the records
  std::string name, student;
  std::string digest;                     ///< of the hand-in
  std::string grader, fixtures, toolbox;  ///< version; digests of fixtures and of all else that decides a score
  Outcome outcome = Outcome::failed;
  std::string message;  ///< why it was refused, or what failed
  double score = 0.0, max_score = 0.0;
  std::vector<SectionRecord> sections;
  std::vector<std::string> failures;  ///< of components, for the summary: "sgd: failed, W"
  double seconds = 0.0;
  std::string at;      ///< UTC, ISO 8601
  std::string report;  ///< JSON
};

const char* name_of(Record::Outcome outcome);

class Journal {
 public:
  /// Opens the file, or makes it. Throws GraderError where that fails, or where another format is in it.
  explicit Journal(const std::filesystem::path& file);
  ~Journal();

  /// Adds a record. When this returns, it is on the disk.
  void add(const Record& record);

  /// The last record of each hand-in, by name; without reports.
  std::vector<Record> last() const;
  /// All records, oldest first; without reports.
  std::vector<Record> all() const;
  /// The report of one record.
  std::string report(long long number) const;

 private:
  std::vector<Record> select(const std::string& where) const;

  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace autograder
