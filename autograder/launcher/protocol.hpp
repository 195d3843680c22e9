// What the launcher, the worker and the grader agree upon.
#pragma once

#include <cstdint>

namespace launcher {

inline constexpr int kAnswers = 3;  ///< the descriptor on which a worker answers
inline constexpr int kStatus = 4;   ///< the descriptor on which the launcher reports; closed to what it runs

/// From here on a descriptor is in nobody's way.
inline constexpr int kFirstHigh = 10;

/// The exit code of a worker that could not be loaded. Student code can end with it too.
inline constexpr int kNotLoaded = 125;

/// What is said where the caller's own limits leave no room for ours.
inline constexpr const char* kLowerLimit = "a lower limit is in force here";

/// The function of a worker's shared object that the launcher calls, with main()'s arguments.
inline constexpr const char* kWorkerEntry = "autograder_worker";

/// What the grader asks of a server of workers, on the server's descriptor 0, a socket of type stream. A start comes
/// with the descriptors of the new worker, in the order of Served. There is no answer: what becomes of a start is
/// reported on the worker's own status descriptor.
struct Request {
  enum Kind : std::uint32_t { start, kill };
  Kind kind;
  std::uint32_t worker;  ///< its number, which the grader chooses
};

/// The descriptors of a worker: its 0 to 3, its report (see launcher.cpp), and one that the server keeps open until the
/// worker has ended and the report is written.
enum Served { input, output, errors, answers, status, life, kServed };

}  // namespace launcher
