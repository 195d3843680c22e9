// An open file descriptor and its one owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace autograder {

class Descriptor {
 public:
  Descriptor() = default;
  /// Takes over an open descriptor, or none (-1).
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  bool is_open() const { return number_ >= 0; }
  int get() const { return number_; }
  void close() {
    if (is_open()) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

}  // namespace autograder
