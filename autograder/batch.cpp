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
#include "autograder/delivery.hpp"
#include "autograder/descriptor.hpp"
#include "autograder/digest.hpp"
#include "autograder/gradebook.hpp"
#include "autograder/grader_error.hpp"
#include "autograder/outcome.hpp"
#include "autograder/parallel.hpp"
#include "autograder/progress.hpp"
#include "autograder/report_writers.hpp"
#include "autograder/surroundings.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// Of everything in a hand-in that a grade may look at.
std::string digest_of(const fs::path& handin, const std::set<std::string>& wanted) {
  if (fs::is_regular_file(handin)) {
    // A larger one is refused whatever is in it.
    const auto size = fs::file_size(handin);
    return size > ArchiveCaps().archive_bytes ? sha256("large\n" + std::to_string(size)) : sha256(read_file(handin));
  }
  const auto unpacked = unpack(handin, wanted);
  if (const auto* refused = std::get_if<Refused>(&unpacked)) return sha256("refused\n" + refused->why);
  std::string all;
  for (const auto& [name, bytes] : std::get<Contents>(unpacked).bytes) {
    all += name + "\n" + std::to_string(bytes.size()) + "\n" + bytes;
  }
  return sha256(all);
}

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

class Batch {
 public:
  Batch(const BatchOptions& options, const OpenSandbox& open, std::ostream& out, bool is_terminal)
      : options_(options),
        class_(list_class(options.folder)),
        lock_(lock_folder(options.out)),
        journal_(journal_file(options.out)),
        out_(out) {
    for (Record& record : journal_.last()) last_[record.name] = std::move(record);
    choose();
    // Several at a time, or the compilers of a few side by side.
    const std::size_t workers = std::max<std::size_t>(1, std::min(options.jobs, pending_.size()));
    jobs_each_ = std::max<std::size_t>(1, options.jobs / workers);
    for (std::size_t i = 0; i < workers; ++i) sandboxes_.add(open());
    progress_.emplace(out, pending_.size(), is_terminal);
  }

  bool run() {
    say_beginning();
    for_each_index(pending_.size(), options_.jobs, [&](std::size_t i) { grade_one(*pending_[i]); });
    progress_->end();
    if (options_.rehearsal == Rehearsal::yes) {
      out_ << changes_ << (changes_.empty() ? "Nothing would change.\n" : "") << std::flush;
      return any_failed_;
    }
    write_tables(journal_, options_.out);
    out_ << changes_ << "Journal, reports and tables: " << options_.out.string() << "\n" << std::flush;
    if (options_.grade.cache) options_.grade.cache->trim();
    return any_failed_ || std::any_of(last_.begin(), last_.end(), [](const auto& entry) {
             return entry.second.outcome == Record::Outcome::failed;
           });
  }

 private:
  void choose() {
    const std::set<std::string> wanted = wanted_names(options_.grade.root);
    std::set<std::string> names;
    for (const Submission& one : class_.submissions) {
      names.insert(one.name);
      try {
        digests_[one.name] = digest_of(one.path, wanted);
      } catch (const std::exception&) {
        digests_[one.name] = "";  // whatever it is, the grade will meet it too, and say so
      }
      if (is_pending(one)) pending_.push_back(&one);
    }
    for (const std::string& name : options_.regrade) {
      if (name == "all" || name == "failed" || names.count(name)) continue;
      throw UsageError("--regrade " + name + ": there is no such hand-in in " + options_.folder.string());
    }
  }

  bool is_asked_for(const std::string& what) const {
    return std::find(options_.regrade.begin(), options_.regrade.end(), what) != options_.regrade.end();
  }

  bool is_pending(const Submission& one) const {
    const auto before = last_.find(one.name);
    if (before == last_.end() || before->second.digest != digests_.at(one.name)) return true;
    const bool failed = before->second.outcome == Record::Outcome::failed;
    return is_asked_for("all") || is_asked_for(one.name) || (failed && is_asked_for("failed"));
  }

  /// Grades of other fixtures in one table would compare what cannot be compared.
  void say_what_differs(const Record& record) {
    for (const auto& [name, before] : last_) {
      if (before.fixtures.empty() || record.fixtures.empty() || before.fixtures == record.fixtures) continue;
      out_ << "Note: " << one_line(name) << " and perhaps others were graded with other fixtures than "
           << one_line(record.name) << " now: --regrade all grades them again.\n";
      said_what_differs_ = true;
      return;
    }
  }

  void say_beginning() {
    out_ << class_.submissions.size() << " hand-ins, " << class_.submissions.size() - pending_.size()
         << " of them graded already\n";
    for (const std::string& entry : class_.ignored) out_ << "Not a hand-in: " << one_line(entry) << "\n";
    if (options_.rehearsal == Rehearsal::yes) out_ << "A rehearsal: nothing is written.\n";
    out_ << std::flush;
  }

  /// The course is the same for all hand-ins of an assignment; reading it takes longer than grading from the cache.
  const Course& course_for(const GradeOptions& options, const Contents& contents) {
    const std::string id = options.assignment.empty() ? find_assignment(options.root, contents) : options.assignment;
    const std::scoped_lock lock(courses_mutex_);
    const auto known = courses_.find(id);
    if (known != courses_.end()) return known->second;
    return courses_[id] = read_course(options.root, id, options.fixtures, contents);
  }

  /// A digest of what else decides a score: compilers, headers, the worker, the points.
  std::string toolbox_of(const Report& report, const Sandbox& sandbox) {
    const std::scoped_lock lock(courses_mutex_);
    std::string& known = toolboxes_[report.assignment];
    if (known.empty()) {
      const Course& course = courses_.at(report.assignment);
      const fs::path points = options_.grade.root / "fixtures" / report.assignment / "assignment.json";
      known = sha256(surroundings_of(course.toolchain, course.assignment, course.headers, sandbox) + read_file(points));
    }
    return known;
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

  void grade_one(const Submission& one) {
    Record record;
    record.name = one.name;
    record.student = one.student;
    record.digest = digests_.at(one.name);
    record.grader = kVersion;
    const auto begin = std::chrono::steady_clock::now();
    Sandbox sandbox = sandboxes_.take();
    try {
      const Report shown = for_student(grade_with(one, sandbox), options_.feedback);
      Record graded = record;
      fill(graded, shown);
      graded.fixtures = shown.environment.fixtures_sha256;
      graded.toolbox = toolbox_of(shown, sandbox);
      graded.report = json_report(shown);
      if (options_.rehearsal == Rehearsal::no) write_reports(record.name, shown);
      record = graded;
    } catch (const std::exception& error) {
      // GraderError, or want of memory: in either case none of the student's doing.
      record.message = error.what();
    }
    sandboxes_.give_back(std::move(sandbox));
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    record.at = now();
    finish(record);
  }

  /// The reports are written: what is in the journal has its reports.
  void finish(const Record& record) {
    const std::scoped_lock lock(finish_mutex_);
    if (options_.rehearsal == Rehearsal::no) journal_.add(record);
    const auto before = last_.find(record.name);
    if (before != last_.end()) {
      const std::string change = difference(before->second, record);
      if (!change.empty()) changes_ += record.name + ": " + change + "\n";
    }
    if (!said_what_differs_) say_what_differs(record);
    any_failed_ = any_failed_ || record.outcome == Record::Outcome::failed;
    if (options_.rehearsal == Rehearsal::no) last_[record.name] = record;
    const std::string result = record.outcome == Record::Outcome::failed
                                   ? "the grader failed: " + record.message
                                   : points_text(record.score) + " / " + points_text(record.max_score);
    progress_->done(one_line(record.name) + "  " + one_line(result));
  }

  void write_reports(const std::string& name, const Report& report) const {
    const fs::path folder = options_.out / "reports";
    replace_file(folder / (name + ".json"), json_report(report));
    replace_file(folder / (name + ".txt"), text_report(report, Colour::off));
    replace_file(folder / (name + ".md"), markdown_report(report));
  }

  const BatchOptions& options_;
  ClassFolder class_;
  Descriptor lock_;
  Journal journal_;
  std::ostream& out_;
  std::map<std::string, Record> last_;
  std::map<std::string, std::string> digests_;
  std::vector<const Submission*> pending_;
  std::size_t jobs_each_ = 1;
  Pool<Sandbox> sandboxes_;
  std::mutex courses_mutex_, finish_mutex_;
  std::map<std::string, Course> courses_;
  std::map<std::string, std::string> toolboxes_;
  std::optional<Progress> progress_;
  std::string changes_;
  bool any_failed_ = false;
  bool said_what_differs_ = false;
};

}  // namespace

fs::path journal_file(const fs::path& out) { return out / "journal.sqlite"; }

void write_tables(const Journal& journal, const fs::path& out) {
  const std::vector<Record> records = pick(journal.last(), Pick::all);
  replace_file(out / "gradebook.csv", gradebook_csv(records));
  replace_file(out / "summary.txt", summary(records));
}

bool run_batch(const BatchOptions& options, const OpenSandbox& open, std::ostream& out, bool is_terminal) {
  return Batch(options, open, out, is_terminal).run();
}

}  // namespace autograder
