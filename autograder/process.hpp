// Child processes: the only place that forks. A child has one owner, limits on time, memory and output, and never
// outlives its owner. What a child's ending means is for others to say.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "autograder/ending.hpp"
#include "autograder/stream.hpp"

namespace autograder {

struct Limits {
  double wall_seconds = 60;
  std::size_t cpu_seconds = 60;
  std::size_t cpu_case_seconds = 0;                 ///< what the program lets itself use before it is signalled; 0: all
  std::size_t memory_bytes = 0;                     ///< address space; 0: no limit
  std::size_t resident_bytes = 0;                   ///< memory in use, for programs that reserve far more; 0: no limit
  std::size_t file_bytes = std::size_t{256} << 20;  ///< of any file it writes
  std::size_t output_bytes = std::size_t{8} << 20;  ///< of each of standard output and error
  std::size_t answer_bytes = std::size_t{16} << 20;  ///< of one line on descriptor 3

  // Enforced in a sandbox only (sandbox.hpp); 0: no limit.
  std::size_t open_files = 0;
  std::size_t processes = 0;  ///< with threads
};

/// What a program is, as far as its confinement goes.
enum class Program {
  tool,    ///< a compiler or linker: it may start programs, and reads what a student wrote
  worker,  ///< a shared object with student code, for the launcher to load
};

struct Command {
  std::vector<std::string> arguments;    ///< the first is the program's path
  std::filesystem::path folder;          ///< working folder; empty: the caller's
  std::vector<std::string> environment;  ///< NAME=VALUE, all of it
  Limits limits;

  // What a sandbox lets it see, beyond the system's programs and libraries; ignored without one.
  Program program = Program::tool;
  std::vector<std::filesystem::path> readable;
  std::filesystem::path writable;  ///< a folder that is this command's alone; empty: none

  // What a sandbox makes of it.
  std::optional<uid_t> user;  ///< the user to become first; needs root
  bool watched = false;       ///< the program ends in the launcher, which says on descriptor 4 how the command ended
};

struct Completed {
  Ending ending;
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
  double seconds = 0.0;

  bool succeeded() const {
    const auto* exited = std::get_if<Exited>(&ending);
    return exited && exited->code == 0;
  }
};

enum class Channel { none, lines };  ///< lines: the child reads requests on 0 and answers on descriptor 3

/// A running child. The destructor kills it, its process group, and whatever it left behind, and waits for all.
///
/// Every call throws GraderError where it turns out that the program or its sandbox could not be started.
class Child {
 public:
  Child(const Command& command, Channel channel);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits for the end, however it comes.
  Ending wait();

  /// Sends a line and waits at most `wall_seconds` for one on descriptor 3. Returns it without its line break, or how
  /// the child ended instead; a child that takes longer has been killed.
  std::variant<std::string, Ending> ask(std::string_view line, double wall_seconds);

  /// What arrived on standard output and error since the last call.
  std::string take_output();
  std::string take_errors();

 private:
  void start(const Command& command, Channel channel);
  void pump(std::chrono::steady_clock::time_point deadline, const std::function<bool()>& done);
  bool write_pending();
  void read_all();
  void wait_for_death();
  void end_by_itself();
  void end_by_us(const Ending& ending);
  Ending by_itself(const ProcessEnd& end) const;
  Ending reported_ending() const;
  void kill_all();

  pid_t pid_ = -1;
  int exit_watch_ = -1;
  int input_ = -1;
  std::string pending_;                           ///< input not written yet
  std::vector<std::unique_ptr<Stream>> streams_;  ///< standard output, standard error, answers, the launcher's report
  Limits limits_;
  bool watched_ = false;
  std::optional<Ending> ending_;
};

/// Kills every child of this process, which is about to end: whoever wants to start or end one afterwards waits for
/// ever.
void kill_children();

/// Runs a program without input to its end.
Completed run_to_end(const Command& command);

}  // namespace autograder
