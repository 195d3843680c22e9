#include "autograder/deadline.hpp"

#include <stdexcept>

#include "autograder/tests/catch.hpp"

using namespace autograder;
using namespace std::chrono_literals;

TEST_CASE("deadline: times on a zone's clocks, with an offset, or of UTC") {
  const Instant instant = parse_instant("2026-02-18T04:55:00Z", "America/New_York");
  CHECK(parse_instant("2026-02-17T23:55", "America/New_York") == instant);
  CHECK(parse_instant("2026-02-17T23:55:00", "America/New_York") == instant);
  CHECK(parse_instant("2026-02-18T05:55+01:00", "America/New_York") == instant);
  CHECK(parse_instant("2026-02-18T04:55Z", "Asia/Tokyo") == instant);
  CHECK(in_zone(instant, "America/New_York") == "2026-02-17 23:55:00 EST");
  CHECK(in_zone(instant, "Asia/Tokyo") == "2026-02-18 13:55:00 JST");
}

TEST_CASE("deadline: what is no time or no zone is refused") {
  for (const char* text : {"", "2026-02-30T10:00", "2026-02-17", "23:55", "2026-02-17T23:55x", "2026-02-17T25:00"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_instant(text, "UTC"), std::invalid_argument);
  }
  CHECK_THROWS_WITH(on_clocks_of("Mars/Olympus", "2026-02-17T23:55"),
                    ContainsSubstring("\"Mars/Olympus\" is no time zone"));
}

TEST_CASE("deadline: durations in words") {
  CHECK(duration_text(59s) == "59 s");
  CHECK(duration_text(60s) == "1 min");
  CHECK(duration_text(3h + 5min + 59s) == "3 h 5 min");
  CHECK(duration_text(25h) == "25 h 0 min");
}
