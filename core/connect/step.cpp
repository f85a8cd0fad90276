#include "core/connect/step.hpp"

#include <algorithm>

#include "core/connect/ending.hpp"
#include "core/connect/live.hpp"
#include "core/connect/why_not.hpp"

// Every transition of the connect machine begins in this file: one `on(state, phase, event, now)`
// for each pair that is possible. A pair that is not written here is refused, with the reason that
// `why_not` gives, and changes nothing. What happens to the live grant wherever it stands is in
// live.cpp, and what becomes of grants to be revoked in ending.cpp.
//
// Four rules shape it:
//  - Make before break. What worked before an authorization stays inside it as `from`, keeps
//    working meanwhile, and comes back when the authorization comes to nothing.
//  - An attempt is spent before its code is used, so a second callback finds it spent, and a code
//    is never sent twice (RFC 6749 4.1.2: a code must not be used more than once). That holds where
//    its exchange begins later, too (`telling`).
//  - A grant that arrives when it is not waited for is never live. It is revoked, or, where a grant
//    that lives could be of the same consent and die with it, only forgotten.
//  - A grant to be revoked stays on the list (`revocations`) until the provider has confirmed
//    it, or is told no more and people know (ending.hpp).

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

/// A new grant that came to nothing, of this company (empty: not known). It is ended; but one that
/// could be of the same consent as the live grant would take that along, and is only forgotten.
Effect discard(State& next, const Linked* live, std::int64_t version, const std::string& realm_id,
               Instant now) {
  if (live && (realm_id.empty() || realm_id == live->company.realm_id)) return Forget{version};
  std::optional<Company> company;
  if (!realm_id.empty()) company = Company{realm_id, ""};
  return let_go(next, version, std::move(company), now);
}

/// Back to where the authorization began, and tell why.
Moved back(const State& state, const Origin& from, Failed reason, Effects effects = {}) {
  effects.push_back(Notify{Note::sign_in_failed, std::string(wire::name_of(reason))});
  return moved(state, phase_of(from), std::move(effects));
}

/// The tokens kept of a grant that ended: a new one of the same company is of the same consent;
/// that of another company may live after all, and is ended.
void release(State& next, const Broken& broken, const Company& company, Effects& effects,
             Instant now) {
  if (!broken.kept) return;
  if (broken.company.realm_id == company.realm_id)
    effects.push_back(Forget{broken.kept->version});
  else
    effects.push_back(let_go(next, broken.kept->version, broken.company, now));
}

/// The new grant is the live one from here; what it replaces is retired only now, after the proof.
Moved link(const State& state, const Origin& from, const Company& company, std::int64_t version,
           const Lifetimes& lifetimes, Instant now) {
  State next = state;
  Effects effects;
  Note note = Note::connected;
  if (const auto* legacy = std::get_if<Legacy>(&from)) {
    effects.push_back(let_go(next, 0, legacy->company, now));
    note = Note::upgraded;
  } else if (const auto* old = std::get_if<Linked>(&from)) {
    if (old->company.realm_id == company.realm_id) {
      effects.push_back(Forget{old->version});
    } else {
      effects.push_back(let_go(next, old->version, old->company, now));
    }
    note = Note::renewed;
  } else if (const auto* broken = std::get_if<Broken>(&from)) {
    release(next, *broken, company, effects, now);
  }
  spare(next, company, effects);
  effects.push_back(Notify{note, company.name});
  return moved(next,
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

// What is not possible -------------------------------------------------------------------------

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
    on(const State& state, const P& phase, const GrantImported& event, Instant now) {
  const Company* known = known_company(state);
  if (event.company.realm_id.empty() || (known && known->realm_id != event.company.realm_id))
    return refuse(state, Refusal::already_loaded);
  State next = state;
  next.versions += 1;
  Effects effects;
  if constexpr (std::is_same_v<P, Broken>) release(next, phase, event.company, effects, now);
  spare(next, event.company, effects);
  effects.push_back(Notify{Note::connected, event.company.name});
  const auto& lifetimes = event.lifetimes;
  return moved(next,
               Linked{event.company, next.versions, now, lifetimes.access_expires,
                      lifetimes.refresh_expires, lifetimes.hard_expires},
               std::move(effects));
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

Moved begin_exchange(const State& state, Exchanging exchange, Instant now) {
  exchange.begins.reset();
  exchange.deadline = now + exchange_time;
  ExchangeCode effect{exchange.attempt, exchange.version};
  return moved(state, std::move(exchange), {std::move(effect)});
}

Moved on(const State& state, const Authorizing& phase, const CallbackArrived& event, Instant now) {
  if (const auto why = not_this_attempt(state, phase, event.attempt, now))
    return refuse(state, *why);
  State next = state;
  next.spent = event.attempt;
  next.versions += 1;
  Exchanging exchange{event.attempt, next.versions, now + exchange_time, phase.from};
  if (!event.begins || *event.begins <= now) return begin_exchange(next, exchange, now);
  // Never later than the attempt's end: its code was made within it, and lives as long (ten
  // minutes).
  exchange.begins = std::min(*event.begins, phase.expires);
  exchange.deadline = *exchange.begins + exchange_time;
  return moved(next, std::move(exchange));
}

Moved on(const State& state, const Authorizing& phase, const CallbackRefused& event, Instant now) {
  if (const auto why = not_this_attempt(state, phase, event.attempt, now))
    return refuse(state, *why);
  State spent = state;
  spent.spent = event.attempt;
  return back(spent, phase.from, event.reason);
}

// A company that another tenant has, before the exchange ---------------------------------------

Moved on(const State& state, const Exchanging& phase, const CompanyConfirmed& event, Instant now) {
  if (!phase.begins) return refuse(state, Refusal::nothing_to_confirm);
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return begin_exchange(state, phase, now);
}

/// Nothing was used, so nothing is said; the code is forgotten.
Moved on(const State& state, const Exchanging& phase, const CancelPressed&, Instant) {
  if (!phase.begins) return refuse(state, Refusal::sign_in_under_way);
  return moved(state, phase_of(phase.from), {Forget{phase.version}});
}

// The exchange and the proof -------------------------------------------------------------------

Moved on(const State& state, const Exchanging& phase, const ExchangeFailed& event, Instant) {
  if (event.version != phase.version || phase.begins) return refuse(state, Refusal::stale_answer);
  return back(state, phase.from, event.reason);
}

/// The exchange was given up, or overtaken. The grant must not stay alive behind our back.
Moved received_late(const State& state, const GrantReceived& event, Instant now) {
  const Linked* live = live_grant(state);
  const auto* ending = std::get_if<Disconnecting>(&state.phase);
  const Kept* kept = kept_grant(state);
  const bool known = event.version == version_on_trial(state) ||
                     (ending && event.version == ending->version) ||
                     (live && event.version == live->version) ||
                     (kept && event.version == kept->version) || revocation(state, event.version);
  if (known || event.version < 1 || event.version > state.versions)
    return refuse(state, Refusal::stale_answer);
  State next = state;
  Effects effects = {discard(next, live, event.version, event.realm_id, now)};
  return {std::move(next), std::move(effects), {}};
}

template <class P>
Moved on(const State& state, const P&, const GrantReceived& event, Instant now) {
  return received_late(state, event, now);
}
Moved on(const State& state, const Exchanging& phase, const GrantReceived& event, Instant now) {
  if (event.version != phase.version || phase.begins) return received_late(state, event, now);
  return moved(state, Proving{event.version, event.lifetimes, now + proof_time, phase.from},
               {ProveCompany{event.version}});
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

Moved come_to_nothing(const State& state, const Proving& phase, Failed reason,
                      const std::string& realm_id, Instant now) {
  State next = state;
  const auto* live = std::get_if<Linked>(&phase.from);
  Effects effects = {discard(next, live, phase.version, realm_id, now)};
  return back(next, phase.from, reason, std::move(effects));
}

Moved on(const State& state, const Proving& phase, const ProofFailed& event, Instant now) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  // Where a provider keeps one consent for both, to revoke it would end the other customer's grant.
  if (event.reason == Failed::company_elsewhere)
    return back(state, phase.from, event.reason, {Forget{phase.version}});
  return come_to_nothing(state, phase, event.reason, event.realm_id, now);
}

Moved on(const State& state, const Confirming& phase, const CompanyConfirmed& event, Instant now) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return link(state, phase.from, phase.found, phase.version, phase.lifetimes, now);
}

/// Another company's grant shares nothing with the one we keep, so it is revoked, not forgotten.
Moved decline(const State& state, const Confirming& phase, Instant now) {
  const Company* known = known_company(state);
  State next = state;
  Effects effects = {let_go(next, phase.version, phase.found, now),
                     Notify{Note::company_kept, known ? known->name : ""}};
  return moved(next, phase_of(phase.from), std::move(effects));
}

Moved on(const State& state, const Confirming& phase, const CompanyDeclined& event, Instant now) {
  if (event.version != phase.version) return refuse(state, Refusal::stale_answer);
  return decline(state, phase, now);
}

// The end --------------------------------------------------------------------------------------

Moved on(const State& state, const Legacy& phase, const DisconnectPressed&, Instant now) {
  return disconnect(state, phase.company, 0, now);
}

Moved on(const State& state, const Linked& phase, const DisconnectPressed&, Instant now) {
  return disconnect(state, phase.company, phase.version, now);
}

/// The end may have been wrong: what is kept is ended for certain now.
Moved on(const State& state, const Broken& phase, const DisconnectPressed&, Instant now) {
  State next = state;
  Effects effects;
  if (phase.kept) effects.push_back(let_go(next, phase.kept->version, phase.company, now));
  effects.push_back(Notify{Note::disconnected, ""});
  return moved(next, Unlinked{phase.company, now}, std::move(effects));
}

/// Turning it off while the customer could still be at the provider gives up that sign-in too.
Moved on(const State& state, const Authorizing& phase, const DisconnectPressed& event,
         Instant now) {
  if (std::holds_alternative<Unlinked>(phase.from))
    return refuse(state, Refusal::nothing_to_disconnect);
  return std::visit([&](const auto& from) { return on(state, from, event, now); }, phase.from);
}

// The provider's answers to revocations ----------------------------------------------------------

template <class P>
Moved on(const State& state, const P&, const Disconnected& event, Instant) {
  return confirmed(state, event.version);
}

Moved on(const State& state, const Disconnecting& phase, const Disconnected& event, Instant now) {
  if (event.version != phase.version) return confirmed(state, event.version);
  return moved(state, Unlinked{phase.company, now}, {Notify{Note::disconnected, ""}});
}

template <class P>
Moved on(const State& state, const P&, const RevocationGivenUp& event, Instant now) {
  return given_up(state, event.version, now);
}

Moved on(const State& state, const Disconnecting& phase, const RevocationGivenUp& event,
         Instant now) {
  if (event.version != phase.version) return given_up(state, event.version, now);
  State next = state;
  next.phase = Unlinked{phase.company, now};
  next.revocations.push_back(
      {phase.version, phase.company, phase.deadline - disconnect_time, {}, now});
  return {std::move(next),
          {Forget{phase.version}, Notify{Note::disconnected, ""},
           Notify{Note::revocation_given_up, name_of(phase.company)}},
          {}};
}

// The live grant, which may stand alone or inside an authorization ------------------------------

template <class P>
Moved on(const State& state, const P&, const GrantRefreshed& event, Instant) {
  return refreshed(state, event);
}
template <class P>
Moved on(const State& state, const P&, const GrantInTrouble& event, Instant) {
  return in_trouble(state, event);
}
template <class P>
Moved on(const State& state, const P&, const AccessRestored& event, Instant) {
  return restored(state, event);
}
template <class P>
Moved on(const State& state, const P&, const GrantRevived& event, Instant now) {
  return revived(state, event, now);
}
template <class P>
Moved on(const State& state, const P&, const CompanyProved& event, Instant) {
  return read_again(state, event);
}
template <class P>
Moved on(const State& state, const P&, const GrantEnded& event, Instant now) {
  return ended(state, event, now);
}
template <class P>
Moved on(const State& state, const P&, const GrantAtRisk& event, Instant) {
  return at_risk(state, event);
}

// Time -----------------------------------------------------------------------------------------

Moved late(const State& state, const Unlinked&, Instant) {
  return refuse(state, Refusal::nothing_due);
}
Moved late(const State& state, const Legacy& phase, Instant now) {
  return moved(state, Broken{phase.company, Ended::legacy_expired, now},
               {Forget{0}, Notify{Note::grant_ended, "legacy_expired"}});
}
/// As histories of earlier versions have it; a time that spares grants never comes here.
Moved late(const State& state, const Linked& phase, Instant now) {
  return moved(state, Broken{phase.company, Ended::expired, now},
               {Forget{phase.version}, Notify{Note::grant_ended, "expired"}});
}
Moved late(const State& state, const Broken& phase, Instant) {
  Broken next = phase;
  next.kept.reset();
  return moved(state, std::move(next), {Forget{phase.kept->version}});
}
Moved late(const State& state, const Authorizing& phase, Instant) {
  return back(state, phase.from, Failed::timed_out);
}
Moved late(const State& state, const Exchanging& phase, Instant now) {
  if (phase.begins) return begin_exchange(state, phase, now);
  return back(state, phase.from, Failed::interrupted);
}
Moved late(const State& state, const Proving& phase, Instant now) {
  return come_to_nothing(state, phase, Failed::timed_out, {}, now);
}
Moved late(const State& state, const Confirming& phase, Instant now) {
  return decline(state, phase, now);
}
/// Over for the customer, who may connect again; the provider goes on being told.
Moved late(const State& state, const Disconnecting& phase, Instant now) {
  State next = state;
  next.phase = Unlinked{phase.company, now};
  next.revocations.push_back(
      {phase.version, phase.company, phase.deadline - disconnect_time, {}, {}});
  return {
      std::move(next),
      {Notify{Note::disconnected, ""}, Notify{Note::revocation_pending, name_of(phase.company)}},
      {}};
}

}  // namespace

Moved step(const State& state, const Event& event, Instant now) {
  return std::visit(
      [&](const auto& phase, const auto& each) { return on(state, phase, each, now); }, state.phase,
      event);
}

Moved tick(const State& state, bool spares_grants, Instant now) {
  const auto* linked = std::get_if<Linked>(&state.phase);
  const auto phase_due = linked && !spares_grants ? stated_end(*linked) : due_of_phase(state);
  Moved out{state, {}, {}};
  if (phase_due && now >= *phase_due)
    out = std::visit([&](const auto& phase) { return late(state, phase, now); }, state.phase);
  tell_unconfirmed(out, now);
  return out.next == state ? refuse(state, Refusal::nothing_due) : out;
}

}  // namespace rekey::connect
