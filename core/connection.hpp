// A connection: one tenant's link to one integration. Three machines side by side, moved by one
// function, `step`, which is the same in the backend (the authority) and in the page.
#pragma once

#include <optional>
#include <variant>

#include "core/connect/step.hpp"
#include "core/import/step.hpp"
#include "core/save/step.hpp"

namespace rekey {

/// The whole state of a connection.
struct State {
  connect::State connect;
  imports::State import;
  save::State save;
  bool operator==(const State&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("connect", &State::connect), field("import", &State::import),
                      field("save", &State::save)};
  }
};

/// Time has passed; given when `due` says so.
struct TimeReached {
  /// A live grant outlives the end that was stated for it, because only the provider ends one.
  /// False (missing): an event of an earlier version, in which time alone ended it.
  bool spares_grants = true;
  static constexpr std::string_view type = "time_reached";
  bool operator==(const TimeReached&) const = default;
  static constexpr auto fields() {
    return std::tuple{wire::rare_field("spares_grants", &TimeReached::spares_grants)};
  }
};

/// Everything that may happen to a connection.
using Event =
    std::variant<connect::LegacyLoaded, connect::ConnectPressed, connect::CancelPressed,
                 connect::CallbackArrived, connect::CallbackRefused, connect::GrantReceived,
                 connect::ExchangeFailed, connect::CompanyProved, connect::ProofFailed,
                 connect::CompanyConfirmed, connect::CompanyDeclined, connect::DisconnectPressed,
                 connect::Disconnected, connect::GrantRefreshed, connect::GrantEnded,
                 connect::GrantAtRisk, connect::GrantImported, connect::RevocationGivenUp,
                 connect::GrantInTrouble, connect::GrantRevived, connect::AccessRestored,
                 imports::ImportPressed, imports::ResumePressed, imports::PausePressed,
                 imports::CancelImportPressed, imports::RetryListPressed, imports::SkipListPressed,
                 imports::PageImported, imports::ListRefused, imports::ImportFailed,
                 imports::ApplyPressed, save::Edited, save::SavePressed, save::ConfigurationStored,
                 save::StoreFailed, TimeReached>;

/// One step: the next state and the effects that must follow; or, with `refused` set, the state as
/// it was, no effects, and why.
using Step = Move<State>;

/// What follows from an event. Pure: the same state, event and time always give the same step.
/// Driver's rule: store the event, the next state and the effects together, then perform the
/// effects, and feed their answers back as events. A refused event is not stored.
Step step(const State& state, const Event& event, Instant now);

/// When TimeReached must be given next, if nothing happens before; none: nothing is waited for.
std::optional<Instant> due(const State& state);

/// Whether a queued effect is still wanted in this state. Asked again just before an effect is
/// performed, so that nothing uses a token after Disconnect but to revoke it.
bool wanted(const State& state, const Effect& effect);

/// Whether a wanted effect has to wait: while a sign-in is under way no grant is revoked, because
/// with some providers that could end a new grant of the same company too. Performed
/// later, or not at all: the end of the sign-in decides.
bool held_back(const State& state, const Effect& effect);

}  // namespace rekey
