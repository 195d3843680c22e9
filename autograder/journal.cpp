// See journal.hpp.
#include "autograder/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <nlohmann/json.hpp>

#include "autograder/delivery.hpp"
#include "autograder/grader_error.hpp"

namespace autograder {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int kFormat = 3;

/// Other processes that read, such as `gradebook`, are waited for so long.
constexpr int kBusyMilliseconds = 30'000;

// Reports last: rows are read without them, and so without the pages that they fill.
constexpr const char* kSchema = R"(
  CREATE TABLE grades (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL, student TEXT NOT NULL, submission INTEGER NOT NULL, handed_in TEXT NOT NULL,
    digest TEXT NOT NULL, assignment TEXT NOT NULL, grader TEXT NOT NULL, fixtures TEXT NOT NULL, points TEXT NOT NULL,
    toolbox TEXT NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL, score REAL NOT NULL, max_score REAL NOT NULL,
    deduction REAL NOT NULL, factor REAL NOT NULL, sections TEXT NOT NULL, failures TEXT NOT NULL, seconds REAL NOT NULL, at TEXT NOT NULL,
    json TEXT NOT NULL, text TEXT NOT NULL, markdown TEXT NOT NULL);
  CREATE INDEX grades_by_name ON grades (name, number);
  CREATE TABLE asked (
    name TEXT NOT NULL, request TEXT NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (name, request)) WITHOUT ROWID;
)";

constexpr const char* kColumns =
    "number, name, student, submission, handed_in, digest, assignment, grader, fixtures, points, toolbox, outcome, "
    "message, score, max_score, deduction, factor, sections, failures, seconds, at";

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
  record.submission = row.getColumn("submission").getInt64();
  record.handed_in = text("handed_in");
  record.digest = text("digest");
  record.assignment = text("assignment");
  record.grader = text("grader");
  record.fixtures = text("fixtures");
  record.points = text("points");
  record.toolbox = text("toolbox");
  record.outcome = outcome_named(text("outcome"));
  record.message = text("message");
  record.score = row.getColumn("score").getDouble();
  record.max_score = row.getColumn("max_score").getDouble();
  record.adjustment = {row.getColumn("deduction").getDouble(), row.getColumn("factor").getDouble()};
  record.sections = read_sections(text("sections"));
  record.failures = json::parse(text("failures")).get<std::vector<std::string>>();
  record.seconds = row.getColumn("seconds").getDouble();
  record.at = text("at");
  return record;
}

/// The last record of each hand-in.
constexpr const char* kLast = "number IN (SELECT max(number) FROM grades GROUP BY name)";

SQLite::Statement select(const SQLite::Database& database, const std::string& which) {
  return {database, std::string("SELECT ") + kColumns + " FROM grades " + which};
}

std::vector<Record> read_all(SQLite::Statement query) {
  std::vector<Record> records;
  while (query.executeStep()) records.push_back(read(query));
  return records;
}

void insert(SQLite::Database& database, const Record& record) {
  SQLite::Statement row(database,
                        "INSERT INTO grades (name, student, submission, handed_in, digest, assignment, grader, "
                        "fixtures, points, toolbox, outcome, message, score, max_score, deduction, factor, sections, "
                        "failures, seconds, at, json, text, markdown) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  int column = 0;
  const auto bind = [&](const auto&... values) { (row.bind(++column, values), ...); };
  bind(record.name, record.student, static_cast<std::int64_t>(record.submission), record.handed_in, record.digest,
       record.assignment, record.grader, record.fixtures, record.points, record.toolbox, name_of(record.outcome),
       record.message, record.score, record.max_score, record.adjustment.deduction, record.adjustment.factor,
       text_of(record.sections), json(record.failures).dump(-1, ' ', true, json::error_handler_t::replace),
       record.seconds, record.at, record.reports.json, record.reports.text, record.reports.markdown);
  row.exec();
}

void tick_off_one(SQLite::Database& database, const std::string& name) {
  SQLite::Statement row(database, "UPDATE asked SET done = 1 WHERE name = ?");
  row.bind(1, name);
  row.exec();
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

/// Does all of `work`, or nothing of it.
template <typename Work>
void at_once(SQLite::Database& database, const Work& work) {
  guarded(&database, [&] {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    work();
    transaction.commit();
  });
}

/// Makes an empty journal, which appears whole or not at all: another process that opened it too early would be in the
/// way (SQLite does not wait where it changes to a write-ahead log). Where another process was quicker, its file stays.
void make(const fs::path& file) {
  const fs::path beside = half_written(file);
  fs::remove(beside);
  {
    SQLite::Database database(beside.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA journal_mode = WAL");
    database.exec(kSchema);
    database.exec("PRAGMA user_version = " + std::to_string(kFormat));
  }
  std::error_code error;
  fs::create_hard_link(beside, file, error);
  const bool is_there = !error || error == std::errc::file_exists;
  // Some file systems have no links.
  is_there ? static_cast<void>(fs::remove(beside)) : fs::rename(beside, file);
}

void require_format(int format) {
  if (format == kFormat) return;
  if (format == 0) throw GraderError("it is no journal");
  throw GraderError("it has the format " + std::to_string(format) + ", this grader writes the format " +
                    std::to_string(kFormat) + ". Give --out another folder, and grade the class again there");
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

Journal::Journal(const fs::path& file) {
  try {
    if (!fs::exists(file)) make(file);
    database_ = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE, kBusyMilliseconds);
    database_->exec("PRAGMA synchronous = FULL");
    require_format(database_->execAndGet("PRAGMA user_version").getInt());
  } catch (const std::exception& error) {
    throw GraderError("opening the journal " + file.string() + ": " + error.what());
  }
}

Journal::~Journal() = default;

void Journal::add(const Record& record) {
  at_once(*database_, [&] {
    insert(*database_, record);
    tick_off_one(*database_, record.name);
  });
}

std::vector<Record> Journal::last() const {
  return guarded(database_.get(),
                 [&] { return read_all(select(*database_, std::string("WHERE ") + kLast + " ORDER BY name")); });
}

std::vector<Record> Journal::all() const {
  return guarded(database_.get(), [&] { return read_all(select(*database_, "ORDER BY number")); });
}

std::optional<Record> Journal::last(const std::string& name) const {
  return guarded(database_.get(), [&]() -> std::optional<Record> {
    SQLite::Statement query = select(*database_, "WHERE name = ? ORDER BY number DESC LIMIT 1");
    query.bind(1, name);
    if (!query.executeStep()) return std::nullopt;
    return read(query);
  });
}

Renderings Journal::reports(long long number) const {
  return guarded(database_.get(), [&]() -> Renderings {
    SQLite::Statement query(*database_, "SELECT json, text, markdown FROM grades WHERE number = ?");
    query.bind(1, static_cast<std::int64_t>(number));
    if (!query.executeStep()) return {};
    return {query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getString()};
  });
}

void Journal::ask(const std::string& request, const std::vector<std::string>& names) {
  at_once(*database_, [&] {
    SQLite::Statement row(*database_, "INSERT OR REPLACE INTO asked (name, request, done) VALUES (?, ?, 0)");
    for (const std::string& name : names) {
      row.bind(1, name);
      row.bind(2, request);
      row.exec();
      row.reset();
    }
  });
}

std::vector<Asked> Journal::asked() const {
  return guarded(database_.get(), [&] {
    SQLite::Statement query(*database_, "SELECT name, request, done FROM asked ORDER BY name, request");
    std::vector<Asked> asked;
    while (query.executeStep()) {
      asked.push_back(
          {query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getInt() != 0});
    }
    return asked;
  });
}

void Journal::tick_off(const std::vector<std::string>& names) {
  at_once(*database_, [&] {
    for (const std::string& name : names) tick_off_one(*database_, name);
  });
}

void Journal::drop_finished_requests() {
  at_once(*database_, [&] {
    database_->exec("DELETE FROM asked WHERE request NOT IN (SELECT request FROM asked WHERE done = 0)");
  });
}

}  // namespace autograder
