// What the launcher, the worker and the grader agree upon.
#pragma once

namespace launcher {

inline constexpr int kAnswers = 3;  ///< the descriptor on which a worker answers
inline constexpr int kStatus = 4;   ///< the descriptor on which the launcher reports; closed to what it runs

/// The exit code of a worker that could not be loaded. Student code can end with it too.
inline constexpr int kNotLoaded = 125;

/// What is said where the caller's own limits leave no room for ours.
inline constexpr const char* kLowerLimit = "a lower limit is in force here";

/// The function of a worker's shared object that the launcher calls, with main()'s arguments.
inline constexpr const char* kWorkerEntry = "autograder_worker";

}  // namespace launcher
