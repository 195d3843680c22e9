// One task of a class on a cluster: grades its share of a job's hand-ins, and writes a record each (cluster_run.hpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <ostream>

#include "autograder/local_executor.hpp"

namespace autograder {

struct ShardOptions {
  LocalOptions local;
  std::filesystem::path folder;  ///< of the run
  std::size_t job = 0;
  std::size_t task = 0;
};

/// Grades what nobody has graded yet: after it went back into Slurm's queue, a task goes on where it was. Says on `out`
/// how it goes. Throws GraderError where nothing can be graded or written.
void grade_shard(const ShardOptions& options, const OpenSandbox& open, std::ostream& out);

}  // namespace autograder
