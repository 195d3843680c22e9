// What a batch leaves in its output folder, as far as it does not depend on the time.
#pragma once

#include <filesystem>
#include <string>

namespace autograder_tests {

/// gradebook.csv without its last two columns, the times.
std::string table_without_times(const std::filesystem::path& out);

}  // namespace autograder_tests
