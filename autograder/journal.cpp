// See journal.hpp.
#include "autograder/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <nlohmann/json.hpp>

#include "autograder/grader_error.hpp"

namespace autograder {

using nlohmann::json;

namespace {

constexpr int kFormat = 1;

/// Other processes that read, such as `gradebook`, are waited for so long.
constexpr int kBusyMilliseconds = 30'000;

constexpr const char* kSchema = R"(
  CREATE TABLE IF NOT EXISTS grades (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL, student TEXT NOT NULL, digest TEXT NOT NULL,
    grader TEXT NOT NULL, fixtures TEXT NOT NULL, toolbox TEXT NOT NULL,
    outcome TEXT NOT NULL, message TEXT NOT NULL, score REAL NOT NULL, max_score REAL NOT NULL,
    sections TEXT NOT NULL, failures TEXT NOT NULL,
    seconds REAL NOT NULL, at TEXT NOT NULL, report TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS grades_by_name ON grades (name, number);
)";

std::string text_of(const std::vector<SectionRecord>& sections) {
  json all = json::array();
  for (const SectionRecord& one : sections) {
    all.push_back({{"id", one.id}, {"status", one.status}, {"score", one.score}, {"max_score", one.max_score}});
  }
  return all.dump();
}

std::vector<SectionRecord> read_sections(const std::string& text) {
  std::vector<SectionRecord> sections;
  for (const json& one : json::parse(text)) {
    sections.push_back({one.at("id"), one.at("status"), one.at("score"), one.at("max_score")});
  }
  return sections;
}

Record::Outcome outcome_named(const std::string& name) {
  for (const auto outcome : {Record::Outcome::graded, Record::Outcome::refused}) {
    if (name == name_of(outcome)) return outcome;
  }
  return Record::Outcome::failed;
}

Record read(const SQLite::Statement& row) {
  const auto text = [&](const char* column) { return row.getColumn(column).getString(); };
  Record record;
  record.number = row.getColumn("number").getInt64();
  record.name = text("name");
  record.student = text("student");
  record.digest = text("digest");
  record.grader = text("grader");
  record.fixtures = text("fixtures");
  record.toolbox = text("toolbox");
  record.outcome = outcome_named(text("outcome"));
  record.message = text("message");
  record.score = row.getColumn("score").getDouble();
  record.max_score = row.getColumn("max_score").getDouble();
  record.sections = read_sections(text("sections"));
  record.failures = json::parse(text("failures")).get<std::vector<std::string>>();
  record.seconds = row.getColumn("seconds").getDouble();
  record.at = text("at");
  return record;
}

/// Runs `work`, and turns what SQLite throws into the grader's own.
template <typename Work>
auto guarded(const SQLite::Database* database, const Work& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    const std::string file = database ? database->getFilename() : "";
    throw GraderError("the journal " + file + ": " + error.what() + ". Is the disk full, or the file not a journal?");
  }
}

}  // namespace

const char* name_of(Record::Outcome outcome) {
  switch (outcome) {
    case Record::Outcome::graded: return "graded";
    case Record::Outcome::refused: return "refused";
    case Record::Outcome::failed: return "failed";
  }
  return "";
}

Journal::Journal(const std::filesystem::path& file) {
  try {
    database_ = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                   kBusyMilliseconds);
    database_->exec("PRAGMA journal_mode = WAL");
    database_->exec("PRAGMA synchronous = FULL");
    const int format = database_->execAndGet("PRAGMA user_version").getInt();
    if (format != 0 && format != kFormat) throw GraderError("it has the format " + std::to_string(format));
    database_->exec(kSchema);
    database_->exec("PRAGMA user_version = " + std::to_string(kFormat));
  } catch (const std::exception& error) {
    throw GraderError("opening the journal " + file.string() + ": " + error.what());
  }
}

Journal::~Journal() = default;

void Journal::add(const Record& record) {
  guarded(database_.get(), [&] {
    SQLite::Statement insert(*database_,
                             "INSERT INTO grades (name, student, digest, grader, fixtures, toolbox, outcome, message, "
                             "score, max_score, sections, failures, seconds, at, report) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    int column = 0;
    for (const std::string& text : {record.name, record.student, record.digest, record.grader, record.fixtures,
                                    record.toolbox, std::string(name_of(record.outcome)), record.message}) {
      insert.bind(++column, text);
    }
    insert.bind(++column, record.score);
    insert.bind(++column, record.max_score);
    insert.bind(++column, text_of(record.sections));
    insert.bind(++column, json(record.failures).dump(-1, ' ', true, json::error_handler_t::replace));
    insert.bind(++column, record.seconds);
    insert.bind(++column, record.at);
    insert.bind(++column, record.report);
    insert.exec();
  });
}

std::vector<Record> Journal::select(const std::string& where) const {
  return guarded(database_.get(), [&] {
    SQLite::Statement query(*database_,
                            "SELECT number, name, student, digest, grader, fixtures, toolbox, outcome, message, score, "
                            "max_score, sections, failures, seconds, at FROM grades " +
                                where);
    std::vector<Record> records;
    while (query.executeStep()) records.push_back(read(query));
    return records;
  });
}

std::vector<Record> Journal::last() const {
  return select("WHERE number IN (SELECT max(number) FROM grades GROUP BY name) ORDER BY name");
}

std::vector<Record> Journal::all() const { return select("ORDER BY number"); }

std::string Journal::report(long long number) const {
  return guarded(database_.get(), [&] {
    SQLite::Statement query(*database_, "SELECT report FROM grades WHERE number = ?");
    query.bind(1, static_cast<std::int64_t>(number));
    return query.executeStep() ? query.getColumn(0).getString() : std::string();
  });
}

}  // namespace autograder
