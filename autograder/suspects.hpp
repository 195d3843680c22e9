// What known slips would answer (the fixtures' suspects), beside what a hand-in answered. Pure.
#pragma once

#include "autograder/assignment.hpp"
#include "autograder/fixture.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Notes in the first mismatch of a case which of its suspects would have gone wrong there first, with `actual` as the
/// answer, and which would not. A case without a certain suspect says nothing against it.
void ask_suspects(const Case& one, const Component& component, const Value& actual, Mismatch& mismatch);

}  // namespace autograder
