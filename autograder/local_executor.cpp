// See local_executor.hpp.
#include "autograder/local_executor.hpp"

#include <algorithm>
#include <chrono>

#include "autograder/class_reports.hpp"
#include "autograder/outcome.hpp"
#include "autograder/parallel.hpp"

namespace autograder {

LocalGrader::LocalGrader(const LocalOptions& options, std::size_t handins, const OpenSandbox& open)
    : options_(options), courses_(options.grade.root, options.grade.fixtures) {
  // Several at a time, or the compilers of a few side by side.
  const std::size_t workers = std::max<std::size_t>(1, std::min(options.jobs, handins));
  jobs_each_ = std::max<std::size_t>(1, options.jobs / workers);
  for (std::size_t i = 0; i < workers; ++i) sandboxes_.push_back(open());
}

Sandbox LocalGrader::take() {
  const std::scoped_lock lock(mutex_);
  Sandbox sandbox = std::move(sandboxes_.back());
  sandboxes_.pop_back();
  return sandbox;
}

void LocalGrader::give_back(Sandbox sandbox) {
  const std::scoped_lock lock(mutex_);
  sandboxes_.push_back(std::move(sandbox));
}

Record LocalGrader::grade(const Pending& pending) {
  const Record begun = begin_record(pending);
  Record record = begun;
  const auto begin = std::chrono::steady_clock::now();
  Sandbox sandbox = take();
  try {
    const Report shown = for_student(grade_in(sandbox, pending), options_.feedback);
    fill(record, shown);
    note_what_decides(record, shown, sandbox);
    record.reports = render(shown);
  } catch (const std::exception& error) {
    // GraderError, or want of memory: in either case none of the student's doing.
    record = begun;
    record.message = error.what();
    record.reports = render_failure(pending.submission.path.filename().string(), may_be_read() ? record.message : "");
  }
  give_back(std::move(sandbox));
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  sign(record);
  return record;
}

HandedIn LocalGrader::handed_in(const Pending& pending) const {
  const auto own = [&](const std::map<std::string, std::string>& times) {
    const auto found = times.find(pending.submission.student);
    return found == times.end() ? "" : found->second;
  };
  HandedIn how;
  how.archive = pending.submission.archive;
  how.extension = own(options_.extensions);
  how.time = own(options_.submitted);
  if (options_.files_say_when && !pending.state.handed_in.empty()) {
    how.time = to_the_second(pending.state.handed_in);
    how.time_source = "the time of the file";
  }
  return how;
}

Report LocalGrader::grade_in(const Sandbox& sandbox, const Pending& pending) {
  GradeOptions options = options_.grade;
  options.handin = pending.submission.path;
  options.jobs = jobs_each_;
  options.sandbox = sandbox;
  options.handed_in = handed_in(pending);
  Machine machine = local_machine(sandbox);
  machine.course = [this](const GradeOptions& of, const Contents& contents) {
    return courses_.find(of.assignment.empty() ? find_assignment(of.root, contents) : of.assignment).course;
  };
  return autograder::grade(options, machine);
}

bool LocalGrader::may_be_read() const {
  const bool is_open = options_.grade.fixtures == "public";
  return options_.feedback == Feedback::full || (options_.feedback == Feedback::automatic && is_open);
}

void LocalGrader::note_what_decides(Record& record, const Report& report, const Sandbox& sandbox) {
  record.assignment = report.assignment;
  record.fixtures = measure(report.environment.fixtures_sha256, options_.grade.fresh);
  record.points = courses_.find(report.assignment).points;
  record.toolbox = courses_.toolbox(report.assignment, sandbox);
}

void grade_locally(const LocalOptions& options, const OpenSandbox& open, const std::vector<Pending>& pending,
                   const Listener& tell) {
  LocalGrader grader(options, pending.size(), open);
  for_each_index(pending.size(), options.jobs, [&](std::size_t i) { tell.finish(grader.grade(pending[i])); });
  if (options.grade.cache) options.grade.cache->trim();
}

}  // namespace autograder
