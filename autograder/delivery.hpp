// Reports on their way out: to standard output, or into a file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "autograder/report.hpp"
#include "autograder/report_writers.hpp"

namespace autograder {

/// Returns what is wrong with a destination, FORMAT or FORMAT:FILE; empty where nothing is.
std::string check_destination(const std::string& where);

/// Whether standard output shows colours.
Colour colour_here();

/// Writes the report to its destination. Throws GraderError where that fails.
void deliver(const Report& report, const std::string& where);

/// Puts a file in its place by renaming; a pipe or a device is written to. Throws GraderError.
void replace_file(const std::filesystem::path& place, const std::string& content);

/// Where this process writes what becomes the file at `place` by renaming.
std::filesystem::path half_written(const std::filesystem::path& place);

/// Removes what processes left half written in the folder when they were killed. None may be at work there.
void remove_half_written(const std::filesystem::path& folder);

/// Throws GraderError, naming `what`, where the stream has failed.
void require_written(const std::ostream& stream, const std::string& what);

}  // namespace autograder
