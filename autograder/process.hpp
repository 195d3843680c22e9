// Processes that are talked to. A child has one owner, limits on time, memory and output, and never outlives its owner.
// What a child's ending means is for others to say.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "autograder/command.hpp"
#include "autograder/descriptor.hpp"
#include "autograder/ending.hpp"
#include "autograder/spawn.hpp"
#include "autograder/stream.hpp"

namespace autograder {

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

/// A process, whoever started it. The destructor kills it, and whatever it left behind, and waits for all.
class Process {
 public:
  virtual ~Process() = default;

  /// A descriptor that becomes readable when it has ended, or -1.
  virtual int exit_watch() const = 0;
  /// Whether it has ended, without waiting.
  virtual bool has_ended() = 0;
  /// Kills it, and waits for its death.
  virtual void kill() = 0;
  /// How it ended, where that is not reported by the launcher.
  virtual ProcessEnd end() const = 0;
  /// How it ended whose launcher reported its beginning and no more. May throw ShortageError.
  virtual Ending end_without_report() const = 0;
  /// What the sandbox itself said, where the launcher never got a word out.
  virtual std::string words_of_sandbox(const std::string& errors) const = 0;
  /// Memory in use, by it and all below it, in bytes.
  virtual std::size_t resident_bytes() const = 0;
};

/// A process with our ends of its pipes. The destructor ends it.
///
/// Every call throws GraderError where it turns out that the program or its sandbox could not be started.
class Child {
 public:
  Child(const Command& command, Channel channel);
  /// One that was started already, and is watched by a launcher.
  Child(std::unique_ptr<Process> process, Pipes pipes, const Limits& limits);
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
  void take_over(Pipes pipes);
  void pump(std::chrono::steady_clock::time_point deadline, const std::function<bool()>& done);
  bool write_pending();
  void read_all();
  void end_by_itself();
  void end_by_us(const Ending& ending);
  Ending by_itself(const ProcessEnd& end) const;
  Ending reported_ending() const;

  std::unique_ptr<Process> process_;
  Descriptor input_;
  std::string pending_;                           ///< input not written yet
  std::vector<std::unique_ptr<Stream>> streams_;  ///< standard output, standard error, answers, the launcher's report
  Limits limits_;
  bool watched_ = false;
  std::optional<Ending> ending_;
};

/// Runs a program without input to its end.
Completed run_to_end(const Command& command);

}  // namespace autograder
