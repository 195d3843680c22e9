// Workers, forked by one trusted process in one sandbox that has loaded their libraries (launcher/server.hpp): to open
// a sandbox and to load libraries for each worker takes ten times as long as all that a worker does.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "autograder/process.hpp"

namespace autograder {

class WorkerServer : public std::enable_shared_from_this<WorkerServer> {
 public:
  /// Starts the server: `command` is confined (sandbox.hpp). It dies with the thread that starts it. Throws
  /// GraderError.
  static std::shared_ptr<WorkerServer> open(const Command& command);
  ~WorkerServer();
  WorkerServer(const WorkerServer&) = delete;
  WorkerServer& operator=(const WorkerServer&) = delete;

  /// Starts a worker under the command's limits; from any thread. What keeps it from starting turns out when it is
  /// asked.
  std::unique_ptr<Child> start();

 private:
  class Served;

  explicit WorkerServer(const Command& command);

  /// What the sandbox said before it ended.
  std::string last_words();

  Limits limits_;
  Spawned spawned_;
  Stream errors_;  ///< of the sandbox
  std::mutex mutex_;
  std::uint32_t started_ = 0;
};

}  // namespace autograder
