// Points in time. The core gets them as values: nothing in it asks a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace rekey {

using Millis = std::chrono::milliseconds;
/// A point in time, UTC, to the millisecond. In JSON: whole milliseconds since 1970.
using Instant = std::chrono::time_point<std::chrono::system_clock, Millis>;

inline std::int64_t to_ms(Instant at) {
  return at.time_since_epoch().count();
}
inline Instant from_ms(std::int64_t ms) {
  return Instant{Millis{ms}};
}

}  // namespace rekey
