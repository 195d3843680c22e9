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

namespace autograder {

struct Limits {
  double wall_seconds = 60;
  std::size_t cpu_seconds = 60;
  std::size_t memory_bytes = 0;                      ///< address space; 0: no limit
  std::size_t file_bytes = std::size_t{256} << 20;   ///< of any file it writes
  std::size_t output_bytes = std::size_t{8} << 20;   ///< of each of standard output and error
  std::size_t answer_bytes = std::size_t{16} << 20;  ///< of one line on descriptor 3
};

struct Command {
  std::vector<std::string> arguments;    ///< the first is the program's path
  std::filesystem::path folder;          ///< working folder; empty: the caller's
  std::vector<std::string> environment;  ///< NAME=VALUE, all of it
  Limits limits;
};

struct Exited {
  int code = 0;
};
struct Signalled {
  int number = 0;
};
struct TimedOut {
  bool by_processor_time = false;  ///< else by elapsed time
};
struct OutputLimit {
  const char* stream = "";  ///< "standard output", "standard error" or "descriptor 3"
};

/// How a child ended.
using Ending = std::variant<Exited, Signalled, TimedOut, OutputLimit>;

/// "exit code 2", "signal 11 (Segmentation fault)", ...
std::string describe(const Ending& ending);

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
class Child {
 public:
  /// Starts the program. Throws GraderError where it cannot be started.
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
  struct Stream;

  void start(const Command& command, Channel channel);
  void pump(std::chrono::steady_clock::time_point deadline, const std::function<bool()>& done);
  bool write_pending();
  void read_all();
  void reap();
  void kill_all();

  pid_t pid_ = -1;
  int exit_watch_ = -1;
  int input_ = -1;
  std::string pending_;  ///< input not written yet
  std::vector<std::unique_ptr<Stream>> streams_;
  Limits limits_;
  std::optional<Ending> ending_;
};

/// Runs a program without input to its end.
Completed run_to_end(const Command& command);

}  // namespace autograder
