// The names that a hand-in's entries have: which are refused, which are the same, how one is shown. Pure; nothing of a
// name reaches a file system.
#pragma once

#include <optional>
#include <string>

#include "autograder/unpack.hpp"

namespace autograder {

/// What stands after the last "/".
std::string last_part(const std::string& name);

/// A text that is not ours, for a message: as much of it, in printable ASCII, and '?' for the rest.
std::string plain_text(const std::string& text, std::size_t at_most);

/// The name in quotes for a message: short, printable ASCII, so that no report has to fear it.
std::string display_name(const std::string& name);

/// Returns why an entry of an archive may not have this name, as a clause, or nothing. `name` becomes a plain path:
/// without "./", "//" and a "/" at its end.
std::optional<std::string> refuse_name(std::string& name, const ArchiveCaps& caps);

/// The name as a file system sees it to which ASCII capitals are small letters. Other letters stay: folding those takes
/// the tables of Unicode, no name that a homework lists has any, and nothing is written under these names.
std::string without_capitals(std::string name);

}  // namespace autograder
