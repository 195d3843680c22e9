// What a batch has to do: from the hand-ins that are there, what the journal says, and what is asked for. Pure.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "autograder/journal.hpp"

namespace autograder {

struct Plan {
  std::set<std::string> pending;      ///< what is to be graded, by name
  std::string request;                ///< what --regrade says, for the journal; empty: nothing
  std::vector<std::string> asked;     ///< what that asks for, and the journal does not know yet
  std::vector<Asked> left;            ///< of requests that a batch was asked for and did not finish
  std::vector<std::string> gone;      ///< of those requests what is no longer there or wanted: to be ticked off
  std::vector<std::string> outdated;  ///< not pending, though what decides a score is another today
};

/// Whether a record with a score was made with other fixtures, points or another grader than there are now.
using IsOutdated = std::function<bool(const Record&)>;

/// Plans from the digests of what is there, by name; `regrade` holds "all", "failed", "none" (which drops unfinished
/// requests) or names. Pending is what has no record of its content, what is asked for, and what is left of requests.
///
/// A request that is unfinished and made again is the same one: what was graded for it already is not graded again,
/// unless it is outdated. Throws UsageError for a name that is not there.
Plan make_plan(const std::map<std::string, std::string>& digests, const std::vector<std::string>& regrade,
               const std::vector<Record>& last, const std::vector<Asked>& asked, const IsOutdated& is_outdated);

}  // namespace autograder
