// See progress.hpp.
#include "autograder/progress.hpp"

#include <cmath>
#include <iomanip>
#include <sstream>

namespace autograder {

Progress::Progress(std::ostream& out, std::size_t steps, bool is_terminal)
    : out_(out), steps_(steps), is_terminal_(is_terminal) {}

void Progress::done(const std::string& what) {
  ++done_;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  if (is_terminal_) {
    // To the line's beginning, and to its end nothing (ECMA-48: CR, EL).
    out_ << "\r\033[K" << progress_line(done_, steps_, seconds) << "  " << what.substr(0, 40) << std::flush;
  } else {
    out_ << done_ << "/" << steps_ << "  " << what << "\n" << std::flush;
  }
}

void Progress::note(const std::string& line) { out_ << (is_terminal_ ? "\r\033[K" : "") << line << "\n" << std::flush; }

void Progress::end() {
  if (is_terminal_ && done_ > 0) out_ << "\n" << std::flush;
}

std::string progress_line(std::size_t done, std::size_t steps, double seconds) {
  constexpr std::size_t width = 20;
  const std::size_t filled = steps == 0 ? width : width * done / steps;
  std::ostringstream text;
  text << "[" << std::string(filled, '#') << std::string(width - filled, ' ') << "] " << done << " of " << steps;
  if (done == 0 || seconds <= 0) return text.str();
  const double rate = static_cast<double>(done) / seconds;
  text << std::fixed << std::setprecision(1) << ", " << 60 * rate << " a minute";
  if (done < steps) {
    const double left = static_cast<double>(steps - done) / rate;
    text << ", ";
    if (left < 90) {
      text << std::setprecision(0) << std::ceil(left) << " s left";
    } else {
      text << std::setprecision(0) << std::ceil(left / 60) << " min left";
    }
  }
  return text.str();
}

}  // namespace autograder
