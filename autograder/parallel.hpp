// Doing independent things on a few threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace autograder {

/// Calls work(0) to work(count - 1), each once, on at most `jobs` threads. Rethrows the first exception, after all
/// threads have ended.
template <typename Work>
void for_each_index(std::size_t count, std::size_t jobs, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first;
  const auto run = [&] {
    for (std::size_t index; (index = next++) < count;) {
      try {
        work(index);
      } catch (...) {
        const std::scoped_lock lock(mutex);
        if (!first) first = std::current_exception();
        next = count;
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(std::max<std::size_t>(jobs, 1), count); ++i) threads.emplace_back(run);
  run();
  for (std::thread& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace autograder
