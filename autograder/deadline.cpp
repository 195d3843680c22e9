// See deadline.hpp.
#include "autograder/deadline.hpp"

#include <sstream>
#include <stdexcept>

#ifdef AUTOGRADER_HAS_TIME_ZONES
#include <date/tz.h>
#endif

#include "autograder/grader_error.hpp"

namespace autograder {

#ifdef AUTOGRADER_HAS_TIME_ZONES

namespace {

const date::time_zone& zone_named(const std::string& zone) {
  try {
    return *date::locate_zone(zone);
  } catch (const std::runtime_error&) {
    throw std::invalid_argument("\"" + zone + "\" is no time zone. Those of the IANA database are meant, such as " +
                                "America/New_York; are they installed (Debian: tzdata)?");
  }
}

/// Whether all of the text is a time of this format.
template <typename Time>
bool reads(const std::string& text, const char* format, Time& time) {
  std::istringstream in(text);
  in >> date::parse(format, time);
  return !in.fail() && in.peek() == std::istringstream::traits_type::eof();
}

}  // namespace

bool knows_time_zones() { return true; }

Instant on_clocks_of(const std::string& zone, const std::string& time) {
  date::local_seconds local;
  if (!reads(time, "%FT%T", local) && !reads(time, "%FT%H:%M", local)) {
    throw std::invalid_argument("\"" + time + "\" is no time: it is written like 2026-02-17T23:55");
  }
  return zone_named(zone).to_sys(local, date::choose::latest);
}

Instant parse_instant(const std::string& text, const std::string& zone) {
  date::sys_seconds instant;
  for (const char* format : {"%FT%TZ", "%FT%T%Ez", "%FT%H:%MZ", "%FT%H:%M%Ez"}) {
    if (reads(text, format, instant)) return instant;
  }
  return on_clocks_of(zone, text);
}

std::string in_zone(Instant time, const std::string& zone) {
  return date::format("%F %T %Z", date::zoned_seconds(&zone_named(zone), time));
}

#else

namespace {

[[noreturn]] void refuse() {
  throw GraderError(
      "this grader was built without the date library (Debian: libhowardhinnant-date-dev), which due "
      "times need");
}

}  // namespace

bool knows_time_zones() { return false; }
Instant on_clocks_of(const std::string&, const std::string&) { refuse(); }
Instant parse_instant(const std::string&, const std::string&) { refuse(); }
std::string in_zone(Instant, const std::string&) { refuse(); }

#endif

std::string duration_text(std::chrono::seconds duration) {
  if (duration < std::chrono::minutes(1)) return std::to_string(duration.count()) + " s";
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(duration);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration - hours);
  return (hours.count() > 0 ? std::to_string(hours.count()) + " h " : "") + std::to_string(minutes.count()) + " min";
}

}  // namespace autograder
