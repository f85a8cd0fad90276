#include "core/refresh/step.hpp"

#include <algorithm>

#include "core/overloaded.hpp"
#include "core/refresh/parts.hpp"
#include "core/refresh/policy.hpp"

namespace rekey::refresh {

namespace {

Step give_up_turn(const State& state, const TurnGivenUp& event) {
  const auto* turn = own_turn(state, event.me);
  if (!turn) return refuse(state, Refusal::stale_answer);
  State next = state;
  next.phase = std::visit([](const auto& from) -> Phase { return from; }, turn->from);
  return {std::move(next), {}, {}};
}

// It never puts off a time that a failure has set.
Step used(const State& state, const Used& event) {
  if (!state.due || standing<Ended>(state.phase) || !standing<Fresh>(state.phase))
    return refuse(state, Refusal::nothing_due);
  const auto early = policy::ahead - share_of(policy::ahead_jitter, event.dice);
  const auto at = state.access_expires - std::min(early, policy::ahead_part.of(state.access_life));
  if (*state.due <= at) return refuse(state, Refusal::nothing_due);
  State next = state;
  next.due = at;
  return {std::move(next), {}, {}};
}

Instant next_warning(Instant end, Instant now) {
  for (const Millis before : {policy::first_warning, policy::second_warning, policy::last_warning})
    if (now < end - before) return end - before;
  return end;
}

Step warn(const State& state, const WarnReached& event, Instant now) {
  if (!state.warn || now < *state.warn) return refuse(state, Refusal::nothing_due);
  State next = state;
  if (!event.hard_expires) {
    next.warn = event.proving ? std::optional(now + policy::proved_after) : std::nullopt;
    return {std::move(next), {}, {}};
  }
  if (now >= *event.hard_expires) {
    // Our clock may be wrong, and the provider may have moved the end: it is asked.
    next.warn.reset();
    if (next.due && standing<Fresh>(next.phase)) next.due = now;
    return {std::move(next), {}, {}};
  }
  next.warn = next_warning(*event.hard_expires, now);
  return {std::move(next), {TellRisk{connect::Ended::expired, *event.hard_expires}}, {}};
}

Step revive(const State& state, Instant now) {
  if (!standing<Ended>(state.phase)) return refuse(state, Refusal::stale_answer);
  State next = state;
  next.phase = Fresh{};
  next.due = now;
  return {std::move(next), {}, {}};
}

}  // namespace

Millis share_of(Millis most, std::int64_t dice) {
  return most * std::clamp<std::int64_t>(dice, 0, 9999) / 10'000;
}

Step refuse(const State& state, Refusal why) {
  return {state, {}, why};
}

const Spending* own_turn(const State& state, const std::string& me) {
  const auto* turn = std::get_if<Spending>(&state.phase);
  return turn && turn->owner == me ? turn : nullptr;
}

std::string holder_of(const Spending& turn) {
  return turn.owner + "/" + std::to_string(turn.beat);
}

Instant idle_due(const connect::Lifetimes& lifetimes, std::int64_t dice, Instant now) {
  const Millis part =
      lifetimes.refresh_expires
          ? policy::idle_part.of(std::max(Millis{0}, *lifetimes.refresh_expires - now))
          : policy::idle_unknown;
  return now + part - share_of(policy::idle_jitter_part.of(part), dice);
}

std::optional<Instant> first_warning(const connect::Lifetimes& lifetimes, Instant now) {
  if (!lifetimes.hard_expires) return {};
  // Already nearer than the first warning: it is told at once.
  return std::max(now, *lifetimes.hard_expires - policy::first_warning);
}

State begin(const connect::Lifetimes& lifetimes, bool renewable, std::int64_t dice, Instant now) {
  State out;
  out.access_expires = lifetimes.access_expires;
  out.access_life = lifetimes.access_expires - now;
  out.renewable = renewable;
  out.due = idle_due(lifetimes, dice, now);
  out.warn = first_warning(lifetimes, now);
  return out;
}

Millis pause_after(std::int64_t failures) {
  const auto doubled = std::clamp<std::int64_t>(failures - 1, 0, 20);
  return std::min(policy::first_pause * (std::int64_t{1} << doubled), policy::longest_pause);
}

Step step(const State& state, const Event& event, Instant now) {
  return std::visit(
      Overloaded{[&](const Asked& each) { return asked(state, each, now); },
                 [&](const DueReached& each) { return due_reached(state, each, now); },
                 [&](const Renewed& each) { return renewed(state, each, now); },
                 [&](const NotRenewed& each) { return not_renewed(state, each, now); },
                 [&](const TurnGivenUp& each) { return give_up_turn(state, each); },
                 [&](const AccessAnswered& each) { return access_answered(state, each, now); },
                 [&](const Used& each) { return used(state, each); },
                 [&](const WarnReached& each) { return warn(state, each, now); },
                 [&](const Revived&) { return revive(state, now); }},
      event);
}

}  // namespace rekey::refresh
