// Who grades the hand-ins of a class: this machine (local_executor.hpp) or a cluster (slurm_executor.hpp). An executor
// hands every record to the batch, which alone writes the journal and the reports.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "autograder/class_folder.hpp"
#include "autograder/handin_state.hpp"
#include "autograder/journal.hpp"

namespace autograder {

/// A hand-in that is to be graded, as it was when the batch looked at it.
struct Pending {
  Submission submission;
  HandinState state;
};

/// Whom an executor tells how it goes.
struct Listener {
  std::function<void(const Record&)> finish;     ///< a hand-in is done; from any thread, and from several at a time
  std::function<void(const std::string&)> note;  ///< a line for whoever watches
};

/// Grades all of them, each once. Throws GraderError where that is impossible; what was finished stays so.
using Executor = std::function<void(const std::vector<Pending>&, const Listener&)>;

/// The beginning of a record: which hand-in, and who grades it. Its outcome is a failure of the grader, until another
/// is known.
Record begin_record(const Pending& pending);

/// Sets when a grade was done: now.
void sign(Record& record);

/// "90 / 100", or why there is no score; for one line.
std::string result_of(const Record& record);

}  // namespace autograder
