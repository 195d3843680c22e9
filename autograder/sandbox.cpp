// See sandbox.hpp.
#include "autograder/sandbox.hpp"

#include <unistd.h>

#include "autograder/grader_error.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace fs = std::filesystem;

namespace {

/// For temporary files of compilers that do not heed TMPDIR. Of memory, like every tmpfs.
constexpr std::size_t kScratchBytes = std::size_t{64} << 20;

/// What programs take for granted.
constexpr const char* kDevices[] = {"/dev/null", "/dev/zero", "/dev/urandom"};

using Words = std::vector<std::string>;

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

const std::vector<SystemPath>& system_for(const Command& command, const Sandbox& sandbox) {
  return command.program == Program::tool ? sandbox.programs : sandbox.libraries;
}

const fs::path& launcher_of(const Command& command, const Sandbox& sandbox) {
  return command.launcher.empty() ? sandbox.launcher : command.launcher;
}

/// Landlock knows no links, and files open for reading only.
Words close_files_words(const Command& command, const Sandbox& sandbox) {
  Words words{"--close-files", "--read", launcher_of(command, sandbox).string()};
  for (const SystemPath& one : system_for(command, sandbox)) {
    if (one.link_target.empty()) append(words, {"--read", one.path.string()});
  }
  for (const char* device : kDevices) append(words, {"--read", device});
  for (const fs::path& path : command.readable) append(words, {"--read", path.string()});
  if (!command.writable.empty()) append(words, {"--write", command.writable.string()});
  return words;
}

Words launcher_words(const Command& command, const Sandbox& sandbox) {
  Words words{launcher_of(command, sandbox).string(), command.program == Program::tool ? "tool" : "server"};
  if (command.limits.processes > 0) {
    const std::size_t others = sandbox.shares_count ? threads_of_user(getuid()) : 0;
    // The launcher's two processes count as well.
    append(words, {"--processes", std::to_string(command.limits.processes + others + 2)});
  }
  if (command.limits.open_files > 0) append(words, {"--open-files", std::to_string(command.limits.open_files)});
  if (!sandbox.threads_are_limited) words.push_back("--no-threads");
  if (sandbox.tier == Tier::user && sandbox.closes_files) append(words, close_files_words(command, sandbox));
  for (const fs::path& library : command.libraries) append(words, {"--load", library.string()});
  words.push_back("--");
  append(words, command.arguments);
  return words;
}

Words bwrap_words(const Command& command, const Sandbox& sandbox) {
  Words words{sandbox.bwrap.string(), "--unshare-user", "--disable-userns", "--unshare-pid",
              "--unshare-net",        "--unshare-ipc",  "--unshare-uts",    "--unshare-cgroup-try",
              "--die-with-parent",    "--new-session",  "--cap-drop",       "ALL",
              "--hostname",           "sandbox",        "--clearenv"};
  for (const std::string& variable : command.environment) {
    const auto equals = variable.find('=');
    append(words, {"--setenv", variable.substr(0, equals), variable.substr(equals + 1)});
  }
  for (const SystemPath& one : system_for(command, sandbox)) {
    if (one.link_target.empty()) {
      append(words, {"--ro-bind", one.path.string(), one.path.string()});
    } else {
      append(words, {"--symlink", one.link_target, one.path.string()});
    }
  }
  for (const char* device : kDevices) append(words, {"--dev-bind", device, device});
  append(words, {"--size", std::to_string(kScratchBytes), "--tmpfs", "/tmp"});
  const std::string launcher = launcher_of(command, sandbox).string();
  append(words, {"--ro-bind", launcher, launcher});
  for (const fs::path& path : command.readable) append(words, {"--ro-bind", path.string(), path.string()});
  if (!command.writable.empty()) append(words, {"--bind", command.writable.string(), command.writable.string()});
  // Last, as everything before it makes its place in the root, which is a tmpfs too.
  append(words, {"--remount-ro", "/", "--chdir", command.folder.empty() ? "/" : command.folder.string(), "--"});
  append(words, launcher_words(command, sandbox));
  return words;
}

/// The folder becomes the sandbox's user's.
void give(const fs::path& folder, const Sandbox& sandbox) {
  if (folder.empty() || !sandbox.user) return;
  if (chown(folder.c_str(), *sandbox.user, *sandbox.user) != 0) {
    throw GraderError("giving the folder " + folder.string() + " to the sandbox's user: is its file system read-only?");
  }
}

}  // namespace

const char* name_of(Tier tier) {
  switch (tier) {
    case Tier::none: return "none";
    case Tier::user: return "user";
    case Tier::bwrap: return "bwrap";
  }
  return "";
}

std::optional<Tier> tier_named(const std::string& name) {
  for (const Tier tier : {Tier::none, Tier::user, Tier::bwrap}) {
    if (name == name_of(tier)) return tier;
  }
  if (name != "auto") throw GraderError("there is no sandbox tier " + name);
  return std::nullopt;
}

std::string why_not_stronger(const Sandbox& sandbox) {
  std::string why;
  for (const RefusedTier& refused : sandbox.refused) {
    why += (why.empty() ? "" : "; ") + std::string(name_of(refused.tier)) + ": " + refused.why;
  }
  return why;
}

Command confine(const Command& command, const Sandbox& sandbox) {
  Command confined = command;
  confined.watched = true;
  confined.user = sandbox.user;
  if (sandbox.tier == Tier::bwrap) {
    confined.arguments = bwrap_words(command, sandbox);
    confined.environment.clear();
    confined.folder = "/";
  } else {
    confined.arguments = launcher_words(command, sandbox);
  }
  return confined;
}

Completed run_confined(const Command& command, const Sandbox& sandbox) {
  give(command.writable, sandbox);
  return run_to_end(confine(command, sandbox));
}

std::shared_ptr<WorkerServer> open_server(const Command& command, const Sandbox& sandbox) {
  return WorkerServer::open(confine(command, sandbox));
}

Sweep::~Sweep() {
  if (user_) kill_user(*user_);
}

}  // namespace autograder
