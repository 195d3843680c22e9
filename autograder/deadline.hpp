// Points in time as people write them, and how late one is after another. Pure but for the system's time zones.
#pragma once

#include <chrono>
#include <string>

namespace autograder {

using Instant = std::chrono::sys_seconds;

/// Whether this grader knows time zones. Without the date library (Debian: libhowardhinnant-date-dev), as on a
/// student's machine, the functions below that are given a zone throw GraderError.
bool knows_time_zones();

/// Returns the instant of "2026-02-17T23:55" (or with seconds) on the clocks of `zone`. Of a time that clocks show
/// twice it is the second one, of one that they leave out the moment in which they do. Throws std::invalid_argument,
/// saying what is wrong with the time or the zone.
Instant on_clocks_of(const std::string& zone, const std::string& time);

/// Returns the instant of "2026-02-17T23:55:00-05:00", "...Z", or of a time on the clocks of `zone`. Throws
/// std::invalid_argument.
Instant parse_instant(const std::string& text, const std::string& zone);

/// "2026-02-17 23:55:00 EST".
std::string in_zone(Instant time, const std::string& zone);

/// "25 h 10 min"; below a minute in seconds.
std::string duration_text(std::chrono::seconds duration);

}  // namespace autograder
