// What a student may read of a report on hidden fixtures. Pure.
#pragma once

#include "autograder/report.hpp"

namespace autograder {

/// Returns the report without anything that would tell a hidden value: names of cases, shapes, indices, values,
/// counts, error sizes, seconds, and every text of the student's process or compiler, which could print its inputs.
/// What is left: points, statuses, and of the case that says how a component ended the first wrong output with its kind
/// of mismatch and its hint. Cases of passed components are not listed.
Report withhold(const Report& report);

enum class Feedback {
  automatic,  ///< all for open fixtures, little for withheld ones
  full,
  withheld,
};

/// The report as a student may read it. Pure.
Report for_student(const Report& report, Feedback feedback);

}  // namespace autograder
