// See batch.hpp.
#include "autograder/batch.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "autograder/class_folder.hpp"
#include "autograder/class_reports.hpp"
#include "autograder/delivery.hpp"
#include "autograder/grade.hpp"
#include "autograder/gradebook.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/known_courses.hpp"
#include "autograder/outcome.hpp"
#include "autograder/plan.hpp"
#include "autograder/progress.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

class Batch {
 public:
  Batch(const BatchOptions& options, std::ostream& out, bool is_terminal)
      : options_(options),
        class_(list_class(options.folder, options.out)),
        folder_(options.out, options.rehearsal),
        journal_(journal_file(folder_.path())),
        courses_(options.root, options.fixtures),
        out_(out) {
    make_plan();
    require_one_measure();
    progress_.emplace(out, pending_.size(), is_terminal);
  }

  bool run(const Executor& executor) {
    say_beginning();
    restore_reports(journal_, folder_.path());
    journal_.tick_off(plan_.gone);
    journal_.ask(plan_.request, plan_.asked);
    const Listener tell{[this](const Record& record) { finish(record); },
                        [this](const std::string& line) { note(line); }};
    if (!pending_.empty()) executor(pending_, tell);
    progress_->end();
    const std::vector<Record> records = journal_.last();
    write_tables(records, folder_.path());
    journal_.drop_finished_requests();
    say_end();
    return std::any_of(records.begin(), records.end(),
                       [](const Record& record) { return record.outcome == Record::Outcome::failed; });
  }

 private:
  void make_plan() {
    const std::set<std::string> wanted = wanted_names(options_.root);
    std::map<std::string, HandinState> states;
    std::map<std::string, std::string> digests;
    for (const Submission& one : class_.submissions) {
      states[one.name] = state_of(one.path, wanted);
      digests[one.name] = states[one.name].digest;
    }
    const std::vector<Record> last = journal_.last();
    plan_ = autograder::make_plan(digests, options_.regrade, last, journal_.asked(),
                                  [this](const Record& record) { return is_outdated(record); });
    for (const Submission& one : class_.submissions) {
      if (plan_.pending.count(one.name)) pending_.push_back({one, states[one.name]});
    }
    for (const Record& record : last) {
      if (!plan_.pending.count(record.name)) toolboxes_.emplace(record.toolbox, record.name);
    }
  }

  /// Scores of other fixtures in one table would compare what cannot be compared.
  void require_one_measure() const {
    if (plan_.outdated.empty() || options_.mixing == Mixing::accepted) return;
    throw UsageError("the output folder " + options_.out.string() + " holds " + std::to_string(plan_.outdated.size()) +
                     " grades (of " + one_line(plan_.outdated.front()) +
                     " for one) that were given with other fixtures, other points or another version of the grader. " +
                     "Grade all again with --regrade all, keep them with --mix, or give --out another folder.");
  }

  bool is_outdated(const Record& record) {
    if (record.outcome == Record::Outcome::failed) return false;
    const std::string& wanted = options_.assignment;
    const std::vector<std::string> there = list_assignments(options_.root);
    const bool is_there = std::find(there.begin(), there.end(), record.assignment) != there.end();
    if (!is_there || (!wanted.empty() && wanted != record.assignment)) return true;
    const KnownCourse& known = courses_.find(record.assignment);
    return record.grader != kVersion || record.fixtures != measure(known.course->fixtures.sha256, options_.fresh) ||
           record.points != known.points;
  }

  void say_beginning() {
    out_ << class_.submissions.size() << " hand-ins, " << class_.submissions.size() - pending_.size()
         << " of them graded already\n";
    for (const std::string& entry : class_.ignored) out_ << "Not a hand-in: " << one_line(entry) << "\n";
    std::map<std::string, std::size_t> left;
    for (const Asked& one : plan_.left) ++left[one.request];
    for (const auto& [request, count] : left) {
      out_ << "Going on with --regrade " << one_line(request) << ", which did not end: " << count << " left\n";
    }
    for (const std::string& name : plan_.gone) {
      out_ << "Not graded again, though that was asked for: " << one_line(name) << "\n";
    }
    if (!plan_.outdated.empty()) {
      out_ << "Note: " << plan_.outdated.size()
           << " grades stay that were given with other fixtures, points or another version of the grader\n";
    }
    if (options_.rehearsal == Rehearsal::yes) out_ << "A rehearsal: " << options_.out.string() << " stays as it is\n";
    out_ << std::flush;
  }

  void say_end() {
    out_ << changes_ << notes_;
    if (options_.rehearsal == Rehearsal::no) {
      out_ << "Journal, reports and tables: " << options_.out.string() << "\n";
    } else if (changes_.empty()) {
      out_ << "Nothing would change.\n";
    }
    out_ << std::flush;
  }

  /// Compilers, headers and libraries may differ from machine to machine, and seldom change a score: that is said, and
  /// stops nothing.
  void note_toolbox(const Record& record) {
    if (record.toolbox.empty() || !notes_.empty()) return;
    for (const auto& [toolbox, name] : toolboxes_) {
      if (toolbox.empty() || toolbox == record.toolbox) continue;
      notes_ = "Note: " + one_line(name) +
               " and perhaps others were graded with other compilers, headers or libraries " + "than " +
               one_line(record.name) + " now. --regrade all grades all with the same.\n";
    }
  }

  /// The record first: reports that are missing after it are restored from it.
  void finish(const Record& record) {
    const std::scoped_lock lock(finish_mutex_);
    if (const auto before = journal_.last(record.name)) {
      const std::string change = difference(*before, record);
      if (!change.empty()) changes_ += record.name + ": " + change + "\n";
    }
    journal_.add(record);
    write_reports(folder_.path(), record.name, record.reports);
    note_toolbox(record);
    progress_->done(one_line(record.name) + "  " + result_of(record));
  }

  void note(const std::string& line) {
    const std::scoped_lock lock(finish_mutex_);
    progress_->note(line);
  }

  const BatchOptions& options_;
  ClassFolder class_;
  OutputFolder folder_;
  Journal journal_;
  KnownCourses courses_;
  std::ostream& out_;
  Plan plan_;
  std::vector<Pending> pending_;
  std::mutex finish_mutex_;
  std::optional<Progress> progress_;
  std::map<std::string, std::string> toolboxes_;  ///< of grades that stay, with a name for each
  std::string changes_, notes_;
};

}  // namespace

void write_tables(const std::vector<Record>& last, const fs::path& out) {
  const std::vector<Record> records = pick(last, Pick::all);
  replace_file(out / "gradebook.csv", gradebook_csv(records));
  replace_file(out / "summary.txt", summary(records));
}

bool run_batch(const BatchOptions& options, const Executor& executor, std::ostream& out, bool is_terminal) {
  return Batch(options, out, is_terminal).run(executor);
}

}  // namespace autograder
