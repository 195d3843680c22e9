// Looking at the processes of this machine.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace autograder_tests {

/// The processes that are not dead and whose command line and environment hold all of `words`.
std::vector<pid_t> running(const std::vector<std::string>& words);

/// Looks until `condition` holds, for at most half a minute. Returns whether it does.
template <typename Condition>
bool comes_true(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  return true;
}

}  // namespace autograder_tests
