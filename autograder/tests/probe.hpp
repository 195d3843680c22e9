// Workers that try what they are told to (probe_worker.cpp), in one sandbox.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "autograder/sandbox.hpp"

namespace autograder_tests {

class ProbeServer {
 public:
  explicit ProbeServer(const autograder::Sandbox& sandbox, std::size_t threads = 16) : folder_(sandbox.user) {
    const std::filesystem::path worker = folder_.path() / "worker.so";
    std::filesystem::copy_file(PROBE_WORKER, worker);
    std::filesystem::permissions(worker, std::filesystem::perms(0755));
    autograder::Command command;
    command.program = autograder::Program::worker;
    command.arguments = {worker.string()};
    command.folder = "/";
    command.readable = {worker};
    command.environment = {"LC_ALL=C"};
    command.limits.memory_bytes = std::size_t{1} << 30;
    command.limits.processes = threads;
    server_ = autograder::open_server(command, sandbox);
  }

  std::unique_ptr<autograder::Child> start() const { return server_->start(); }

 private:
  autograder::TemporaryFolder folder_;
  std::shared_ptr<autograder::WorkerServer> server_;
};

/// What the worker answers, or how it ended and what it said.
inline std::string attempt(autograder::Child& worker, const std::string& what) {
  const auto reply = worker.ask(what, 20);
  if (const auto* ending = std::get_if<autograder::Ending>(&reply)) {
    return autograder::describe(*ending) + " " + worker.take_errors();
  }
  return std::get<std::string>(reply);
}

}  // namespace autograder_tests
