// See child.hpp.
#include "autograder/launcher/child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "autograder/launcher/protocol.hpp"

namespace launcher {

namespace {

void limit(int resource, std::size_t count, const std::string& flag) {
  const rlimit both{static_cast<rlim_t>(count), static_cast<rlim_t>(count)};
  if (setrlimit(resource, &both) == 0) return;
  throw Failure{kLowerLimit + (" than the " + std::to_string(count)) +
                " needed. Raise it where the grader is started: ulimit -" + flag + " unlimited"};
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

bool open_high_pipe(HighPipe& pipe) {
  int ends[2];
  if (::pipe(ends) != 0) return false;
  pipe.read_end = fcntl(ends[0], F_DUPFD_CLOEXEC, kFirstHigh);
  pipe.write_end = fcntl(ends[1], F_DUPFD_CLOEXEC, kFirstHigh);
  const int error = errno;
  for (const int low : ends) close(low);
  errno = error;
  return pipe.read_end >= 0 && pipe.write_end >= 0;
}

void put(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = write(descriptor, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) done += static_cast<std::size_t>(written);
  }
}

void confine(const Options& options, const SystemCallFilter& filter) {
  if (options.processes > 0) limit(RLIMIT_NPROC, options.processes, "u");  // as root this binds nobody
  drop_privileges();
  if (options.closes_files) close_files(options.readable, options.writable);
  if (options.open_files > 0) limit(RLIMIT_NOFILE, options.open_files, "n");
  filter.install();
}

std::string ending_line(int status, const rusage& usage) {
  const double cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  const bool signalled = WIFSIGNALED(status);
  const int number = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
  return (signalled ? "signalled " : "exited ") + std::to_string(number) + " " + std::to_string(cpu) + "\n";
}

}  // namespace launcher
