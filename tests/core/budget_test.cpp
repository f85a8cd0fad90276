// How often an accounting API is called.
#include "core/budget.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace rekey::budget::budget_test {

namespace {

using std::chrono::seconds;

constexpr Instant start = Instant{Millis{1'790'000'000'000}};

/// Calls as fast as they are granted for a time, taken so many at once; when each was.
std::vector<Instant> calls(const Limits& limits, Millis span, std::int64_t at_once = 1) {
  State state;
  std::vector<Instant> out;
  for (auto now = start; now < start + span;) {
    const auto granted = take(state, limits, now, at_once);
    out.insert(out.end(), granted.at.begin(), granted.at.end());
    now = granted.at.empty() ? granted.ask_again : std::max(now + Millis{1}, granted.at.back());
  }
  return out;
}

/// The most calls within any time of this length.
std::int64_t most_within(const std::vector<Instant>& calls, Millis span) {
  std::int64_t most = 0;
  for (std::size_t i = 0, first = 0; i < calls.size(); ++i) {
    while (calls[first] + span <= calls[i]) ++first;
    most = std::max<std::int64_t>(most, static_cast<std::int64_t>(i - first) + 1);
  }
  return most;
}

}  // namespace

TEST_CASE("budget: no second and no minute has more calls than are allowed, and hardly fewer") {
  for (const std::int64_t at_once : {1, 8}) {
    const auto all = calls({10, 500}, seconds{600}, at_once);
    CHECK(most_within(all, seconds{1}) <= 10);
    CHECK(most_within(all, seconds{60}) <= 500);
    CHECK(all.size() >= 500 * 10 * 95 / 100);
  }
  const auto pace = calls({10, 0}, seconds{60});
  CHECK(pace.size() >= 600 * 95 / 100);
  CHECK(most_within(calls({0, 500}, seconds{600}), seconds{60}) <= 500);
}

TEST_CASE("budget: a second burst within the same minute finds what is left of it") {
  State state;
  const Limits limits{10, 20};
  std::int64_t granted = 0;
  for (auto now = start; now < start + seconds{30}; now += Millis{50})
    granted += static_cast<std::int64_t>(take(state, limits, now, 1).at.size());
  CHECK(granted == 20);
  const auto none = take(state, limits, start + seconds{30}, 1);
  CHECK(none.at.empty());
  CHECK(none.ask_again <= start + seconds{63});
  CHECK(none.ask_again >= start + seconds{60});
}

TEST_CASE("budget: a call after a rest is made at once") {
  State state;
  (void)take(state, {10, 500}, start, 8);
  const auto later = start + seconds{5};
  CHECK(take(state, {10, 500}, later, 1).at.front() == later);
}

TEST_CASE("budget: without limits every call is made at once") {
  State state;
  const auto all = take(state, {0, 0}, start, 1000);
  CHECK(all.at.size() == 1000);
  CHECK(all.at.back() == start);
}

TEST_CASE(
    "budget: who is asked too often is left alone, for longer each time, or as long as it says") {
  State state;
  CHECK(throttled(state, start, {}, 1) == Millis{250});
  CHECK(take(state, {10, 500}, start, 1).at.front() == start + Millis{250});
  CHECK(throttled(state, start + seconds{1}, {}, 2) == Millis{500});
  CHECK(throttled(state, start + seconds{2}, {}, 30) == seconds{60});
  State told;
  CHECK(throttled(told, start, seconds{7}, 1) == seconds{7});
  const auto slow = take(told, {10, 500}, start + seconds{7}, 2);
  REQUIRE(slow.at.size() == 2);
  CHECK(slow.at[0] == start + seconds{7});
  CHECK(slow.at[1] - slow.at[0] > Millis{110});
}

TEST_CASE("budget: a clock that was far ahead does not keep everybody waiting") {
  State state;
  (void)take(state, {10, 500}, start + std::chrono::hours{48}, 1);
  CHECK(take(state, {10, 500}, start, 1).at.size() == 1);
}

}  // namespace rekey::budget::budget_test
