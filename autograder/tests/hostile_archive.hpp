// Hand-ins that no packer would make. The key `archive` of a hostile verdict:
//   format    "tar", "tar.gz", "zip", or "folder": the same entries on the disk
//   solution  true: the solution's files come first
//   entries   a list of {"type", "name", "bytes", "size", "target", "times", "name_hex"}: type is "file" (the default),
//             "folder", "symlink", "hardlink", "character", "block" or "fifo"; size is a number of zeros in place of
//             bytes; times repeats the entry with a number behind its name; name_hex is a name that is no UTF-8
//   raw_hex   these bytes are the whole archive
//   cut       only the first part of the archive, in percent
//   size_field   what stands in the size field of the first header of a tar
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "autograder/tests/course.hpp"

namespace autograder_tests {

/// Makes the hand-in beside the folder `handin`, whose files are the solution's, and returns its path.
fs::path make_archive(const nlohmann::json& description, const fs::path& handin,
                      const std::function<std::string(const std::string&)>& replace_tokens);

}  // namespace autograder_tests
