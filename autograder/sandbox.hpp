// How a program that reads or contains student code is shut in. A sandbox turns a command into a command: stages say
// what they run and what it has to see, the sandbox says how. What each tier holds is in DESIGN.md.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograder/process.hpp"
#include "autograder/temporary_folder.hpp"
#include "autograder/worker_server.hpp"

namespace autograder {

/// How strongly student code is shut in, weakest first.
enum class Tier {
  none,   ///< limits and a system-call filter only: a student's own machine
  user,   ///< also another user, to whom all files but the toolchain's are closed: containers that forbid namespaces
  bwrap,  ///< own namespaces, in which nothing else exists (bubblewrap)
};

const char* name_of(Tier tier);

/// A tier that this machine does not give, and why.
struct RefusedTier {
  Tier tier;
  std::string why;
};

/// Something of the system that a confined program may read: a file or folder, or a link that has to be there too.
struct SystemPath {
  std::filesystem::path path;
  std::string link_target;  ///< not empty: the path is a link
};

/// A tier at work.
struct Sandbox {
  Tier tier = Tier::none;
  std::filesystem::path launcher;
  std::filesystem::path bwrap;        ///< in tier bwrap
  std::optional<uid_t> user;          ///< whom student code runs as, where that is not the grader's own user
  std::vector<SystemPath> programs;   ///< what a tool may read of the system: compilers, headers, libraries
  std::vector<SystemPath> libraries;  ///< what a worker may read of it
  bool closes_files = true;           ///< all others are closed to it
  bool threads_are_limited = true;    ///< else a worker may start none: as root nothing limits their number
  bool shares_count = false;          ///< the user's other processes count against its limit on processes
  std::vector<RefusedTier> refused;   ///< stronger ones
  std::shared_ptr<const TemporaryFolder> folder;  ///< of the launcher's copy, where `user` cannot reach the original
};

/// Opens the strongest tier that works here, or the one that is asked for. Tiers are tried, not guessed. `folders` are
/// those with programs and libraries outside the system's. Throws GraderError where the one asked for does not work.
Sandbox open_sandbox(std::optional<Tier> wanted, const std::vector<std::filesystem::path>& folders);

/// The tier of that name; nothing for "auto". Throws GraderError for any other word.
std::optional<Tier> tier_named(const std::string& name);

/// "bwrap: bubblewrap is not installed; user: it needs root": why there is no stronger tier; empty where there is none.
std::string why_not_stronger(const Sandbox& sandbox);

/// Returns the command that runs `command` in the sandbox. Pure, but for the count of a shared user's threads.
Command confine(const Command& command, const Sandbox& sandbox);

/// Runs a command without input to its end, in the sandbox. Its writable folder is made the command's own.
Completed run_confined(const Command& command, const Sandbox& sandbox);

/// Opens a sandbox in which workers are started: each reads requests and answers on descriptor 3.
std::shared_ptr<WorkerServer> open_server(const Command& command, const Sandbox& sandbox);

/// When it goes, whatever still runs as the sandbox's user is ended: what namespaces do in tier bwrap.
class Sweep {
 public:
  explicit Sweep(const Sandbox& sandbox) : user_(sandbox.user) {}
  ~Sweep();
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

 private:
  std::optional<uid_t> user_;
};

}  // namespace autograder
