// The reason for a refusal, for every pair of phase and event that step.cpp has no transition for.
#pragma once

#include <type_traits>

#include "core/connect/event.hpp"
#include "core/connect/state.hpp"
#include "core/refusal.hpp"

namespace rekey::connect {

/// What keeps a connection from being turned on or off.
template <class P>
Refusal no_change_now() {
  if (std::is_same_v<P, Disconnecting>) return Refusal::disconnecting;
  if (UnderWay<P>) return Refusal::sign_in_under_way;
  return Refusal::nothing_to_disconnect;
}

/// Why the end of this attempt at the provider comes at a wrong time.
template <class P>
Refusal no_callback_now(const State& state, const std::string& attempt) {
  if (!attempt.empty() && attempt == state.spent) return Refusal::attempt_spent;
  if (UnderWay<P>) return Refusal::attempt_superseded;
  return Refusal::no_sign_in;
}

// One for each event that some phase has no transition for; an event that has neither does not
// compile.

template <class P>
Refusal why_not(const State&, const P&, const LegacyLoaded&) {
  return Refusal::already_loaded;
}
template <class P>
Refusal why_not(const State&, const P&, const GrantImported&) {
  return Refusal::already_loaded;
}

template <class P>
Refusal why_not(const State&, const P&, const ConnectPressed&) {
  return no_change_now<P>();
}
template <class P>
Refusal why_not(const State&, const P&, const DisconnectPressed&) {
  return no_change_now<P>();
}
template <class P>
Refusal why_not(const State&, const P&, const CancelPressed&) {
  return UnderWay<P> ? Refusal::sign_in_under_way : Refusal::no_sign_in;
}

template <class P>
Refusal why_not(const State& state, const P&, const CallbackArrived& event) {
  return no_callback_now<P>(state, event.attempt);
}
template <class P>
Refusal why_not(const State& state, const P&, const CallbackRefused& event) {
  return no_callback_now<P>(state, event.attempt);
}

template <class P>
Refusal why_not(const State&, const P&, const CompanyConfirmed&) {
  return Refusal::nothing_to_confirm;
}
template <class P>
Refusal why_not(const State&, const P&, const CompanyDeclined&) {
  return Refusal::nothing_to_confirm;
}

template <class P>
Refusal why_not(const State&, const P&, const ExchangeFailed&) {
  return Refusal::stale_answer;
}
template <class P>
Refusal why_not(const State&, const P&, const ProofFailed&) {
  return Refusal::stale_answer;
}

}  // namespace rekey::connect
