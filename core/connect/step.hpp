// All transitions of the connect machine.
#pragma once

#include <optional>

#include "core/connect/event.hpp"
#include "core/move.hpp"

namespace rekey::connect {

using Event = std::variant<LegacyLoaded, ConnectPressed, CancelPressed, CallbackArrived,
                           CallbackRefused, GrantReceived, ExchangeFailed, CompanyProved,
                           ProofFailed, CompanyConfirmed, CompanyDeclined, DisconnectPressed,
                           Disconnected, GrantRefreshed, GrantEnded, GrantAtRisk, GrantImported>;

// How long each step may take before it counts as lost.
constexpr Millis exchange_time = std::chrono::minutes{2};
constexpr Millis proof_time = std::chrono::minutes{5};
constexpr Millis confirm_time = std::chrono::minutes{30};
constexpr Millis disconnect_time = std::chrono::minutes{2};

/// Moves the machine by one event. Pure.
Move<State> step(const State& state, const Event& event, Instant now);
/// Moves the machine by the passing of time; refused (`nothing_due`) when nothing has run out.
Move<State> tick(const State& state, Instant now);

}  // namespace rekey::connect
