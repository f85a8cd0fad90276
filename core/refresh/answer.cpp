// What the provider's answers do to a grant.
#include <algorithm>

#include "core/refresh/parts.hpp"
#include "core/refresh/policy.hpp"

namespace rekey::refresh {

using connect::Hindrance;

namespace {

/// What only a person can mend is told at once; the rest when it lasts.
bool is_told_at_once(Meaning meaning) {
  return meaning == Meaning::misconfigured || meaning == Meaning::grant_ended ||
         meaning == Meaning::rights_lost || meaning == Meaning::company_lapsed;
}

bool is_told(const Barred& barred, Instant now) {
  return is_told_at_once(barred.meaning) || now - barred.since >= policy::trouble_told_after;
}

/// The grant's end was the provider's word, and the access token is of no use any more.
Step end(const State& state, connect::Ended reason, Instant now) {
  State next = state;
  next.phase = Ended{reason, now};
  next.due.reset();
  next.warn.reset();
  next.barred.reset();
  return {std::move(next), {TellEnded{reason}}, {}};
}

/// The refresh token is dead. While the access token lives callers are served, people are asked,
/// and one more try is made at its end; then it is over.
Step refused_for_good(const State& state, const Spending& turn, const NotRenewed& event,
                      Instant now) {
  State next = state;
  next.unsettled = turn.unsettled;
  if (!event.may_end) {
    Actions actions;
    hold_back(next, actions, event, now);
    return {std::move(next), std::move(actions), {}};
  }
  const bool lives = now < state.access_expires;
  const bool refused = event.rejected && state.revision <= *event.rejected;
  // Refused before its end, and not renewed either: the person removed the app at the provider.
  const auto reason = event.run_out      ? connect::Ended::expired
                      : turn.unsettled   ? connect::Ended::reply_lost
                      : refused && lives ? connect::Ended::revoked_outside
                                         : connect::Ended::refused;
  if (refused || !lives) return end(next, reason, now);
  next.phase = Dying{reason, now, state.access_expires};
  if (next.due) next.due = state.access_expires;
  Actions actions;
  if (!std::holds_alternative<Dying>(turn.from))
    actions.push_back(TellRisk{reason, state.access_expires});
  return {std::move(next), std::move(actions), {}};
}

Millis look_pause(std::int64_t looks) {
  const auto doubled = std::clamp<std::int64_t>(looks, 0, 20);
  return std::min(policy::first_look * (std::int64_t{1} << doubled), policy::longest_look);
}

/// The accounting API refuses the grant though the token endpoint renews it.
Step bar(const State& state, const AccessAnswered& event, Instant now) {
  State next = state;
  const bool known = state.barred.has_value();
  const bool same = known && state.barred->meaning == event.meaning;
  Barred barred{
      event.meaning, known ? state.barred->since : now, {}, known ? state.barred->looks + 1 : 0};
  const auto pause = look_pause(barred.looks);
  barred.look_at = now + pause + share_of(policy::pause_jitter_part.of(pause), event.dice);
  next.barred = barred;
  Actions actions;
  const bool told_at_once = is_told_at_once(event.meaning);
  if (told_at_once ? !same : now - barred.since >= policy::trouble_told_after)
    actions.push_back(TellTrouble{hindrance_of(event.meaning), barred.since});
  return {std::move(next), std::move(actions), {}};
}

/// An answer that says nothing about the grant: a look that was due is made again later.
Step look_again(const State& state, const AccessAnswered& event, Instant now) {
  if (!state.barred) return {state, {}, {}};
  auto same = event;
  same.meaning = state.barred->meaning;
  return bar(state, same, now);
}

Step stale(const State& state, const AccessAnswered& event, Instant now) {
  if (event.revision < state.revision) return {state, {RenewAndRepeat{}}, {}};
  const auto age = now - (state.access_expires - state.access_life);
  const bool just_made = event.repeated || (state.barred && age < policy::renew_again_after);
  if (!just_made) return {state, {RenewAndRepeat{}}, {}};
  return bar(state, event, now);
}

}  // namespace

connect::Hindrance hindrance_of(Meaning meaning) {
  switch (meaning) {
    case Meaning::misconfigured:
      return Hindrance::misconfigured;
    case Meaning::unreadable:
      return Hindrance::unreadable;
    case Meaning::grant_ended:
      return Hindrance::ending_stopped;
    case Meaning::rights_lost:
      return Hindrance::rights_lost;
    case Meaning::company_lapsed:
      return Hindrance::company_lapsed;
    case Meaning::stale_token:
      return Hindrance::access_refused;
    case Meaning::alive:
    case Meaning::throttled:
    case Meaning::unavailable:
    case Meaning::list_refused:
      break;
  }
  return Hindrance::unavailable;
}

void hold_back(State& next, Actions& actions, const NotRenewed& event, Instant now) {
  const auto* before = standing<HeldBack>(next.phase);
  HeldBack held;
  held.meaning = event.meaning;
  held.failures = (before ? before->failures : 0) + 1;
  held.since = before ? before->since : now;
  const auto pause = pause_after(held.failures);
  const auto asked =
      std::clamp(event.retry_after.value_or(Millis{0}), Millis{0}, policy::longest_wait);
  held.pause = std::max(pause + share_of(policy::pause_jitter_part.of(pause), event.dice), asked);
  held.retry_at = now + held.pause;
  if (next.due) next.due = held.retry_at;
  if (is_told_at_once(held.meaning) || now - held.since >= policy::trouble_told_after)
    actions.push_back(TellTrouble{hindrance_of(held.meaning), held.since});
  next.phase = held;
}

Step renewed(const State& state, const Renewed& event, Instant now) {
  if (!own_turn(state, event.me)) return refuse(state, Refusal::stale_answer);
  State next = state;
  next.phase = Fresh{};
  ++next.revision;
  next.access_expires = event.lifetimes.access_expires;
  next.access_life = event.lifetimes.access_expires - now;
  next.previous = state.previous || event.rotated;
  next.unsettled = false;
  next.due = idle_due(event.lifetimes, event.dice, now);
  if (!next.warn) next.warn = first_warning(event.lifetimes, now);
  Actions actions{StoreTokens{event.rotated}, TellRenewed{event.lifetimes}};
  // People may have heard of another trouble since, which is over now; this one is not.
  if (next.barred && is_told(*next.barred, now))
    actions.push_back(TellTrouble{hindrance_of(next.barred->meaning), next.barred->since});
  return {std::move(next), std::move(actions), {}};
}

Step not_renewed(const State& state, const NotRenewed& event, Instant now) {
  const auto* turn = own_turn(state, event.me);
  if (!turn) return refuse(state, Refusal::stale_answer);
  if (event.meaning == Meaning::grant_ended) {
    // The provider may not know of the newer token: its side of the last renewal was lost.
    if (state.previous && !event.of_previous) return {state, {Spend{true}}, {}};
    return refused_for_good(state, *turn, event, now);
  }
  State next = state;
  next.unsettled = turn->unsettled || event.maybe_done;
  Actions actions;
  hold_back(next, actions, event, now);
  return {std::move(next), std::move(actions), {}};
}

Step access_answered(const State& state, const AccessAnswered& event, Instant now) {
  if (standing<Ended>(state.phase)) return refuse(state, Refusal::stale_answer);
  switch (event.meaning) {
    case Meaning::alive: {
      if (!state.barred) return {state, {}, {}};
      State next = state;
      next.barred.reset();
      return {std::move(next), {TellRestored{}}, {}};
    }
    case Meaning::stale_token:
      return stale(state, event, now);
    case Meaning::rights_lost:
    case Meaning::company_lapsed:
      return bar(state, event, now);
    case Meaning::grant_ended:
    case Meaning::misconfigured:
    case Meaning::throttled:
    case Meaning::unavailable:
    case Meaning::unreadable:
    case Meaning::list_refused:
      break;
  }
  return look_again(state, event, now);
}

}  // namespace rekey::refresh
