#include <catch2/catch_test_macros.hpp>

#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox_times_test {

using namespace rekey::sandbox;

TEST_CASE("times: an instant is written as Intuit writes it", "[sandbox]") {
  const Instant at = from_ms(1'795'000'000'678);
  CHECK(pacific_time(at) == "2026-11-18T03:06:40.678-08:00");
  CHECK(pacific_seconds(at) == "2026-11-18T03:06:40-08:00");
  CHECK(zulu_ticks(at) == "2026-11-18T11:06:40.6780000Z");
}

TEST_CASE("times: what is written is read again, and other offsets mean the same instant",
          "[sandbox]") {
  const Instant at = from_ms(1'795'000'000'678);
  CHECK(parse_time(pacific_time(at)) == at);
  CHECK(parse_time("2026-11-18T11:06:40.678Z") == at);
  CHECK(parse_time("2026-11-18T12:36:40.678+01:30") == at);
  CHECK(parse_time("2026-11-18T12:36:40.678 01:30") == at);
  CHECK(parse_time("2026-11-18") == parse_time("2026-11-18T00:00:00-08:00"));
  CHECK(parse_time("2024-02-29").has_value());
}

TEST_CASE("times: what is no time is not read", "[sandbox]") {
  for (const char* bad : {"", "2026", "2026-13-01", "2026-02-29", "2026-1-1", "2026-01-01T",
                          "2026-01-01T25:00:00", "2026-01-01T00:60:00", "2026-01-01T00:00:00X",
                          "2026-01-01T00:00:00+1", "x026-01-01", "2026-01-01T00:00:00Z "}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad));
  }
}

}  // namespace rekey::sandbox_times_test
