// What a caller gets, and who may send the refresh token.
#include <algorithm>

#include "core/refresh/parts.hpp"
#include "core/refresh/policy.hpp"

namespace rekey::refresh {

namespace {

/// How an access token stands to a caller.
struct Standing {
  bool refused = false;  ///< it is the one the caller says was refused
  bool lives = false;    ///< it has not run out
  bool usable = false;   ///< it lasts long enough while another caller renews it
  bool good = false;     ///< it lasts as long as the caller wants
};

Standing standing_of(const State& state, const Asked& event, Instant now) {
  Standing out;
  const auto left = state.access_expires - now;
  out.refused = event.rejected && state.revision <= *event.rejected;
  if (out.refused) return out;
  out.lives = left > Millis{0};
  out.usable = left > std::min(policy::meanwhile, policy::meanwhile_part.of(state.access_life));
  // With more left than it ever had, the clock was set back and its end is not where it seems.
  out.good = left <= state.access_life + policy::clock_slack &&
             left > std::min(event.good_for, policy::enough_life.of(state.access_life));
  return out;
}

Step answer(const State& state, Action action) {
  return {state, {std::move(action)}, {}};
}

/// A wait that has more left than it had: the clock was set back, and it is over.
bool still_waits(const HeldBack& held, bool client_known, Instant now) {
  const bool not_asked = held.failures == 0;
  if (not_asked && client_known) return false;
  const auto left = held.retry_at - now;
  return left > Millis{0} && left <= held.pause;
}
bool still_waits(const Dying& dying, Instant now) {
  return now < dying.ends && now >= dying.since;
}

/// Without a refresh token a grant lives as long as its access token.
Step without_refresh_token(const State& state, bool lives, Instant now) {
  State next = state;
  if (now >= state.access_expires) {
    next.phase = Ended{connect::Ended::expired, now};
    next.due.reset();
    next.warn.reset();
    return {std::move(next), {TellEnded{connect::Ended::expired}, Over{}}, {}};
  }
  next.phase = Dying{connect::Ended::expired, now, state.access_expires};
  if (next.due) next.due = state.access_expires;
  Actions actions;
  if (!standing<Dying>(state.phase))
    actions.push_back(TellRisk{connect::Ended::expired, state.access_expires});
  if (lives)
    actions.push_back(Serve{});
  else
    actions.push_back(Later{Meaning::stale_token, state.access_expires});
  return {std::move(next), std::move(actions), {}};
}

/// The configured client is not the one the grant was given to: nothing is spent, and when that is
/// mended there is nothing to wait for.
Step of_another_client(const State& state, bool lives, std::int64_t dice, Instant now) {
  State next = state;
  const auto* before = standing<HeldBack>(state.phase);
  const auto pause =
      policy::client_pause + share_of(policy::pause_jitter_part.of(policy::client_pause), dice);
  const HeldBack held{Meaning::misconfigured, before ? before->since : now, now + pause, pause, 0};
  next.phase = held;
  if (next.due) next.due = held.retry_at;
  Actions actions{TellTrouble{hindrance_of(held.meaning), held.since}};
  if (lives)
    actions.push_back(Serve{});
  else
    actions.push_back(Later{held.meaning, held.retry_at});
  return {std::move(next), std::move(actions), {}};
}

Origin origin_of(const Phase& phase) {
  if (const auto* turn = std::get_if<Spending>(&phase)) return turn->from;
  if (const auto* held = std::get_if<HeldBack>(&phase)) return *held;
  if (const auto* dying = std::get_if<Dying>(&phase)) return *dying;
  return Fresh{};
}

Step take_turn(const State& state, const std::string& me) {
  State next = state;
  next.phase = Spending{me, 0, state.unsettled, origin_of(state.phase)};
  next.unsettled = true;
  return {std::move(next), {Spend{}}, {}};
}

template <class Asking>
Step begin_turn(const State& state, const Asking& event, bool lives, Instant now) {
  if (!state.renewable) return without_refresh_token(state, lives, now);
  if (!event.client_known) return of_another_client(state, lives, event.dice, now);
  return take_turn(state, event.me);
}

}  // namespace

Step asked(const State& state, const Asked& event, Instant now) {
  if (standing<Ended>(state.phase)) return answer(state, Over{});
  const auto token = standing_of(state, event, now);
  const bool newer = event.seen && state.revision > *event.seen && !token.refused;
  if (token.good || newer || (token.usable && event.renewing_here)) return answer(state, Serve{});
  if (const auto* turn = std::get_if<Spending>(&state.phase)) {
    if (holder_of(*turn) == event.dead) return begin_turn(state, event, token.lives, now);
    if (token.usable) return answer(state, Serve{});
    return answer(state, Watch{holder_of(*turn)});
  }
  if (const auto* held = std::get_if<HeldBack>(&state.phase);
      held && still_waits(*held, event.client_known, now)) {
    if (token.usable) return answer(state, Serve{});
    if (held->retry_at - now <= event.patience) return answer(state, Wait{held->retry_at});
    if (token.lives) return answer(state, Serve{});
    return answer(state, Later{held->meaning, held->retry_at});
  }
  if (const auto* dying = std::get_if<Dying>(&state.phase);
      dying && still_waits(*dying, now) && token.lives)
    return answer(state, Serve{});
  return begin_turn(state, event, token.lives, now);
}

Step due_reached(const State& state, const DueReached& event, Instant now) {
  if (!state.due || now < *state.due) return refuse(state, Refusal::nothing_due);
  State next = state;
  if (standing<Ended>(state.phase)) {
    next.due.reset();
    return {std::move(next), {}, {}};
  }
  if (const auto* turn = std::get_if<Spending>(&state.phase);
      turn && holder_of(*turn) != event.dead) {
    if (!event.gives_way) return answer(state, Watch{holder_of(*turn)});
    next.due = now + policy::again_after;
    return {std::move(next), {}, {}};
  }
  if (const auto* held = std::get_if<HeldBack>(&state.phase);
      held && still_waits(*held, event.client_known, now)) {
    next.due = held->retry_at;
    return {std::move(next), {}, {}};
  }
  if (const auto* dying = std::get_if<Dying>(&state.phase); dying && still_waits(*dying, now)) {
    next.due = dying->ends;
    return {std::move(next), {}, {}};
  }
  return begin_turn(state, event, now < state.access_expires, now);
}

}  // namespace rekey::refresh
