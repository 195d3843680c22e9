// What stands on the screen under `grade --watch`. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "autograder/report_writers.hpp"

namespace autograder {

/// In characters; 0: endless, as a file is.
struct ScreenSize {
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// How many rows the text takes, each of its lines at least one. Colours take no room.
std::size_t rows_of(const std::string& text, std::size_t columns);

/// The report, with `news` behind its sections and `hint` at the end. Where the screen is too small, as many lines as
/// need be are left out of the details, never of the others, and a line says so; the cursor has a row below.
std::string screen(const TextParts& report, const std::string& news, const std::string& hint, const ScreenSize& size);

}  // namespace autograder
