// Reading what AddressSanitizer, UBSan and the sanitized launcher print. Pure. A hand-in can print the
// same: whatever stands here is hostile input, and is only ever shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace autograder {

/// Texts in it are cut there: bytes of a sentence, and of a name.
inline constexpr std::size_t kSentence = 200, kName = 40;

/// What ended a program, or the last exception that was thrown in it. Addresses are offsets in the worker.
struct Finding {
  enum class Kind { address, undefined, thrown };  ///< who found it: AddressSanitizer, UBSan, the launcher

  Kind kind = Kind::address;
  std::string what;     ///< of AddressSanitizer "heap-use-after-free", of UBSan its sentence
  std::string message;  ///< what the standard library said before it called abort()
  bool writes = false;
  bool is_null = false;  ///< a SEGV at or near address 0
  std::string place;     ///< "past the end of a block of 48 bytes", or an empty text
  std::string variable;  ///< on the stack
  std::size_t variable_line = 0;
  std::vector<std::uint64_t> stack;  ///< where it happened, innermost first
  std::vector<std::uint64_t> other;  ///< where the memory was freed, or the function of the variable
};

/// Reads the last finding in what a program printed.
std::optional<Finding> read_finding(const std::string& printed);

/// What addr2line says of an address.
struct SourceLine {
  std::string function, file;
  std::size_t line = 0;
};

/// Reads what `addr2line -f -C` printed: two lines an address.
std::vector<SourceLine> read_source_lines(const std::string& printed);

}  // namespace autograder
