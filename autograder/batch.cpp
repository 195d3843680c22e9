// See batch.hpp.
#include "autograder/batch.hpp"

#include <fcntl.h>
#include <sys/file.h>

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
#include "autograder/descriptor.hpp"
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

/// One batch at a time writes into a folder.
Descriptor lock_folder(const fs::path& out) {
  std::error_code error;
  fs::create_directories(out / "reports", error);
  if (error) throw GraderError("making the output folder " + out.string() + ": " + error.message());
  Descriptor lock(open(out.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.is_open() || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    throw UsageError("the output folder " + out.string() + ": another batch is writing there");
  }
  return lock;
}

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
        class_(list_class(options.folder)),
        lock_(lock_folder(options.out)),
        journal_(journal_file(options.out)),
        out_(out) {
    make_plan();
    // Several at a time, or the compilers of a few side by side.
    const std::size_t workers = std::max<std::size_t>(1, std::min(options.jobs, pending_.size()));
    jobs_each_ = std::max<std::size_t>(1, options.jobs / workers);
    for (std::size_t i = 0; i < workers; ++i) sandboxes_.add(open());
    progress_.emplace(out, pending_.size(), is_terminal);
  }

  bool run() {
    say_beginning();
    if (options_.rehearsal == Rehearsal::no) {
      restore_reports(journal_, options_.out);
      journal_.tick_off(plan_.gone);
      journal_.ask(plan_.request, plan_.asked);
    }
    for_each_index(pending_.size(), options_.jobs, [&](std::size_t i) { grade_one(*pending_[i]); });
    progress_->end();
    if (options_.rehearsal == Rehearsal::yes) {
      out_ << changes_ << (changes_.empty() ? "Nothing would change.\n" : "") << std::flush;
      return any_failed_;
    }
    const std::vector<Record> records = journal_.last();
    write_tables(records, options_.out);
    journal_.drop_finished_requests();
    out_ << changes_ << "Journal, reports and tables: " << options_.out.string() << "\n" << std::flush;
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
    plan_ = autograder::make_plan(digests, options_.regrade, journal_.last(), journal_.asked(),
                                  [this](const Record& record) { return is_outdated(record); });
    for (const Submission& one : class_.submissions) {
      if (plan_.pending.count(one.name)) pending_.push_back(&one);
    }
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
    if (options_.rehearsal == Rehearsal::yes) out_ << "A rehearsal: nothing is written.\n";
    out_ << std::flush;
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
    if (options_.rehearsal == Rehearsal::no) {
      journal_.add(record);
      write_reports(options_.out, record.name, record.reports);
    }
    any_failed_ = any_failed_ || record.outcome == Record::Outcome::failed;
    const std::string result = record.outcome == Record::Outcome::failed
                                   ? "the grader failed: " + record.message
                                   : points_text(record.score) + " / " + points_text(record.max_score);
    progress_->done(one_line(record.name) + "  " + one_line(result));
  }

  const BatchOptions& options_;
  ClassFolder class_;
  Descriptor lock_;
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
  std::string changes_;
  bool any_failed_ = false;
};

}  // namespace

fs::path journal_file(const fs::path& out) { return out / "journal.sqlite"; }

void write_tables(const std::vector<Record>& last, const fs::path& out) {
  const std::vector<Record> records = pick(last, Pick::all);
  replace_file(out / "gradebook.csv", gradebook_csv(records));
  replace_file(out / "summary.txt", summary(records));
}

bool run_batch(const BatchOptions& options, const OpenSandbox& open, std::ostream& out, bool is_terminal) {
  return Batch(options, open, out, is_terminal).run();
}

}  // namespace autograder
