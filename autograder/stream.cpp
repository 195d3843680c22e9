// See stream.hpp.
#include "autograder/stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace autograder {

Stream::Stream(Descriptor descriptor, const char* name, std::size_t limit)
    : descriptor_(std::move(descriptor)), name_(name), limit_(limit) {
  fcntl(descriptor_.get(), F_SETFL, O_NONBLOCK);
}

bool Stream::read_available() {
  char chunk[1 << 16];
  while (descriptor_.is_open()) {
    const ssize_t got = ::read(descriptor_.get(), chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return true;
    if (got <= 0) {
      descriptor_.close();
      return true;
    }
    counted_ += static_cast<std::size_t>(got);
    buffer_.append(chunk, static_cast<std::size_t>(got));
    if (counted_ > limit_) return false;
  }
  return true;
}

std::string Stream::take_all() { return std::exchange(buffer_, {}); }

std::string Stream::take_line() {
  const auto end = buffer_.find('\n');
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  counted_ = buffer_.size();
  return line;
}

}  // namespace autograder
