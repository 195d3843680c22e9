// Pieces of a text that is not ours: lines, what stands between two marks, numbers.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autograder {

/// The lines, without their ends.
inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// What stands behind the first `mark` and before the next `end`; nothing where there is no mark.
inline std::optional<std::string_view> between(std::string_view text, std::string_view mark, std::string_view end) {
  const auto at = text.find(mark);
  if (at == text.npos) return std::nullopt;
  text.remove_prefix(at + mark.size());
  return text.substr(0, end.empty() ? text.size() : std::min(text.find(end), text.size()));
}

/// The number that the text begins with; 0 where there is none.
inline std::uint64_t number(std::string_view text, int base = 10) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return read.ec == std::errc() ? value : 0;
}

/// The text, cut between two characters of UTF-8 where it is longer.
inline std::string shortened(std::string_view text, std::size_t at_most) {
  if (text.size() <= at_most) return std::string(text);
  while (at_most > 0 && (static_cast<unsigned char>(text[at_most]) & 0xC0u) == 0x80u) --at_most;
  return std::string(text.substr(0, at_most)) + "...";
}

inline bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace autograder
