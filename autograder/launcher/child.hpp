// What a launcher does with a child, whatever it is: shuts it in, and reports how it ended.
#pragma once

#include <sys/resource.h>

#include <string>

#include "autograder/launcher/options.hpp"

namespace launcher {

/// A pipe out of the way of the descriptors that mean something, closed at exec.
struct HighPipe {
  int read_end = -1, write_end = -1;
};

/// Returns false, with errno set, where there is none to be had.
bool open_high_pipe(HighPipe& pipe);

/// Writes it all, as far as somebody reads.
void put(int descriptor, const std::string& text);

/// Shuts this process in as `options` say. Throws Failure.
void confine(const Options& options, const SystemCallFilter& filter);

/// The line that reports the end of a child, as wait4() told it.
std::string ending_line(int status, const rusage& usage);

}  // namespace launcher
