// What known slips would answer (the fixtures' suspects), beside what a hand-in answered. Pure.
#pragma once

#include <string>

#include "autograder/assignment.hpp"
#include "autograder/fixture.hpp"
#include "autograder/report.hpp"
#include "autograder/value.hpp"

namespace autograder {

/// Notes in the first mismatch of a case which of its suspects would have gone wrong there first, with `actual` as the
/// answer, and which would not. A case without a certain suspect says nothing against it; nor for or against it does
/// one in which all that the suspect gets wrong there is not finite, and `actual` is not finite either.
void ask_suspects(const Case& one, const Component& component, const Value& actual, Mismatch& mismatch);

/// Whether the answer that got these mismatches is right in every output that the suspect would get wrong, so that the
/// slip is not in it. What would not be finite says nothing. `suspect` is the id of a relation: "suspect b_left_out".
bool is_refuted(const std::string& suspect, const Case& one, const CaseResult& result);

}  // namespace autograder
