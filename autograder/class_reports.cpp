// See class_reports.hpp.
#include "autograder/class_reports.hpp"

#include <nlohmann/json.hpp>

#include "autograder/assignment.hpp"
#include "autograder/delivery.hpp"
#include "autograder/report_writers.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

void write_if_other(const fs::path& file, const std::string& content) {
  std::error_code none;
  const bool may_be_same =
      fs::is_regular_file(fs::symlink_status(file, none)) && fs::file_size(file, none) == content.size() && !none;
  if (!may_be_same || read_file(file) != content) replace_file(file, content);
}

}  // namespace

Renderings render(const Report& report) {
  return {json_report(report), text_report(report, Colour::off), markdown_report(report)};
}

Renderings render_failure(const std::string& handin, const std::string& why) {
  const std::string title = "The grader failed on this hand-in: there is no score, and the hand-in is not to blame.";
  const std::string reason = why.empty() ? "Whoever grades finds the reason in the class's summary." : why;
  using Json = nlohmann::ordered_json;
  const Json json{{"format", 1}, {"handin", handin}, {"grader_failed", true}, {"why", reason}};
  return {json_text(json), without_line_commands(one_line(handin) + "\n\n" + title + "\n\n" + printable(reason) + "\n"),
          without_line_commands("## " + plain_markdown(handin) + "\n\n**" + title + "**\n\n" + plain_markdown(reason) +
                                "\n")};
}

void write_reports(const fs::path& out, const std::string& name, const Renderings& reports) {
  const fs::path folder = out / "reports";
  write_if_other(folder / (name + ".json"), reports.json);
  write_if_other(folder / (name + ".txt"), reports.text);
  write_if_other(folder / (name + ".md"), reports.markdown);
}

void restore_reports(const Journal& journal, const fs::path& out) {
  for (const fs::path& folder : {out, out / "reports"}) remove_half_written(folder);
  for (const Record& record : journal.last()) write_reports(out, record.name, journal.reports(record.number));
}

}  // namespace autograder
