// What a batch has done and still has to do, in an SQLite file that survives being killed at any moment. No record is
// ever changed: a hand-in that is graded again gets another one, and the last counts.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograder/policy_result.hpp"

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

/// A report in the formats that a class gets.
struct Renderings {
  std::string json, text, markdown;
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
  long long submission = 0;  ///< the platform's number, which counts up; 0: none
  std::string handed_in;     ///< UTC, ISO 8601 to the nanosecond: sorts as text
  std::string digest;        ///< of the hand-in

  // What decides a score beside the hand-in; empty where the grader failed before it knew.
  std::string assignment;
  std::string grader;           ///< version
  std::string fixtures;         ///< measure(): digest of the set, and fresh cases
  std::string points, toolbox;  ///< digests: of assignment.json, of compilers, headers, worker

  Outcome outcome = Outcome::failed;
  std::string message;                  ///< why it was refused, or what failed
  double score = 0.0, max_score = 0.0;  ///< before the course's rules
  Adjustment adjustment;                ///< what they leave of it
  std::vector<SectionRecord> sections;
  std::vector<std::string> failures;  ///< of components, for the summary: "sgd: failed, W"
  double seconds = 0.0;
  std::string at;  ///< UTC, ISO 8601
  Renderings reports;

  double adjusted_score() const { return adjustment.of(score); }
};

/// A hand-in that is to be graded again.
struct Asked {
  std::string name;
  std::string request;  ///< what --regrade said
  bool done = false;
};

const char* name_of(Record::Outcome outcome);

class Journal {
 public:
  /// Opens the file, or makes it (one thread of a process at a time). Throws GraderError where that fails, or where
  /// another format is in it.
  explicit Journal(const std::filesystem::path& file);
  ~Journal();

  /// Adds a record, and with it ticks off what is asked for of that name. When this returns, it is on the disk.
  void add(const Record& record);

  /// The last record of each hand-in, by name; without reports.
  std::vector<Record> last() const;
  /// All records, oldest first; without reports.
  std::vector<Record> all() const;
  /// The last record of one hand-in, if there is any; without reports.
  std::optional<Record> last(const std::string& name) const;
  /// The reports of one record; empty ones where there is no such record.
  Renderings reports(long long number) const;

  /// Notes that these hand-ins are to be graded again.
  void ask(const std::string& request, const std::vector<std::string>& names);
  /// All that is asked for by requests that are not finished, by name.
  std::vector<Asked> asked() const;
  /// Ticks off all that is asked for of these hand-ins.
  void tick_off(const std::vector<std::string>& names);
  /// Drops the requests of which everything is ticked off.
  void drop_finished_requests();

 private:
  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace autograder
