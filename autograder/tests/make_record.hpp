// Makes records of a journal.
#pragma once

#include "autograder/journal.hpp"

namespace make {

/// A hand-in that passed linear and lost points in sgd.
inline autograder::Record record(const std::string& name, double score) {
  autograder::Record made;
  made.name = name;
  made.student = name;
  made.digest = "digest of " + name;
  made.handed_in = "2026-01-01T02:03:04.000000000Z";
  made.assignment = "mytorch";
  made.grader = "0.1.0";
  made.fixtures = "fixtures";
  made.points = "points";
  made.toolbox = "toolbox";
  made.outcome = autograder::Record::Outcome::graded;
  made.score = score;
  made.max_score = 100;
  made.sections = {{"linear", "passed", 15, 15}, {"sgd", "failed", score - 15, 85}};
  made.seconds = 1.25;
  made.at = "2026-01-02T03:04:05Z";
  return made;
}

}  // namespace make
