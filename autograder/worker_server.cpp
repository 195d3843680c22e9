// See worker_server.hpp.
#include "autograder/worker_server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "autograder/grader_error.hpp"
#include "autograder/launcher/protocol.hpp"
#include "autograder/platform.hpp"

namespace autograder {

namespace {

using launcher::Request;

/// Sends a request, with descriptors or without. A server that is gone is noticed at the worker's pipes.
void send(const Descriptor& socket, Request request, const int* descriptors, std::size_t count) {
  iovec part{&request, sizeof request};
  alignas(cmsghdr) char space[CMSG_SPACE(launcher::kServed * sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (count > 0) {
    message.msg_control = space;
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    std::memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
  }
  while (sendmsg(socket.get(), &message, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

/// A worker of the server's.
class WorkerServer::Served : public Process {
 public:
  Served(std::shared_ptr<WorkerServer> server, std::uint32_t number, Descriptor life)
      : server_(std::move(server)), number_(number), life_(std::move(life)) {}
  ~Served() override { kill(); }

  int exit_watch() const override { return life_.get(); }
  bool has_ended() override { return ended(0); }

  void kill() override {
    if (has_ended()) return;
    {
      const std::scoped_lock lock(server_->mutex_);
      send(server_->spawned_.pipes.input, {Request::kill, number_}, nullptr, 0);
    }
    while (!ended(-1)) {
    }
  }

  ProcessEnd end() const override { throw GraderError("a worker's end is reported by its launcher"); }

  /// A worker's death, whatever it dies of, is reported: so it is the server that has died.
  Ending end_without_report() const override {
    throw ShortageError("the sandbox was killed while a worker ran in it. Has the machine run out of memory?");
  }

  std::string words_of_sandbox(const std::string&) const override { return server_->last_words(); }
  /// With the server's and other workers': whoever limits it starts one.
  std::size_t resident_bytes() const override { return resident_bytes_below(server_->spawned_.pid); }

 private:
  bool ended(int milliseconds) const {
    pollfd watched{life_.get(), POLLIN, 0};
    return poll(&watched, 1, milliseconds) > 0;
  }

  std::shared_ptr<WorkerServer> server_;
  std::uint32_t number_;
  Descriptor life_;  ///< the server holds the other end until the worker is dead
};

std::shared_ptr<WorkerServer> WorkerServer::open(const Command& command) {
  return std::shared_ptr<WorkerServer>(new WorkerServer(command));
}

WorkerServer::WorkerServer(const Command& command)
    : limits_(command.limits),
      spawned_(spawn(command, Channel::server)),
      errors_(std::move(spawned_.pipes.errors), "standard error", limits_.output_bytes) {}

WorkerServer::~WorkerServer() { kill_and_reap(spawned_.pid); }

std::unique_ptr<Child> WorkerServer::start() {
  Pipe input = open_high_pipe(), output = open_high_pipe(), errors = open_high_pipe(), answers = open_high_pipe(),
       report = open_high_pipe(), life = open_high_pipe();
  const std::array<int, launcher::kServed> theirs{input.read_end.get(),   output.write_end.get(),
                                                  errors.write_end.get(), answers.write_end.get(),
                                                  report.write_end.get(), life.write_end.get()};
  std::uint32_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++started_;
    send(spawned_.pipes.input, {Request::start, number}, theirs.data(), theirs.size());
  }
  Pipes ours{std::move(input.write_end), std::move(output.read_end), std::move(errors.read_end),
             std::move(answers.read_end), std::move(report.read_end)};
  for (Pipe* pipe : {&output, &errors, &answers, &report, &life}) pipe->write_end.close();
  input.read_end.close();
  return std::make_unique<Child>(std::make_unique<Served>(shared_from_this(), number, std::move(life.read_end)),
                                 std::move(ours), limits_);
}

std::string WorkerServer::last_words() {
  const std::scoped_lock lock(mutex_);
  errors_.read_available();
  return errors_.text();
}

}  // namespace autograder
