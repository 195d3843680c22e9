// Grading what the proof of the grader is made of (verify.hpp): hand-ins in memory, each built once and assessed with
// several sets of fixtures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "autograder/grade.hpp"

namespace autograder {

/// Whether all files of a hand-in compiled and were linked.
bool did_build(const std::vector<BuiltFile>& files);

/// By the name of the set.
using Reports = std::map<std::string, Report>;

class Examiner {
 public:
  /// `options` says with which root, assignment, sandbox and cache.
  Examiner(const GradeOptions& options, const Machine& machine);

  const Assignment& assignment() const { return courses_.begin()->second->assignment; }
  const Course& course() const { return *courses_.begin()->second; }
  const Handin& solution() const { return solution_; }

  /// The sets that every hand-in is graded with: public, and hidden where it is there.
  std::vector<std::string> sets() const;

  /// Grades with all sets. For several threads at a time.
  Reports examine(const Handin& handin) const;

  /// As that, where nothing is compiled a second time that was refused once, and what does not build is not run: for
  /// edits many of which do not compile.
  Reports examine_quickly(const Handin& handin) const;

  /// Asks the solution for the answers to fresh cases.
  void draw(const Fresh& fresh);
  /// Grades with these, after draw().
  Report examine_afresh(const Handin& handin) const;

 private:
  using Courses = std::map<std::string, std::shared_ptr<const Course>>;

  Reports examine(const Handin& handin, const Courses& courses, const GradeOptions& options) const;

  GradeOptions options_;
  const Machine& machine_;
  Handin solution_;
  Courses courses_, fresh_course_;
};

}  // namespace autograder
