// What arrives from a child through one pipe, read without waiting and up to a limit.
#pragma once

#include <cstddef>
#include <string>

#include "autograder/descriptor.hpp"

namespace autograder {

/// The reading end of a pipe, and what came out of it so far.
class Stream {
 public:
  /// `limit` is in bytes: in all, or for lines, waiting to be taken.
  Stream(Descriptor descriptor, const char* name, std::size_t limit);

  /// Reads what is there without waiting. Returns false when the stream is over its limit.
  bool read_available();
  bool is_open() const { return descriptor_.is_open(); }
  int descriptor() const { return descriptor_.get(); }
  const char* name() const { return name_; }

  const std::string& text() const { return buffer_; }
  bool has_line() const { return buffer_.find('\n') != std::string::npos; }
  /// Everything that waits; it still counts against the limit.
  std::string take_all();
  /// The first line, without its line break; it no longer counts.
  std::string take_line();

 private:
  Descriptor descriptor_;
  const char* name_;
  std::size_t limit_;
  std::size_t counted_ = 0;
  std::string buffer_;
};

}  // namespace autograder
