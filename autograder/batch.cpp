// See batch.hpp.
#include "autograder/batch.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <map>
#include <mutex>
#include <sstream>

#include "autograder/class_folder.hpp"
#include "autograder/class_reports.hpp"
#include "autograder/delivery.hpp"
#include "autograder/digest.hpp"
#include "autograder/gradebook.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/handin_state.hpp"
#include "autograder/outcome.hpp"
#include "autograder/parallel.hpp"
#include "autograder/plan.hpp"
#include "autograder/progress.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/surroundings.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

std::string now() {
  const std::time_t time = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::ostringstream text;
  text << std::put_time(&parts, "%FT%TZ");
  return text.str();
}

/// Things that are lent to one thread at a time.
template <typename Thing>
class Pool {
 public:
  void add(Thing thing) { things_.push_back(std::move(thing)); }
  Thing take() {
    const std::scoped_lock lock(mutex_);
    Thing thing = std::move(things_.back());
    things_.pop_back();
    return thing;
  }
  void give_back(Thing thing) {
    const std::scoped_lock lock(mutex_);
    things_.push_back(std::move(thing));
  }

 private:
  std::mutex mutex_;
  std::vector<Thing> things_;
};

/// An assignment's files, which are the same for all hand-ins of it, and what decides their scores.
struct KnownCourse {
  Course course;
  std::string points;   ///< digest of assignment.json
  std::string toolbox;  ///< digest of compilers, headers and worker; empty until somebody asks for it
};

class Batch {
 public:
  Batch(const BatchOptions& options, const OpenSandbox& open, std::ostream& out, bool is_terminal)
      : options_(options),
        class_(list_class(options.folder, options.out)),
        folder_(options.out, options.rehearsal),
        journal_(journal_file(folder_.path())),
        out_(out) {
    make_plan();
    require_one_measure();
    // Several at a time, or the compilers of a few side by side.
    const std::size_t workers = std::max<std::size_t>(1, std::min(options.jobs, pending_.size()));
    jobs_each_ = std::max<std::size_t>(1, options.jobs / workers);
    for (std::size_t i = 0; i < workers; ++i) sandboxes_.add(open());
    progress_.emplace(out, pending_.size(), is_terminal);
  }

  bool run() {
    say_beginning();
    restore_reports(journal_, folder_.path());
    journal_.tick_off(plan_.gone);
    journal_.ask(plan_.request, plan_.asked);
    for_each_index(pending_.size(), options_.jobs, [&](std::size_t i) { grade_one(*pending_[i]); });
    progress_->end();
    const std::vector<Record> records = journal_.last();
    write_tables(records, folder_.path());
    journal_.drop_finished_requests();
    say_end();
    if (options_.grade.cache) options_.grade.cache->trim();
    return std::any_of(records.begin(), records.end(),
                       [](const Record& record) { return record.outcome == Record::Outcome::failed; });
  }

 private:
  void make_plan() {
    const std::set<std::string> wanted = wanted_names(options_.grade.root);
    std::map<std::string, std::string> digests;
    for (const Submission& one : class_.submissions) {
      states_[one.name] = state_of(one.path, wanted);
      digests[one.name] = states_[one.name].digest;
    }
    const std::vector<Record> last = journal_.last();
    plan_ = autograder::make_plan(digests, options_.regrade, last, journal_.asked(),
                                  [this](const Record& record) { return is_outdated(record); });
    for (const Submission& one : class_.submissions) {
      if (plan_.pending.count(one.name)) pending_.push_back(&one);
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
    const std::string& wanted = options_.grade.assignment;
    const std::vector<std::string> there = list_assignments(options_.grade.root);
    const bool is_there = std::find(there.begin(), there.end(), record.assignment) != there.end();
    if (!is_there || (!wanted.empty() && wanted != record.assignment)) return true;
    const std::scoped_lock lock(courses_mutex_);
    const KnownCourse& known = known_course(record.assignment);
    return record.grader != kVersion || record.fixtures != known.course.fixtures.sha256 ||
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

  /// Reading a course takes longer than grading from the cache.
  KnownCourse& known_course(const std::string& id) {
    const auto found = courses_.find(id);
    if (found != courses_.end()) return found->second;
    const fs::path& root = options_.grade.root;
    Course course = read_course(root, id, options_.grade.fixtures, {});
    const std::string points = sha256(read_file(root / "fixtures" / id / "assignment.json"));
    return courses_[id] = {std::move(course), points, ""};
  }

  const Course& course_for(const GradeOptions& options, const Contents& contents) {
    const std::string id = options.assignment.empty() ? find_assignment(options.root, contents) : options.assignment;
    const std::scoped_lock lock(courses_mutex_);
    return known_course(id).course;
  }

  void note_what_decides(Record& record, const Report& report, const Sandbox& sandbox) {
    const std::scoped_lock lock(courses_mutex_);
    KnownCourse& known = known_course(report.assignment);
    const Course& course = known.course;
    if (known.toolbox.empty()) {
      known.toolbox = surroundings_of(course.toolchain, course.assignment, course.headers, sandbox);
    }
    record.assignment = report.assignment;
    record.fixtures = report.environment.fixtures_sha256;
    record.points = known.points;
    record.toolbox = known.toolbox;
  }

  Report grade_with(const Submission& one, const Sandbox& sandbox) {
    GradeOptions options = options_.grade;
    options.handin = one.path;
    options.jobs = jobs_each_;
    options.sandbox = sandbox;
    Machine machine = local_machine(sandbox);
    machine.course = [this](const GradeOptions& of, const Contents& contents) { return course_for(of, contents); };
    return grade(options, machine);
  }

  /// Whether students may read why the grader failed: the message may name what is hidden.
  bool may_be_read() const {
    const bool is_open = options_.grade.fixtures == "public";
    return options_.feedback == Feedback::full || (options_.feedback == Feedback::automatic && is_open);
  }

  void grade_one(const Submission& one) {
    Record record;
    record.name = one.name;
    record.student = one.student;
    record.submission = one.number;
    record.handed_in = states_.at(one.name).handed_in;
    record.digest = states_.at(one.name).digest;
    record.grader = kVersion;
    const auto begin = std::chrono::steady_clock::now();
    Sandbox sandbox = sandboxes_.take();
    try {
      const Report shown = for_student(grade_with(one, sandbox), options_.feedback);
      Record graded = record;
      fill(graded, shown);
      note_what_decides(graded, shown, sandbox);
      graded.reports = render(shown);
      record = graded;
    } catch (const std::exception& error) {
      // GraderError, or want of memory: in either case none of the student's doing.
      record.message = error.what();
      record.reports = render_failure(one.path.filename().string(), may_be_read() ? record.message : "");
    }
    sandboxes_.give_back(std::move(sandbox));
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    record.at = now();
    finish(record);
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
    const std::string result = record.outcome == Record::Outcome::failed
                                   ? "the grader failed: " + record.message
                                   : points_text(record.score) + " / " + points_text(record.max_score);
    progress_->done(one_line(record.name) + "  " + one_line(result));
  }

  const BatchOptions& options_;
  ClassFolder class_;
  OutputFolder folder_;
  Journal journal_;
  std::ostream& out_;
  std::map<std::string, HandinState> states_;
  Plan plan_;
  std::vector<const Submission*> pending_;
  std::size_t jobs_each_ = 1;
  Pool<Sandbox> sandboxes_;
  std::mutex courses_mutex_, finish_mutex_;
  std::map<std::string, KnownCourse> courses_;
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

bool run_batch(const BatchOptions& options, const OpenSandbox& open, std::ostream& out, bool is_terminal) {
  return Batch(options, open, out, is_terminal).run();
}

}  // namespace autograder
