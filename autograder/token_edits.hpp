// Random edits of a source, a token or a statement each: what nobody thought of when writing the wrong edits down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autograder/edits.hpp"

namespace autograder {

/// A token as clang's lexer sees it, but for blanks and comments.
struct Token {
  std::string kind;  ///< clang's name: "raw_identifier", "numeric_constant", "plus"
  std::string text;
  std::size_t begin = 0;  ///< offset in the source
};

/// Reads what `clang++ -fsyntax-only -Xclang -dump-raw-tokens` says of `source`. Throws GraderError where that does not
/// fit the source.
std::vector<Token> tokens_from(const std::string& dump, const std::string& source);

/// Every edit of the source that there is: an operator for another, a number for another, a name for one that is used
/// alike in the same function, two arguments the other way round, `true` for `false`, a statement left out. Each is told by
/// whole lines, as many as make it unique in the file. In random order, the same for the same seed; many do not
/// compile.
std::vector<Edit> token_edits(const std::string& file, const std::string& source, const std::vector<Token>& tokens,
                              std::uint64_t seed);

}  // namespace autograder
