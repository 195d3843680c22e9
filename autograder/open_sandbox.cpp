// Opening a sandbox: which tier this machine gives is found out by starting something in it. See sandbox.hpp.
#include <signal.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <sstream>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"
#include "autograder/sandbox.hpp"
#include "autograder/version.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// Those of `paths` that are there. A link to a folder that is there as well stays a link.
std::vector<SystemPath> existing(const std::vector<fs::path>& paths) {
  std::vector<SystemPath> found;
  std::error_code none;
  for (const fs::path& path : paths) {
    if (!fs::exists(path, none)) continue;
    const bool is_link = fs::is_symlink(path, none) && fs::is_directory(path, none);
    found.push_back({path, is_link ? fs::read_symlink(path).string() : ""});
  }
  return found;
}

std::vector<fs::path> with(std::vector<fs::path> paths, const std::vector<fs::path>& more) {
  paths.insert(paths.end(), more.begin(), more.end());
  return paths;
}

/// Whether the user id means a user in this namespace (user_namespaces(7)).
bool is_mapped(uid_t user) {
  std::ifstream map("/proc/self/uid_map");
  for (unsigned long inside = 0, outside = 0, count = 0; map >> inside >> outside >> count;) {
    if (user >= inside && user - inside < count) return true;
  }
  return false;
}

/// A user id that no process has. By chance, as graders in different containers see neither each other's processes nor
/// different process numbers, but share the kernel's count of a user's processes.
uid_t pick_user() {
  constexpr uid_t high = 0x60000000, low = 20'000, low_count = 40'000;  // the second for containers that map 65536 ids
  constexpr uid_t high_count = 0x10000000;
  // Those that this process has picked already may have no processes yet.
  static std::mutex mutex;
  static std::set<uid_t> picked;
  const std::scoped_lock lock(mutex);
  std::random_device chance;
  for (int attempt = 0; attempt < 100; ++attempt) {
    for (const uid_t user : {high + chance() % high_count, low + chance() % low_count}) {
      if (is_mapped(user) && threads_of_user(user) == 0 && picked.insert(user).second) return user;
    }
  }
  throw GraderError("no other user can be had: this container maps root alone");
}

/// Since Linux 5.14 a user's processes are counted in each user namespace by itself.
bool counts_by_namespace() {
  utsname system{};
  int major = 0, minor = 0;
  char dot = 0;
  if (uname(&system) != 0 || !(std::istringstream(system.release) >> major >> dot >> minor)) return false;
  return major > 5 || (major == 5 && minor >= 14);
}

/// The grader may lie where only root can go.
void copy_launcher(Sandbox& sandbox) {
  sandbox.folder = std::make_shared<TemporaryFolder>(sandbox.user);
  const fs::path copy = sandbox.folder->path() / "launcher";
  std::error_code error;
  fs::copy_file(sandbox.launcher, copy, error);
  if (!error) fs::permissions(copy, fs::perms(0755), error);
  if (error) throw_system_error("copying " + sandbox.launcher.string(), error.value());
  sandbox.launcher = copy;
}

/// Starts a program that does nothing. Throws GraderError where the sandbox does not let it, or cannot hold student
/// code; tier none promises nothing about that.
void probe(const Sandbox& sandbox) {
  Command command;
  command.arguments = {sandbox.launcher.string(), "probe"};
  command.limits.wall_seconds = 20;
  command.limits.processes = 8;
  const Completed completed = run_confined(command, sandbox);
  const auto* signalled = std::get_if<Signalled>(&completed.ending);
  if (std::holds_alternative<TimedOut>(completed.ending) || (signalled && signalled->number == SIGKILL)) {
    throw ShortageError("a program that does nothing ended by " + describe(completed.ending));
  }
  if (!completed.succeeded() && sandbox.tier != Tier::none) {
    throw GraderError(completed.errors.empty() ? "a program that does nothing ended by " + describe(completed.ending)
                                               : completed.errors);
  }
}

/// Returns the tier at work, or throws GraderError with the reason why it does not.
Sandbox try_tier(Tier tier, const std::vector<fs::path>& folders) {
  Sandbox sandbox;
  sandbox.tier = tier;
  sandbox.launcher = kLauncherFile;
  const std::vector<fs::path> both{"/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache"};
  // glibc asks there whether the kernel gives large pages, see tools.cpp.
  const fs::path large_pages = "/sys/kernel/mm/transparent_hugepage";
  sandbox.programs = existing(with(with(both, {"/usr", "/bin", "/sbin", large_pages}), folders));
  sandbox.libraries = existing(with(with(both, {"/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32"}), folders));
  const bool root = geteuid() == 0;
  if (tier == Tier::user && !root) throw GraderError("it needs root");
  if (tier == Tier::bwrap) {
    sandbox.bwrap = find_program("bwrap");
    if (sandbox.bwrap.empty()) throw GraderError("bubblewrap is not installed (apt-get install bubblewrap)");
  }
  if (tier != Tier::none && root) {
    sandbox.user = pick_user();
    copy_launcher(sandbox);
  }
  sandbox.threads_are_limited = sandbox.user || !root;
  sandbox.shares_count = !sandbox.user && (tier == Tier::none || !counts_by_namespace());
  try {
    sandbox.closes_files = tier != Tier::none;
    probe(sandbox);
  } catch (const ShortageError&) {
    throw;
  } catch (const GraderError&) {
    if (tier != Tier::user) throw;
    // An older kernel, or a container that forbids Landlock: permissions alone have to keep files closed.
    sandbox.closes_files = false;
    probe(sandbox);
  }
  return sandbox;
}

}  // namespace

Sandbox open_sandbox(std::optional<Tier> wanted, const std::vector<fs::path>& folders) {
  std::vector<RefusedTier> refused;
  for (const Tier tier : {Tier::bwrap, Tier::user, Tier::none}) {
    if (wanted && *wanted != tier) continue;
    try {
      Sandbox sandbox = try_tier(tier, folders);
      sandbox.refused = refused;
      return sandbox;
    } catch (const ShortageError& error) {
      // Not refused, only not to be had now: a weaker tier would depend on the hour.
      throw GraderError(std::string("opening the sandbox ") + name_of(tier) + ": " + error.what());
    } catch (const GraderError& error) {
      if (wanted || tier == Tier::none) {
        throw GraderError(std::string("opening the sandbox ") + name_of(tier) + ": " + error.what() +
                          ". `autograder doctor` says what this machine gives.");
      }
      refused.push_back({tier, error.what()});
    }
  }
  throw GraderError("opening a sandbox: no tier works here");
}

}  // namespace autograder
