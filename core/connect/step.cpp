#include "core/connect/step.hpp"

// Every transition of the connect machine is in this file: one `on(state, phase, event, now)` for
// each pair that is possible. A pair that is not written here is refused, with the reason that
// `why_not` gives, and changes nothing.
//
// Three rules shape it:
//  - Make before break. Whatever worked before an authorization stays inside it as `from`, keeps
//    working meanwhile, and comes back when the authorization comes to nothing.
//  - An attempt is spent before its code is used, so a second callback finds it spent, and a code
//    is never sent twice (RFC 6749 4.1.2: a code must not be used more than once).
//  - A grant that arrives when nobody waits for it is never live. It is revoked, or, where a grant
//    that lives or is on its way could be of the same consent and die with it, only forgotten.

namespace rekey::connect {

namespace {

using Moved = Move<State>;

Moved moved(const State& state, Phase phase, Effects effects = {}) {
  State next = state;
  next.phase = std::move(phase);
  return {std::move(next), std::move(effects), {}};
}

Phase phase_of(const Origin& origin) {
  return std::visit([](const auto& each) { return Phase{each}; }, origin);
}

Effect discard(const Origin& from, std::int64_t version) {
  if (std::holds_alternative<Linked>(from)) return Forget{version};
  return Revoke{version};
}

/// Back to where the authorization began, and tell why.
Moved back(const State& state, const Origin& from, Failed reason, Effects effects = {}) {
  effects.push_back(Notify{Note::sign_in_failed, std::string(wire::name_of(reason))});
  return moved(state, phase_of(from), std::move(effects));
}

/// The new grant is the live one from here; what it replaces is retired only now, after the proof.
Moved link(const State& state, const Origin& from, const Company& company, std::int64_t version,
           const Lifetimes& lifetimes, Instant now) {
  Effects effects;
  Note note = Note::connected;
  if (std::holds_alternative<Legacy>(from)) {
    effects.push_back(RetireLegacy{});
    note = Note::upgraded;
  } else if (const auto* old = std::get_if<Linked>(&from)) {
    if (old->company.realm_id == company.realm_id) {
      effects.push_back(Forget{old->version});
    } else {
      effects.push_back(Revoke{old->version});
    }
    note = Note::renewed;
  }
  effects.push_back(Notify{note, company.name});
  return moved(state,
               Linked{company, version, now, lifetimes.access_expires, lifetimes.refresh_expires,
                      lifetimes.hard_expires},
               std::move(effects));
}

Moved disconnect(const State& state, const Company& company, std::int64_t version, Instant now) {
  Effects effects;
  if (version == 0) {
    effects.push_back(RetireLegacy{});
  } else {
    effects.push_back(Revoke{version});
  }
  return moved(state, Disconnecting{company, version, now + disconnect_time}, std::move(effects));
}

// Why a pair is not possible -------------------------------------------------------------------

template <class P, class E>
Refusal why_not(const State& state, const P&, const E& event) {
  if constexpr (std::is_same_v<E, LegacyLoaded> || std::is_same_v<E, GrantImported>)
    return Refusal::already_loaded;
  if constexpr (std::is_same_v<E, CallbackArrived> || std::is_same_v<E, CallbackRefused>) {
    if (!event.attempt.empty() && event.attempt == state.spent) return Refusal::attempt_spent;
    if (UnderWay<P>) return Refusal::attempt_superseded;
    return Refusal::no_sign_in;
  }
  if constexpr (std::is_same_v<E, CancelPressed>)
    return UnderWay<P> ? Refusal::sign_in_under_way : Refusal::no_sign_in;
  if constexpr (std::is_same_v<E, CompanyConfirmed> || std::is_same_v<E, CompanyDeclined>)
    return Refusal::nothing_to_confirm;
  if constexpr (std::is_same_v<E, ConnectPressed> || std::is_same_v<E, DisconnectPressed>) {
    if (std::is_same_v<P, Disconnecting>) return Refusal::disconnecting;
    if (UnderWay<P>) return Refusal::sign_in_under_way;
    return Refusal::nothing_to_disconnect;
  }
  return Refusal::stale_answer;
}

template <class P, class E>
Moved on(const State& state, const P& phase, const E& event, Instant) {
  return refuse(state, why_not(state, phase, event));
}

// The legacy connection ------------------------------------------------------------------------

Moved on(const State& state, const Unlinked& phase, const LegacyLoaded& event, Instant now) {
  // What comes later than a first connection is never replaced by something older.
  if (phase.last || state.versions > 0 || event.company.realm_id.empty())
    return refuse(state, Refusal::already_loaded);
  if (event.expires && *event.expires <= now)
    return moved(state, Broken{event.company, Ended::legacy_expired, *event.expires},
                 {Forget{0}, Notify{Note::grant_ended, "legacy_expired"}});
  return moved(state, Legacy{event.company, event.since, event.expires},
               {Notify{Note::legacy_found, event.company.name}});
}

// Grants from elsewhere ------------------------------------------------------------------------

/// Only where nothing works now, and never another company than everything mapped belongs to.
template <class P>
requires(std::is_same_v<P, Unlinked> || std::is_same_v<P, Broken>) Moved
    on(const State& state, const P&, const GrantImported& event, Instant now) {
  const Company* known = known_company(state);
  if (event.company.realm_id.empty() || (known && known->realm_id != event.company.realm_id))
    return refuse(state, Refusal::already_loaded);
  State next = state;
  next.versions += 1;
  const auto& lifetimes = event.lifetimes;
  return moved(next,
               Linked{event.company, next.versions, now, lifetimes.access_expires,
                      lifetimes.refresh_expires, lifetimes.hard_expires},
               {Notify{Note::connected, event.company.name}});
}

// The authorization ----------------------------------------------------------------------------

Moved authorize(const State& state, Origin from, const ConnectPressed& event, Instant now) {
  if (event.attempt.empty() || event.attempt == state.spent)
    return refuse(state, Refusal::attempt_spent);
  if (event.expires <= now) return refuse(state, Refusal::attempt_expired);
  return moved(state, Authorizing{event.attempt, event.expires, std::move(from)},
               {Redirect{event.attempt}});
}

template <Standing P>
Moved on(const State& state, const P& phase, const ConnectPressed& event, Instant now) {
  return authorize(state, phase, event, now);
}

/// A second Connect (another tab, or once more in this one) replaces the first.
Moved on(const State& state, const Authorizing& phase, const ConnectPressed& event, Instant now) {
  return authorize(state, phase.from, event, now);
}

Moved on(const State& state, const Authorizing& phase, const CancelPressed&, Instant) {
  return moved(state, phase_of(phase.from));
}

std::optional<Refusal> not_this_attempt(const State& state, const Authorizing& phase,
                                        const std::string& attempt, Instant now) {
  if (attempt == state.spent) return Refusal::attempt_spent;
  if (attempt != phase.attempt) return Refusal::attempt_superseded;
  if (now >= phase.expires) return Refusal::attempt_expired;
  return {};
}

Moved on(const State& state, const Authorizing& phase, const CallbackArrived& event, Instant now) {
  if (const auto why = not_this_attempt(state, phase, event.attempt, now))
    return refuse(state, *why);
  State next = state;
  next.spent = event.attempt;
  next.versions += 1;
  next.phase = Exchanging{event.attempt, next.versions, now + exchange_time, phase.from};
  const auto version = next.versions;
  return {std::move(next), {ExchangeCode{event.attempt, version}}, {}};
}

Moved on(const State& state, const Authorizing& phase, const CallbackRefused& event, Instant now) {
  if (const auto why = not_this_attempt(state, phase, event.attempt, now))
    return refuse(state, *why);
  State spent = state;
  spent.spent = event.attempt;
  return back(spent, phase.from, event.reason);
}

// The exchange and the proof -------------------------------------------------------------------

Moved on(const State& state, const Exchanging& phase, const ExchangeFailed& event, Instant) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return back(state, phase.from, event.reason);
}

template <class P>
Moved on(const State& state, const P& phase, const GrantReceived& event, Instant now) {
  if constexpr (std::is_same_v<P, Exchanging>) {
    if (event.version == phase.version)
      return moved(state, Proving{event.version, event.lifetimes, now + proof_time, phase.from},
                   {ProveCompany{event.version}});
  }
  // Late: the exchange was given up, or overtaken. The grant must not stay alive behind our back.
  const Linked* live = live_grant(state);
  std::int64_t pending = 0;
  if constexpr (std::is_same_v<P, Exchanging> || std::is_same_v<P, Proving> ||
                std::is_same_v<P, Confirming> || std::is_same_v<P, Disconnecting>)
    pending = phase.version;
  const bool known = event.version == pending || (live && event.version == live->version);
  if (known || event.version < 1 || event.version > state.versions)
    return refuse(state, Refusal::stale_answer);
  if (live || pending != 0) return moved(state, state.phase, {Forget{event.version}});
  return moved(state, state.phase, {Revoke{event.version}});
}

Moved on(const State& state, const Proving& phase, const CompanyProved& event, Instant now) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  const Company* known = known_company(state);
  if (known && known->realm_id != event.company.realm_id)
    return moved(
        state,
        Confirming{phase.version, event.company, phase.lifetimes, now + confirm_time, phase.from},
        {Notify{Note::company_differs, event.company.name}});
  return link(state, phase.from, event.company, phase.version, phase.lifetimes, now);
}

Moved on(const State& state, const Proving& phase, const ProofFailed& event, Instant) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  // Where a provider keeps one consent for both, to revoke it would end the other customer's grant.
  if (event.reason == Failed::company_elsewhere)
    return back(state, phase.from, event.reason, {Forget{phase.version}});
  return back(state, phase.from, event.reason, {discard(phase.from, phase.version)});
}

Moved on(const State& state, const Confirming& phase, const CompanyConfirmed& event, Instant now) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return link(state, phase.from, phase.found, phase.version, phase.lifetimes, now);
}

/// Another company's grant shares nothing with the one we keep, so it is revoked, not forgotten.
Moved decline(const State& state, const Confirming& phase) {
  const Company* known = known_company(state);
  return moved(state, phase_of(phase.from),
               {Revoke{phase.version}, Notify{Note::company_kept, known ? known->name : ""}});
}

Moved on(const State& state, const Confirming& phase, const CompanyDeclined& event, Instant) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return decline(state, phase);
}

// The end --------------------------------------------------------------------------------------

Moved on(const State& state, const Legacy& phase, const DisconnectPressed&, Instant now) {
  return disconnect(state, phase.company, 0, now);
}

Moved on(const State& state, const Linked& phase, const DisconnectPressed&, Instant now) {
  return disconnect(state, phase.company, phase.version, now);
}

Moved on(const State& state, const Broken& phase, const DisconnectPressed&, Instant now) {
  return moved(state, Unlinked{phase.company, now}, {Notify{Note::disconnected, ""}});
}

/// Turning it off while the customer could still be at the provider gives up that sign-in too.
Moved on(const State& state, const Authorizing& phase, const DisconnectPressed& event,
         Instant now) {
  if (std::holds_alternative<Unlinked>(phase.from))
    return refuse(state, Refusal::nothing_to_disconnect);
  return std::visit([&](const auto& from) { return on(state, from, event, now); }, phase.from);
}

Moved on(const State& state, const Disconnecting& phase, const Disconnected& event, Instant now) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return moved(state, Unlinked{phase.company, now}, {Notify{Note::disconnected, ""}});
}

// The live grant, which may stand alone or inside an authorization ------------------------------

/// Replaces the live grant in place, wherever it is in the state.
Moved replace_live(const State& state, const Origin& with, Effects effects) {
  Phase next = std::visit(
      [&](const auto& phase) -> Phase {
        if constexpr (UnderWay<std::decay_t<decltype(phase)>>) {
          auto copy = phase;
          copy.from = with;
          return copy;
        } else {
          return phase_of(with);
        }
      },
      state.phase);
  return moved(state, std::move(next), std::move(effects));
}

/// A refresh shows that the grant lives, but does not put off an end that no refresh moves. That
/// one is told anew with every refresh, and not always to the second.
bool is_still_near(const Linked& live) {
  return live.risk->reason == Ended::expired && live.hard_expires &&
         *live.hard_expires < live.risk->ends + std::chrono::hours{24};
}

template <class P>
Moved on(const State& state, const P&, const GrantRefreshed& event, Instant) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.access_expires = event.lifetimes.access_expires;
  next.refresh_expires = event.lifetimes.refresh_expires;
  if (event.lifetimes.hard_expires) next.hard_expires = event.lifetimes.hard_expires;
  if (next.risk && !is_still_near(next)) next.risk.reset();
  return replace_live(state, next, {});
}

/// A company that was only named by whoever brought the grant in has been read.
template <class P>
Moved on(const State& state, const P&, const CompanyProved& event, Instant) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version || live->company.realm_id != event.company.realm_id ||
      live->company == event.company)
    return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.company = event.company;
  return replace_live(state, next, {});
}

template <class P>
Moved on(const State& state, const P&, const GrantEnded& event, Instant now) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  return replace_live(
      state, Broken{live->company, event.reason, now},
      {Forget{event.version}, Notify{Note::grant_ended, std::string(wire::name_of(event.reason))}});
}

/// It goes on working: whether it really ends is for the provider and for time to say.
template <class P>
Moved on(const State& state, const P&, const GrantAtRisk& event, Instant) {
  const Linked* live = live_grant(state);
  if (!live || live->version != event.version) return refuse(state, Refusal::stale_answer);
  Linked next = *live;
  next.risk = Risk{event.reason, event.ends};
  return replace_live(state, next,
                      {Notify{Note::grant_at_risk, std::string(wire::name_of(event.reason))}});
}

template <class P>
Moved late(const State& state, const P&, Instant) {
  return refuse(state, Refusal::nothing_due);
}
Moved late(const State& state, const Legacy& phase, Instant now) {
  return moved(state, Broken{phase.company, Ended::legacy_expired, now},
               {Forget{0}, Notify{Note::grant_ended, "legacy_expired"}});
}
Moved late(const State& state, const Linked& phase, Instant now) {
  return moved(state, Broken{phase.company, Ended::expired, now},
               {Forget{phase.version}, Notify{Note::grant_ended, "expired"}});
}
Moved late(const State& state, const Authorizing& phase, Instant) {
  return back(state, phase.from, Failed::timed_out);
}
Moved late(const State& state, const Exchanging& phase, Instant) {
  return back(state, phase.from, Failed::interrupted);
}
Moved late(const State& state, const Proving& phase, Instant) {
  return back(state, phase.from, Failed::timed_out, {discard(phase.from, phase.version)});
}
Moved late(const State& state, const Confirming& phase, Instant) {
  return decline(state, phase);
}
Moved late(const State& state, const Disconnecting& phase, Instant now) {
  return moved(state, Unlinked{phase.company, now},
               {Forget{phase.version}, Notify{Note::disconnected, ""}});
}

}  // namespace

Moved step(const State& state, const Event& event, Instant now) {
  return std::visit(
      [&](const auto& phase, const auto& each) { return on(state, phase, each, now); }, state.phase,
      event);
}

Moved tick(const State& state, Instant now) {
  const auto when = due(state);
  if (!when || now < *when) return refuse(state, Refusal::nothing_due);
  return std::visit([&](const auto& phase) { return late(state, phase, now); }, state.phase);
}

}  // namespace rekey::connect
