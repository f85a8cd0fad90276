// How often an accounting API may be called for one company, by all callers together: a pace by the
// second, and a count by the minute. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "core/wire/fields.hpp"

namespace rekey::budget {

/// What the provider allows for one company (Intuit, limits and throttles: 10 a second, 500 a
/// minute). 0: any number.
struct Limits {
  std::int64_t per_second = 10;
  std::int64_t per_minute = 500;
};

/// The calls of a time, by the second.
struct Used {
  std::int64_t first = 0;           ///< the second (since 1970) that the first count is of
  std::vector<std::int64_t> calls;  ///< of that second and of those after it
  bool operator==(const Used&) const = default;
  static constexpr auto fields() {
    return std::tuple{wire::field("first", &Used::first), wire::field("calls", &Used::calls)};
  }
};

/// What was granted, and what the provider taught.
struct State {
  Instant next{};          ///< the next call is not before
  Used used;               ///< of the last minute
  Instant paused_until{};  ///< it has asked to be left alone
  Instant slow_until{};    ///< and is asked less often for a while
};

/// Times at which calls may be made: one each.
struct Grant {
  std::vector<Instant> at;
  Instant ask_again{};  ///< where fewer were granted than wanted: when there may be more
};

/// Grants up to `wanted` calls, evenly spaced, none further off than `horizon`, and notes them.
Grant take(State& state, const Limits& limits, Instant now, std::int64_t wanted);
constexpr Millis horizon = std::chrono::seconds{2};

/// The provider has said that it is asked too often. `in_a_row`: how often, since an answer was
/// good (1: the first time). Gives how long all callers pause: as long as it says, or else longer
/// each time.
Millis throttled(State& state, Instant now, std::optional<Millis> retry_after, int in_a_row);

}  // namespace rekey::budget
