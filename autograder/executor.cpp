// See executor.hpp.
#include "autograder/executor.hpp"

#include <ctime>
#include <iomanip>
#include <sstream>

#include "autograder/report_writers.hpp"
#include "autograder/version.hpp"

namespace autograder {

Record begin_record(const Pending& pending) {
  Record record;
  record.name = pending.submission.name;
  record.student = pending.submission.student;
  record.submission = pending.submission.number;
  record.handed_in = pending.state.handed_in;
  record.digest = pending.state.digest;
  record.grader = kVersion;
  return record;
}

void sign(Record& record) {
  const std::time_t time = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::ostringstream text;
  text << std::put_time(&parts, "%FT%TZ");
  record.at = text.str();
}

std::string result_of(const Record& record) {
  if (record.outcome == Record::Outcome::failed) return "the grader failed: " + one_line(record.message);
  const std::string adjusted =
      record.adjusted_score() == record.score ? "" : ", adjusted " + points_text(record.adjusted_score());
  return points_text(record.score) + " / " + points_text(record.max_score) + adjusted;
}

}  // namespace autograder
