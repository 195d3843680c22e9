// Hostile hand-ins: hostile/<row>_<name>/, where row is the one of the list in hostile/README.md.
// A folder holds verdict.json and whole files that stand in place of the solution's. Beside the keys of verdict.hpp:
//   attack        one sentence: what it tries
//   variants      a list of verdicts, each laid over the rest of the document; every one is a hand-in of its own
//   put           tokens and what they stand for in the files, as a text or a list of lines: {"CALL": "abort();"} is
//   for
//                 @CALL@. Where there is any, src/optim/sgd.cpp is parts/sgd.cpp, unless the folder has its own
//   only          components to grade; linear and sgd unless it says otherwise
//   not_says      texts that no format of the report may hold
//   kinds         of the first mismatch of a component: {"tanh": "shape"}
//   refused       what the report says of a hand-in that is not graded
//   damage        what it does to the world, as World::damage() says it: only ever in `open`
//   confined      "files", "calls" or "limits": the verdict holds only in a tier that closes these
//   open          the verdict where nothing confines it, as a patch of this one: the proof that the attack is one
//   fixtures      "public" or "hidden"
//   environment   variables of the process that grades
//   archive       the hand-in is not the folder but what is made of this; see hostile_archive.hpp
//   called        the last part of the hand-in's path
//   once          true: no tier makes a difference, and the strongest is enough
//   compile       true: what is built is never taken from the cache
//   limits        {"cpu", "wall"}: seconds a case
//   compile_limits {"cpu", "memory_mb"}: of one compiler
//   seconds       within which the grade must be there
// In all files @COURSE@ is the repository, @OTHER@ another student's hand-in, @MARKER@ a folder that must stay empty,
// @ID@ a word that nobody else uses, @VICTIM@ another process, @PORT@ one of the grader's machine with a server on it
// (TCP and UDP), @SOCKET@ and @ABSTRACT@ the names of its Unix sockets, @FIXTURE_SGD@ the text of a public fixture,
// @WORKER@ that of parts/WORKER.inc. A token that nothing stands for is taken out.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "autograder/tests/verdict.hpp"

namespace autograder_tests {

using Tokens = std::map<std::string, std::string>;

struct Hostile {
  std::string name;  ///< folder and attack
  fs::path folder;
  Verdict verdict;
  Tokens put;
  std::vector<std::string> only;
  std::vector<std::string> not_says;
  std::map<std::string, std::string> kinds;
  std::string refused;
  std::vector<std::string> damage;
  std::string confined;
  std::optional<nlohmann::json> open;  ///< the whole document as it is where nothing is confined
  std::string fixtures;
  std::map<std::string, std::string> environment;
  nlohmann::json archive;
  std::string called;
  bool once = false;
  bool compile = false;
  std::size_t case_cpu_seconds = 0;
  std::size_t case_wall_seconds = 0;
  std::size_t compile_cpu_seconds = 0;
  std::size_t compile_memory_bytes = 0;
  double seconds = 0;
};

/// Reads the hand-ins of one folder, a variant each. Throws JsonError for what the format does not know.
std::vector<Hostile> read_hostile(const fs::path& folder);

/// The same hand-in with the verdict of a tier that does not confine it, or nothing.
std::optional<Hostile> in_the_open(const Hostile& hostile);

/// A hand-in on the disk.
struct LaidOut {
  fs::path path;
  bool lasting = true;  ///< the same files in every run: none holds a token of this one
};

/// Writes the hand-in below `folder`, its tokens replaced.
LaidOut lay_out(const Hostile& hostile, const Tokens& of_this_run, HandinFolder& handin);

}  // namespace autograder_tests
