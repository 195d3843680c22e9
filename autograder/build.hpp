// Building a hand-in: one object a file, each isolated from the others, linked with the worker and weak stubs.
// A file that does not build costs only what needs it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "autograder/assignment.hpp"
#include "autograder/object_cache.hpp"
#include "autograder/report.hpp"
#include "autograder/run.hpp"
#include "autograder/toolchain.hpp"
#include "autograder/tools.hpp"
#include "autograder/unpack.hpp"

namespace autograder {

enum class Symbols { none, debug };  ///< debug: for gdb

/// How a source is compiled that the first compiler refuses: without what is precompiled, and by the other compilers;
/// or not at all, where many are expected not to compile.
enum class Attempts { all, first };

enum class Instruments { none, sanitizers };  ///< what finds out why a program crashes: explain.hpp

/// Where the worker's objects and the stubs are linked from: copied, where another user has to read them.
enum class Parts { in_place, copied };

struct BuildRequest {
  const Assignment& assignment;
  const Handin& handin;
  const Toolchain& toolchain;
  const std::map<std::string, std::string>& headers;  ///< the handout's own, never the student's, by their names
  std::filesystem::path folder;                       ///< an empty folder that is the build's alone
  std::set<std::string> needed = {};  ///< places of the sources to build; the stub stands in for any other
  std::size_t jobs = 1;
  Symbols symbols = Symbols::none;
  Parts parts = Parts::in_place;
  Attempts attempts = Attempts::all;
  Instruments instruments = Instruments::none;

  const ObjectCache* cache = nullptr;  ///< null: everything is built
  std::string surroundings = {};       ///< of surroundings_of(); empty: nothing is cached
  std::string links = {};              ///< what is linked from the objects, if it is not the surroundings' worker
};

struct BuildResult {
  std::vector<BuiltFile> files;  ///< of the needed sources, in the assignment's order
  WorkerProgram worker;
};

/// Compiles, isolates and links. What the hand-in did wrong is in `files`; the worker is always there.
///
/// A source that one compiler refuses is tried with the next; one that a compiler does not finish with in time is not.
/// A file whose object cannot be linked alone, say because it uses a function that is nowhere defined, counts as failed
/// too. Throws GraderError when not even the stubs can be linked.
BuildResult build(const BuildRequest& request, const RunCommand& run);

}  // namespace autograder
