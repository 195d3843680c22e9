// From the relations that hold in single cases to the one sentence on a component that all its failed cases support,
// or to none: a wrong hint is worse than none. Pure.
#pragma once

#include <string>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/fixture.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Where a case is from.
struct Homework {
  const Assignment& assignment;
  const Component& component;
  std::vector<const Case*> earlier{};  ///< cases that the same process ran before
};

/// Notes in the first mismatch of a case what the wrong output is: one of the case's suspects, or a relation. `actual`
/// is what the case's output of that name is, of the same type as what is expected.
void note_relations(const Case& one, const Homework& homework, const Value& actual, Mismatch& mismatch);

/// Puts the mismatches of a case into the order in which the component computes its outputs: what went wrong first
/// stands first.
void order_by_computation(const Component& component, std::vector<Mismatch>& mismatches);

/// Sets the hint, where one slip explains what the first failed case gets wrong first, in all cases that get it wrong
/// first. Where nothing does, an exception may tell by itself. `cases` are those of the component's results, in their
/// order: a suspect that would have got wrong what one of the same operation got
/// right is none.
void set_hints(ComponentResult& component, const std::vector<const Case*>& cases = {});

}  // namespace autograder
