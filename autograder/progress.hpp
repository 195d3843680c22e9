// How far a long work is: a line that is written over on a terminal, else a line a step.
#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>

namespace autograder {

class Progress {
 public:
  Progress(std::ostream& out, std::size_t steps, bool is_terminal);

  /// Notes one step more; `what` is what was done, in one line.
  void done(const std::string& what);

  /// Says something between the steps.
  void note(const std::string& line);

  /// After the last step, on a terminal: leaves the line.
  void end();

 private:
  std::ostream& out_;
  std::size_t steps_, done_ = 0;
  bool is_terminal_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// "[######      ] 6 of 12, 3.2 a minute, 2 min left". Pure.
std::string progress_line(std::size_t done, std::size_t steps, double seconds);

}  // namespace autograder
