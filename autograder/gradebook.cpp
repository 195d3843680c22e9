// See gradebook.hpp.
#include "autograder/gradebook.hpp"

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "autograder/grade.hpp"
#include "autograder/handin_state.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/table.hpp"

namespace autograder {

using Json = nlohmann::ordered_json;

namespace {

/// RFC 4180; and what begins like a formula is a text.
std::string cell(const std::string& text) {
  std::string shown = one_line(text);
  if (!shown.empty() && std::string("=+-@").find(shown[0]) != std::string::npos) shown = "'" + shown;
  if (shown.find_first_of(",\"\n\r") == std::string::npos) return shown;
  std::string quoted = "\"";
  for (const char c : shown) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// All section ids, in the order in which records bring them.
std::vector<std::string> section_ids(const std::vector<Record>& records) {
  std::vector<std::string> ids;
  for (const Record& record : records) {
    for (const SectionRecord& section : record.sections) {
      if (std::find(ids.begin(), ids.end(), section.id) == ids.end()) ids.push_back(section.id);
    }
  }
  return ids;
}

bool has_score(const Record& record) { return record.outcome != Record::Outcome::failed; }

/// All hand-ins of one student.
class HandinsOfOne {
 public:
  void add(const Record& record) { records_.push_back(record); }

  const Record& pick(Pick which) const {
    return *std::max_element(records_.begin(), records_.end(), [&](const Record& a, const Record& b) {
      if (has_score(a) != has_score(b)) return has_score(b);
      if (which == Pick::best && a.adjusted_score() != b.adjusted_score()) {
        return a.adjusted_score() < b.adjusted_score();
      }
      return is_earlier(a, b);
    });
  }

 private:
  /// By the platform's count where it counts all of them, else by the time of handing in. When they were graded says
  /// nothing, but has to do where both are the same.
  bool is_earlier(const Record& a, const Record& b) const {
    const bool counted =
        std::all_of(records_.begin(), records_.end(), [](const Record& one) { return one.submission > 0; });
    if (counted && a.submission != b.submission) return a.submission < b.submission;
    return std::tie(a.handed_in, a.number) < std::tie(b.handed_in, b.number);
  }

  std::vector<Record> records_;
};

/// Hand-ins that were graded again count once: by name and content.
std::vector<Record> last_of_each(const std::vector<Record>& all) {
  std::map<std::pair<std::string, std::string>, Record> last;
  for (const Record& record : all) {
    const auto [found, is_first] = last.try_emplace({record.name, record.digest}, record);
    // A regrade on which the grader fails takes nothing away.
    if (!is_first && (has_score(record) || !has_score(found->second))) found->second = record;
  }
  std::vector<Record> records;
  for (const auto& [key, record] : last) records.push_back(record);
  return records;
}

std::string fixed(double number) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << number;
  return text.str();
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

void write_scores(std::ostringstream& out, std::vector<double> scores, double max_score) {
  if (scores.empty()) return;
  std::sort(scores.begin(), scores.end());
  const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
  out << "Points of " << points_text(max_score) << ": mean " << fixed(mean) << ", median "
      << fixed((scores[(scores.size() - 1) / 2] + scores[scores.size() / 2]) / 2) << ", least "
      << points_text(scores.front()) << ", most " << points_text(scores.back()) << "\n\n";
  constexpr std::size_t tenths = 10;
  std::vector<std::size_t> counts(tenths + 1);
  for (const double score : scores) {
    ++counts[max_score > 0 ? std::min(tenths, static_cast<std::size_t>(score / max_score * tenths)) : 0];
  }
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  for (std::size_t i = 0; i <= tenths; ++i) {
    const std::string range = i == tenths ? "100 %" : std::to_string(10 * i) + " % and more";
    out << "  " << padded(range, 15) << std::setw(5) << counts[i] << "  " << std::string(40 * counts[i] / most, '#')
        << "\n";
  }
  out << "\n";
}

void write_sections(std::ostringstream& out, const std::vector<Record>& graded) {
  if (graded.empty()) return;
  out << "Sections passed\n";
  for (const std::string& id : section_ids(graded)) {
    std::size_t passed = 0;
    for (const Record& record : graded) {
      for (const SectionRecord& one : record.sections) passed += one.id == id && one.score == one.max_score;
    }
    out << "  " << padded(id, 15) << std::setw(5) << passed << "  "
        << fixed(100.0 * static_cast<double>(passed) / static_cast<double>(graded.size())) << " %\n";
  }
  out << "\n";
}

void write_failures(std::ostringstream& out, const std::vector<Record>& graded) {
  std::map<std::string, std::size_t> counts;
  for (const Record& record : graded) {
    for (const std::string& failure : record.failures) ++counts[failure];
  }
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.empty()) return;
  constexpr std::size_t shown = 15;
  sorted.resize(std::min(shown, sorted.size()));
  out << "Commonest failures\n";
  for (const auto& [failure, count] : sorted) out << std::setw(7) << count << "  " << one_line(failure) << "\n";
  out << "\n";
}

/// What the rules leave of all points; nothing where some are not given yet.
std::optional<double> total_of(const Record& record, const HandGrades& by_hand) {
  const auto points = by_hand.of(record.student);
  if (by_hand.parts.empty() || !has_score(record) || !points) return std::nullopt;
  return record.adjustment.of(record.score + *points);
}

/// The cells for parts graded by hand and for the total, each after its comma.
std::string hand_cells(const Record& record, const HandGrades& by_hand) {
  if (by_hand.parts.empty()) return "";
  std::string text;
  const auto row = by_hand.points.find(record.student);
  for (const ByHand& part : by_hand.parts) {
    const bool is_graded = row != by_hand.points.end() && row->second.count(part.id) > 0;
    text += "," + (is_graded ? points_text(row->second.at(part.id)) : "");
  }
  const auto total = total_of(record, by_hand);
  return text + "," + (total ? points_text(*total) + "," + points_text(record.max_score + by_hand.max_score()) : ",");
}

void write_named(std::ostringstream& out, const std::vector<Record>& records, Record::Outcome outcome,
                 const std::string& title) {
  std::string lines;
  for (const Record& record : records) {
    if (record.outcome == outcome) lines += "  " + one_line(record.name) + ": " + one_line(record.message) + "\n";
  }
  if (!lines.empty()) out << title << "\n" << lines << "\n";
}

}  // namespace

std::vector<Record> pick(const std::vector<Record>& all, Pick which) {
  std::vector<Record> picked;
  if (which == Pick::all) {
    std::map<std::string, Record> last;
    for (const Record& record : all) last[record.name] = record;
    for (const auto& [name, record] : last) picked.push_back(record);
  } else {
    std::map<std::string, HandinsOfOne> of_student;
    for (const Record& record : last_of_each(all)) of_student[record.student].add(record);
    for (const auto& [student, handins] : of_student) picked.push_back(handins.pick(which));
  }
  std::stable_sort(picked.begin(), picked.end(), [](const Record& a, const Record& b) {
    return std::tie(a.student, a.name) < std::tie(b.student, b.name);
  });
  return picked;
}

double HandGrades::max_score() const {
  return std::accumulate(parts.begin(), parts.end(), 0.0,
                         [](double sum, const ByHand& part) { return sum + part.points; });
}

std::optional<double> HandGrades::of(const std::string& student) const {
  const auto row = points.find(student);
  if (row == points.end() || row->second.size() < parts.size()) return std::nullopt;
  return std::accumulate(row->second.begin(), row->second.end(), 0.0,
                         [](double sum, const auto& one) { return sum + one.second; });
}

HandGrades read_hand_grades(const std::filesystem::path& table, const std::vector<ByHand>& parts) {
  std::vector<std::string> columns;
  for (const ByHand& part : parts) columns.push_back(part.id);
  HandGrades grades{parts, {}};
  for (const auto& [student, cells] : read_table(table, columns)) {
    auto& points = grades.points[student];
    for (const ByHand& part : parts) {
      const std::string& cell = cells.at(part.id);
      if (cell.empty()) continue;
      double given = 0.0;
      const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), given);
      if (error != std::errc() || end != cell.data() + cell.size() || !(given >= 0 && given <= part.points)) {
        throw UsageError("the table " + table.string() + ", student " + student + ": " + part.id + " is \"" + cell +
                         "\" and not a number from 0 to " + points_text(part.points));
      }
      points[part.id] = given;
    }
  }
  return grades;
}

std::string gradebook_csv(const std::vector<Record>& records, const HandGrades& by_hand) {
  const std::vector<std::string> sections = section_ids(records);
  std::string text = "student,name,outcome,score,max_score,adjusted_score";
  for (const ByHand& part : by_hand.parts) text += "," + cell(part.id);
  if (!by_hand.parts.empty()) text += ",total,max_total";
  for (const std::string& id : sections) text += "," + cell(id);
  text += ",message,digest,handed_in,seconds,at\r\n";
  for (const Record& record : records) {
    text += cell(record.student) + "," + cell(record.name) + "," + name_of(record.outcome) + ",";
    // No score is not a score of zero.
    text += has_score(record) ? points_text(record.score) + "," + points_text(record.max_score) + "," +
                                    points_text(record.adjusted_score())
                              : ",,";
    text += hand_cells(record, by_hand);
    for (const std::string& id : sections) {
      const auto one = std::find_if(record.sections.begin(), record.sections.end(),
                                    [&](const SectionRecord& section) { return section.id == id; });
      text += "," + (one == record.sections.end() || !has_score(record) ? "" : points_text(one->score));
    }
    text += "," + cell(record.message) + "," + cell(record.digest) + "," + cell(to_the_second(record.handed_in)) + "," +
            fixed(record.seconds) + "," + record.at + "\r\n";
  }
  return text;
}

std::string gradebook_json(const std::vector<Record>& records, const HandGrades& by_hand) {
  Json rows = Json::array();
  for (const Record& record : records) {
    Json row{{"student", record.student}, {"name", record.name}, {"outcome", name_of(record.outcome)}};
    if (has_score(record)) {
      row["score"] = record.score;
      row["max_score"] = record.max_score;
      row["adjusted_score"] = record.adjusted_score();
      row["sections"] = Json::array();
      for (const SectionRecord& one : record.sections) {
        row["sections"].push_back(
            {{"id", one.id}, {"status", one.status}, {"score", one.score}, {"max_score", one.max_score}});
      }
    }
    if (const auto graded = by_hand.points.find(record.student); graded != by_hand.points.end()) {
      row["by_hand"] = graded->second;
    }
    if (const auto total = total_of(record, by_hand)) {
      row["total"] = *total;
      row["max_total"] = record.max_score + by_hand.max_score();
    }
    if (!record.message.empty()) row["message"] = record.message;
    row["digest"] = record.digest;
    if (record.submission > 0) row["submission"] = record.submission;
    row["handed_in"] = record.handed_in;
    row["seconds"] = record.seconds;
    row["at"] = record.at;
    rows.push_back(row);
  }
  return Json{{"format", 1}, {"grades", rows}}.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string summary(const std::vector<Record>& records) {
  std::vector<Record> scored;
  std::vector<double> scores;
  bool any_adjusted = false;
  for (const Record& record : records) {
    if (!has_score(record)) continue;
    scored.push_back(record);
    scores.push_back(record.adjusted_score());
    any_adjusted = any_adjusted || record.adjusted_score() != record.score;
  }
  std::ostringstream out;
  out << records.size() << " hand-ins, " << scored.size() << " with a score\n\n";
  if (any_adjusted) out << "Points are what the course's rules leave of them.\n";
  write_scores(out, scores, scored.empty() ? 0.0 : scored.front().max_score);
  write_sections(out, scored);
  write_failures(out, scored);
  write_named(out, records, Record::Outcome::refused, "Refused, no points");
  write_named(out, records, Record::Outcome::failed, "The grader failed, no score: see --regrade failed");
  return without_line_commands(out.str());
}

}  // namespace autograder
