// Running cases: one worker process a component, one line asked, one line answered. What an answer is worth is not
// decided here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/fixture.hpp"
#include "autograder/process.hpp"
#include "autograder/sandbox.hpp"

namespace autograder {

/// A worker as this stage sees it. A process (start_workers) or, in tests, a script of replies.
class Worker {
 public:
  virtual ~Worker() = default;
  /// Returns the line that answers `request`, or how the worker ended instead.
  virtual std::variant<std::string, Ending> ask(const std::string& request) = 0;
  /// What the student's code printed since the last call, standard output first.
  virtual std::string take_output() = 0;
};

using StartWorker = std::function<std::unique_ptr<Worker>()>;

/// The case was not run, because the worker ended in an earlier one.
struct NotRun {
  std::string after;  ///< the case in which the worker ended
};

struct CaseRun {
  std::variant<std::string, Ending, NotRun> outcome;  ///< the answer's line, how the worker ended, or neither
  double seconds = 0.0;
  std::string output;
};

/// Takes over how the case with that index went.
using TakeRun = std::function<void(std::size_t index, CaseRun run)>;

/// Runs a component's cases, in order, in one worker; those worth no points afterwards, in a worker of their own.
/// After a case in which the worker ended, the rest of that worker's cases are not run. Each run is handed on before
/// the next case: answers may be large, and are not kept.
void run_cases(const std::vector<const Case*>& cases, const StartWorker& start, const TakeRun& take);

/// Runs one case in a worker of its own.
CaseRun run_case(const Case& one, const StartWorker& start);

/// A worker to be started, several times perhaps.
struct WorkerProgram {
  std::filesystem::path file;                     ///< a shared object, for the launcher
  std::vector<std::filesystem::path> libraries;   ///< what it is linked with
  std::filesystem::path own_library = {};         ///< one that is no system's, loaded after these; empty: none
  std::filesystem::path sanitized_launcher = {};  ///< not empty: its files are sanitized, and need this launcher
};

/// How many workers there are.
struct Workload {
  std::size_t cases = 1;    ///< that a worker runs at most
  std::size_t workers = 1;  ///< that run at a time
};

/// Opens a sandbox and returns a function that starts workers in it, from any thread, as long as the calling one lives.
StartWorker start_workers(const WorkerProgram& program, const CaseLimits& limits, const Workload& load,
                          const Sandbox& sandbox);

}  // namespace autograder
