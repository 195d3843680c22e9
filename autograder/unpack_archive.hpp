// The part of unpack that takes an archive apart, in memory: at most one layer of gzip, then a tar or a zip. Every byte
// is hostile. libarchive parses; what it may be asked to do, and how much, is decided here.
#pragma once

#include <set>
#include <string>
#include <variant>

#include "autograder/unpack.hpp"

namespace autograder {

/// Returns what an archive holds, or why it is refused; `bytes` are the whole of it. Needs some twelve times the memory
/// of the bytes unpacked at worst, which is a tar that consists of a map of holes.
std::variant<Contents, Refused> unpack_archive(const std::string& bytes, const std::set<std::string>& wanted,
                                               const ArchiveCaps& caps);

}  // namespace autograder
