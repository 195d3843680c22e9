// What arrives from a child through one pipe, read without waiting and up to a limit.
#pragma once

#include <cstddef>
#include <string>

namespace autograder {

/// Closes the descriptor if it is one, and forgets it.
void close_if_open(int& descriptor);

/// The reading end of a pipe, and what came out of it so far.
class Stream {
 public:
  /// Takes the descriptor over. `limit` is in bytes: in all, or for lines, waiting to be taken.
  Stream(int descriptor, const char* name, std::size_t limit);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Reads what is there without waiting. Returns false when the stream is over its limit.
  bool read_available();
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  const char* name() const { return name_; }

  const std::string& text() const { return buffer_; }
  bool has_line() const { return buffer_.find('\n') != std::string::npos; }
  /// Everything that waits; it still counts against the limit.
  std::string take_all();
  /// The first line, without its line break; it no longer counts.
  std::string take_line();

 private:
  int descriptor_;
  const char* name_;
  std::size_t limit_;
  std::size_t counted_ = 0;
  std::string buffer_;
};

}  // namespace autograder
