#include "core/budget.hpp"

#include <algorithm>
#include <numeric>

namespace rekey::budget {

namespace {

using std::chrono::seconds;

// The provider counts by its own clock and by when calls arrive: a call that was held up on the way
// must not be the eleventh of a second. Of the pace, that costs three in a hundred.
constexpr std::int64_t spacing_percent = 103;
// After a "too often" calls are a quarter further apart for a while. (Half as many would cost more
// than what can be won, where one answer in twenty is a "too often".)
constexpr std::int64_t slow_percent = 125;
constexpr Millis slow_for = seconds{5};
constexpr Millis first_pause{250};
constexpr Millis longest_pause = seconds{60};
// A second is counted as a whole for as long as part of it is within the last minute.
constexpr std::int64_t counted_seconds = 61;
// The clocks of two processes differ, but not by this much: one of them was wrong.
constexpr Millis absurd = std::chrono::hours{1};

std::int64_t second_of(Instant at) {
  return std::chrono::floor<seconds>(at).time_since_epoch().count();
}

Millis spacing(const State& state, const Limits& limits, Instant at) {
  if (limits.per_second <= 0) return Millis{0};
  const auto percent = spacing_percent * (at < state.slow_until ? slow_percent : 100) / 100;
  return Millis{(1000 * percent / 100 + limits.per_second - 1) / limits.per_second};
}

/// Forgets what is older than a minute before `second`.
void forget_before(Used& used, std::int64_t second) {
  const auto oldest = second - counted_seconds + 1;
  const auto gone = std::clamp<std::int64_t>(oldest - used.first, 0,
                                             static_cast<std::int64_t>(used.calls.size()));
  used.calls.erase(used.calls.begin(), used.calls.begin() + gone);
  used.first += gone;
  if (used.calls.empty()) used.first = second;
}

void add(Used& used, std::int64_t second) {
  if (used.calls.empty()) used.first = second;
  const auto at = static_cast<std::size_t>(std::max<std::int64_t>(0, second - used.first));
  if (used.calls.size() <= at) used.calls.resize(at + 1, 0);
  ++used.calls[at];
}

/// The time from `at` on when one more call is within the minute's count.
Instant with_room(Used used, const Limits& limits, Instant at) {
  if (limits.per_minute <= 0) return at;
  for (;;) {
    forget_before(used, second_of(at));
    const auto count = std::accumulate(used.calls.begin(), used.calls.end(), std::int64_t{0});
    if (count < limits.per_minute) return at;
    at = Instant{seconds{used.first + counted_seconds}};
  }
}

}  // namespace

Grant take(State& state, const Limits& limits, Instant now, std::int64_t wanted) {
  if (state.next > now + absurd || state.paused_until > now + absurd) state = {};
  Grant out;
  const auto begin = std::max({now, state.paused_until, state.next});
  forget_before(state.used, second_of(begin));
  auto at = begin;
  for (std::int64_t i = 0; i < wanted; ++i) {
    at = with_room(state.used, limits, at);
    out.ask_again = at;
    // What is further off may come sooner when others give up, and is asked for again then.
    if (at > now + horizon) break;
    forget_before(state.used, second_of(at));
    add(state.used, second_of(at));
    out.at.push_back(at);
    at += spacing(state, limits, at);
    state.next = at;
  }
  return out;
}

Millis throttled(State& state, Instant now, std::optional<Millis> retry_after, int in_a_row) {
  auto pause = first_pause;
  for (int i = 1; i < in_a_row && pause < longest_pause; ++i) pause *= 2;
  // A longer one would be taken for a clock that was wrong, and forgotten.
  const auto span = std::min(retry_after.value_or(std::min(pause, longest_pause)), absurd);
  state.paused_until = std::max(state.paused_until, now + span);
  state.slow_until = std::max(state.slow_until, state.paused_until + slow_for);
  return state.paused_until - now;
}

}  // namespace rekey::budget
