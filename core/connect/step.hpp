// All transitions of the connect machine.
#pragma once

#include <optional>

#include "core/connect/event.hpp"
#include "core/move.hpp"

namespace rekey::connect {

using Event = std::variant<LegacyLoaded, ConnectPressed, CancelPressed, CallbackArrived,
                           CallbackRefused, GrantReceived, ExchangeFailed, CompanyProved,
                           ProofFailed, CompanyConfirmed, CompanyDeclined, DisconnectPressed,
                           Disconnected, GrantRefreshed, GrantEnded, GrantAtRisk, GrantImported,
                           RevocationGivenUp, GrantInTrouble, GrantRevived, AccessRestored>;

// How long each step may take before it counts as lost.
constexpr Millis exchange_time = std::chrono::minutes{2};
// How long a customer who comes back with a company that another tenant has connected is told so
// before the code is exchanged. Long enough to read the title that says it and to press Stop:
// people read four or five words a second, and title and sentence have twenty-seven. Not longer,
// because hosts that have one company twice on purpose wait as well, and a customer who needs more
// time is asked (`shared-company = ask`). Of the life of a code (RFC 6749 4.1.2: ten minutes at
// most, as Intuit's) it takes next to nothing.
constexpr Millis telling_time = std::chrono::seconds{5};
constexpr Millis proof_time = std::chrono::minutes{5};
constexpr Millis confirm_time = std::chrono::minutes{30};
constexpr Millis disconnect_time = std::chrono::minutes{2};
// How long a provider may take to confirm the end of a grant before people are told that it has
// not.
constexpr Millis confirmation_time = disconnect_time;
// Of what was given up, this much is kept: enough to tell people of.
constexpr std::size_t most_given_up = 10;

/// Moves the machine by one event. Pure.
Move<State> step(const State& state, const Event& event, Instant now);
/// Moves the machine by the passing of time; refused (`nothing_due`) when nothing has run out.
/// `spares_grants`: as TimeReached has it.
Move<State> tick(const State& state, bool spares_grants, Instant now);

}  // namespace rekey::connect
