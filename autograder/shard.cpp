// See shard.hpp.
#include "autograder/shard.hpp"

#include "autograder/cluster_run.hpp"
#include "autograder/parallel.hpp"
#include "autograder/report_writers.hpp"

namespace autograder {

namespace {

/// Where in the job the task's hand-ins are that are still to be graded.
std::vector<Place> places_of(const ClusterRun& run, const JobArray& job, const ShardOptions& options) {
  std::vector<Place> places;
  const std::size_t begin = options.task * job.shard, end = std::min(begin + job.shard, job.handins.size());
  for (std::size_t index = begin; index < end; ++index) {
    const Place place{options.job, index};
    if (run.wants(place, job.handins[index].submission.name)) places.push_back(place);
  }
  return places;
}

}  // namespace

void grade_shard(const ShardOptions& options, const OpenSandbox& open, std::ostream& out) {
  const ClusterRun run(options.folder);
  const std::optional<JobArray> job = run.job(options.job);
  const std::vector<Place> places = job ? places_of(run, *job, options) : std::vector<Place>();
  if (places.empty()) {
    out << "Nothing to do: the batch is over, or all is graded.\n";
    return;
  }
  const std::set<std::string> wanted = wanted_names(options.local.grade.root);
  LocalGrader grader(options.local, places.size(), open);
  run.write_begun(options.job, options.task);
  std::mutex mutex;  // of results and `out`
  for_each_index(places.size(), options.local.jobs, [&](std::size_t i) {
    Pending pending = job->handins[places[i].index];
    const std::string& name = pending.submission.name;
    if (!run.wants(places[i], name)) return;  // meanwhile the batch may have given this task up for lost
    // It may have been handed in again since.
    pending.state = state_of(pending.submission.path, wanted);
    const Record record = grader.grade(pending);
    const std::scoped_lock lock(mutex);
    run.write_result(places[i], record);
    out << one_line(name) << "  " << result_of(record) << "\n" << std::flush;
  });
  if (options.local.grade.cache) options.local.grade.cache->trim();
}

}  // namespace autograder
