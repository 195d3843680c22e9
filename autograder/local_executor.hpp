// Grades hand-ins of a class on this machine, several at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "autograder/executor.hpp"
#include "autograder/feedback.hpp"
#include "autograder/grade.hpp"
#include "autograder/known_courses.hpp"

namespace autograder {

struct LocalOptions {
  GradeOptions grade;  ///< of each hand-in; `handin`, `jobs` and `sandbox` are the executor's to set
  Feedback feedback = Feedback::automatic;
  std::size_t jobs = 1;                                ///< hand-ins at a time
  bool files_say_when = true;                          ///< hand-ins came at the times of their files
  std::map<std::string, std::string> submitted = {};   ///< else: when they came, by student
  std::map<std::string, std::string> extensions = {};  ///< due times of their own, by student
};

/// Opens a sandbox for one of several hand-ins that are graded at a time: what is swept at the end of one must not be
/// another's.
using OpenSandbox = std::function<Sandbox()>;

class LocalGrader {
 public:
  /// Opens as many sandboxes as there will be hand-ins at a time, of `handins` in all. Throws GraderError where that is
  /// impossible.
  LocalGrader(const LocalOptions& options, std::size_t handins, const OpenSandbox& open);

  /// From at most options.jobs threads at a time. What goes wrong on the grader's side is in the record.
  Record grade(const Pending& pending);

 private:
  Sandbox take();
  void give_back(Sandbox sandbox);
  HandedIn handed_in(const Pending& pending) const;
  Report grade_in(const Sandbox& sandbox, const Pending& pending);
  /// Whether students may read why the grader failed: the message may name what is hidden.
  bool may_be_read() const;
  void note_what_decides(Record& record, const Report& report, const Sandbox& sandbox);

  const LocalOptions& options_;
  std::size_t jobs_each_ = 1;
  KnownCourses courses_;
  std::mutex mutex_;
  std::vector<Sandbox> sandboxes_;  ///< that nobody is using
};

/// The executor of this machine.
void grade_locally(const LocalOptions& options, const OpenSandbox& open, const std::vector<Pending>& pending,
                   const Listener& tell);

}  // namespace autograder
