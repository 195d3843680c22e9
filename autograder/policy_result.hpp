// What became of one of the course's rules (policy.hpp), as plain data.
#pragma once

#include <string>
#include <vector>

namespace autograder {

struct RuleResult {
  enum class Outcome {
    kept,
    broken,
    not_checked,  ///< for want of something, which the details name; costs nothing and says nothing
  };

  std::string rule;  ///< "files", "due", ...: the key in assignment.json
  Outcome outcome = Outcome::not_checked;
  double penalty_percent = 0.0;           ///< of the whole score, or of what `section` has; 0: advice
  std::string section = {};               ///< id; empty: the whole
  std::vector<std::string> details = {};  ///< for the student, a sentence each
  bool refuses = false;                   ///< broken: the hand-in earns nothing
};

const char* name_of(RuleResult::Outcome outcome);

/// What broken rules leave of points.
struct Adjustment {
  double deduction = 0.0;  ///< points that sections lose
  double factor = 1.0;     ///< what is left of the whole; 0 where the hand-in is refused

  /// (points - deduction) x factor, of any points, those given by hand too; rounded to hundredths, never below 0.
  double of(double points) const;
};

}  // namespace autograder
