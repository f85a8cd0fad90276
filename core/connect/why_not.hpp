// Why an event is not possible where the machine stands: the answer to every pair of phase and
// event that step.cpp gives no transition for.
#pragma once

#include <type_traits>

#include "core/connect/event.hpp"
#include "core/connect/state.hpp"
#include "core/refusal.hpp"

namespace rekey::connect {

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

}  // namespace rekey::connect
