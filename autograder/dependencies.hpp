// Which files a compiler has read, and whether they are still the same.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace autograder {

/// The files that a rule for make names, as compilers write one (-MD); relative ones below `folder`. Empty where there
/// is no such file.
std::vector<std::filesystem::path> read_rule(const std::filesystem::path& rule, const std::filesystem::path& folder);

/// What a file is, without reading it: its size and time of change, in one word.
std::string identity_of(const std::filesystem::path& file);

}  // namespace autograder
