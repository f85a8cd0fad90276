// How Intuit writes times, and how a query's times are read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace rekey::sandbox {

/// Whole seconds since 1970, as in JWTs (RFC 7519 section 2, NumericDate).
inline std::int64_t seconds_of(Instant at) {
  return to_ms(at) / 1000;
}

/// As in answers of the accounting API: "2026-11-02T03:04:05.678-08:00". The sandbox is always in
/// Pacific standard time, so that the same instant is always the same text.
std::string pacific_time(Instant at);
/// As in `MetaData`: without the milliseconds.
std::string pacific_seconds(Instant at);
/// As in the legacy platform's XML: "2019-05-02T10:00:00.0000000Z".
std::string zulu_ticks(Instant at);
/// "2026-11-02", "2026-11-02T03:04:05", with fraction and offset or Z if present; without an offset
/// Pacific time is meant.
std::optional<Instant> parse_time(std::string_view text);

}  // namespace rekey::sandbox
