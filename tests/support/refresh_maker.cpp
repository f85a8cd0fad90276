#include "tests/support/refresh_maker.hpp"

#include "core/refresh/explore.hpp"
#include "core/wire/json.hpp"
#include "tests/support/history_maker.hpp"
#include "tests/support/spans.hpp"

namespace rekey::test {

namespace {

using refresh::Dying;
using refresh::Event;
using refresh::Explored;
using refresh::HeldBack;
using refresh::State;

/// The moments that something in this state waits for.
std::vector<Instant> moments_of(const State& state) {
  std::vector<Instant> out = {state.access_expires};
  if (state.due) out.push_back(*state.due);
  if (state.warn) out.push_back(*state.warn);
  if (state.barred) out.push_back(state.barred->look_at);
  if (const auto* held = refresh::standing<HeldBack>(state.phase)) out.push_back(held->retry_at);
  if (const auto* dying = refresh::standing<Dying>(state.phase)) out.push_back(dying->ends);
  return out;
}

/// Goes on by a little, by much, or to just before or at a moment that something waits for.
Instant later(Dice& dice, const State& state, Instant now) {
  if (dice.one_in(3)) {
    const auto moments = moments_of(state);
    const auto at =
        moments[static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(moments.size())))];
    if (at > now) return at - dice.below(2) * Millis{1};
  }
  if (dice.one_in(20)) return now + dice.below(40) * one_day;
  return now + dice.below(600) * one_second;
}

connect::Lifetimes some_lifetimes(Dice& dice, Instant now) {
  connect::Lifetimes out{now + std::chrono::hours{1}, now + 100 * one_day, now + 5 * 365 * one_day};
  if (dice.one_in(4)) out.access_expires = now + dice.below(7200) * one_second;
  if (dice.one_in(6)) out.refresh_expires.reset();
  if (dice.one_in(3)) out.hard_expires.reset();
  if (dice.one_in(6)) out.hard_expires = now + dice.below(40) * one_day;
  return out;
}

/// An event of the exploration, which knows a fixed time and no chance, as it could be now.
Event at_random(Dice& dice, Event event, const State& state, Instant now) {
  std::visit(
      [&](auto& each) {
        if constexpr (requires { each.dice; }) each.dice = dice.below(10'000);
        if constexpr (requires { each.lifetimes; }) each.lifetimes = some_lifetimes(dice, now);
        if constexpr (requires { each.revision; })
          each.revision += state.revision - 2;  // the exploration's states have the revision 2
        if constexpr (requires { each.rejected; })
          if (each.rejected) each.rejected = state.revision - dice.below(2);
        if constexpr (requires { each.retry_after; })
          if (dice.one_in(4)) each.retry_after = dice.below(5000) * one_second;
        if constexpr (requires { each.hard_expires; })
          if (each.hard_expires) each.hard_expires = now + dice.below(40) * one_day;
      },
      event);
  return event;
}

}  // namespace

std::uint64_t digest(const std::string& text, std::uint64_t from) {
  std::uint64_t hash = from;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

std::string make_refresh_history(std::uint64_t seed, int events) {
  Dice dice(seed);
  Instant now = from_ms(1'790'000'000'000);
  State state = refresh::received(now);
  std::string out;
  for (int i = 0; i < events; ++i) {
    const auto possible = refresh::events_for(state);
    const auto& picked =
        possible[static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(possible.size())))];
    const auto event = at_random(dice, picked, state, now);
    out += wire::dump({{"at", to_ms(now)}, {"event", wire::write(event)}}) + "\n";
    state = refresh::step(state, event, now).next;
    now = later(dice, state, now);
  }
  return out;
}

std::string explored_refreshes() {
  std::string out, from;
  std::uint64_t all = digest("");
  std::size_t steps = 0;
  const auto finish = [&] {
    if (steps > 0) out += std::to_string(all) + " " + std::to_string(steps) + " " + from + "\n";
    all = digest("");
    steps = 0;
  };
  refresh::explore([&](const Explored& taken) {
    auto state = wire::text_of(taken.state);
    if (state != from) {
      finish();
      from = std::move(state);
    }
    ++steps;
    all = digest(wire::text_of(taken.event) + wire::text_of(taken.step), all);
  });
  finish();
  return out;
}

}  // namespace rekey::test
