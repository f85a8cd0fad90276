#include "core/connect/live.hpp"

namespace rekey::connect {

namespace {

/// Replaces the live grant in place, wherever it is in the state.
Move<State> replace_live(const State& state, const Origin& with, Effects effects) {
  Phase next = std::visit(
      [&](const auto& phase) -> Phase {
        if constexpr (UnderWay<std::decay_t<decltype(phase)>>) {
          auto copy = phase;
          copy.from = with;
          return copy;
        } else {
          return std::visit([](const auto& each) { return Phase{each}; }, with);
        }
      },
      state.phase);
  State after = state;
  after.phase = std::move(next);
  return {std::move(after), std::move(effects), {}};
}

/// A refresh shows that the grant lives, but does not put off an end that no refresh moves. That
/// one is told anew with every refresh, and not always to the second.
bool is_still_near(const Linked& live) {
  return live.risk->reason == Ended::expired && live.hard_expires &&
         *live.hard_expires < live.risk->ends + std::chrono::hours{24};
}

void end_trouble(Linked& live, Effects& effects) {
  effects.push_back(
      Notify{Note::grant_recovered, std::string(wire::name_of(live.trouble->reason))});
  live.trouble.reset();
}

}  // namespace

Move<State> refreshed(const State& state, const GrantRefreshed& event) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.access_expires = event.lifetimes.access_expires;
  next.refresh_expires = event.lifetimes.refresh_expires;
  if (event.lifetimes.hard_expires) next.hard_expires = event.lifetimes.hard_expires;
  if (next.risk && !is_still_near(next)) next.risk.reset();
  Effects effects;
  if (next.trouble && ends_with_renewal(next.trouble->reason)) end_trouble(next, effects);
  return replace_live(state, next, std::move(effects));
}

// Told once for a trouble: again only when something else is to be done than before.
Move<State> in_trouble(const State& state, const GrantInTrouble& event) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  if (live->trouble && need_the_same(live->trouble->reason, event.reason))
    return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.trouble = Trouble{event.reason, event.since};
  return replace_live(state, next,
                      {Notify{Note::grant_in_trouble, std::string(wire::name_of(event.reason))}});
}

// A company that only the host had named, with a grant it brought in, has been read.
Move<State> read_again(const State& state, const CompanyProved& event) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version || live->company.realm_id != event.company.realm_id ||
      live->company == event.company)
    return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.company = event.company;
  return replace_live(state, next, {});
}

Move<State> ended(const State& state, const GrantEnded& event, Instant now) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  Broken broken{live->company, event.reason, now};
  Effects effects;
  if (event.keep_until && *event.keep_until > now)
    broken.kept = Kept{event.version, *event.keep_until};
  else
    effects.push_back(Forget{event.version});
  effects.push_back(Notify{Note::grant_ended, std::string(wire::name_of(event.reason))});
  return replace_live(state, broken, std::move(effects));
}

Move<State> restored(const State& state, const AccessRestored& event) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version || !live->trouble ||
      ends_with_renewal(live->trouble->reason))
    return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  Effects effects;
  end_trouble(next, effects);
  return replace_live(state, next, std::move(effects));
}

Move<State> revived(const State& state, const GrantRevived& event, Instant now) {
  const Kept* kept = kept_grant(state);
  if (!kept || kept->version != event.version) return refuse(state, Refusal::stale_answer);
  const auto& company = *known_company(state);
  const Linked next{company,
                    event.version,
                    now,
                    event.lifetimes.access_expires,
                    event.lifetimes.refresh_expires,
                    event.lifetimes.hard_expires};
  return replace_live(state, next, {Notify{Note::connected, company.name}});
}

// It goes on working: whether it really ends is for the provider and for time to say.
Move<State> at_risk(const State& state, const GrantAtRisk& event) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.risk = Risk{event.reason, event.ends};
  return replace_live(state, next,
                      {Notify{Note::grant_at_risk, std::string(wire::name_of(event.reason))}});
}

}  // namespace rekey::connect
