// How often, and for how long, a revocation is repeated while the provider does not confirm it.
#pragma once

#include <array>
#include <optional>

#include "core/connect/state.hpp"

namespace rekey::connect {

/// For so long it is told again; then the tries are used up. An outage of a provider is over within
/// hours; a day covers its repair, and after that only a person can end the grant.
constexpr Millis revocation_time = std::chrono::hours{24};

/// The pauses between tries, by the age of the revocation: first for a lost answer, then for a
/// restart, then for an outage. About 100 tries in all.
struct RevocationPause {
  Millis until;  ///< younger than this
  Millis pause;
};
constexpr std::array<RevocationPause, 5> revocation_pauses = {
    {{std::chrono::seconds{10}, std::chrono::seconds{1}},
     {std::chrono::minutes{1}, std::chrono::seconds{5}},
     {std::chrono::minutes{10}, std::chrono::seconds{30}},
     {std::chrono::hours{1}, std::chrono::minutes{5}},
     {revocation_time, std::chrono::minutes{30}}}};

/// When the provider is told again after a try at `now` that it did not confirm; none: that was the
/// last one. The last try is never before the end of `revocation_time`.
std::optional<Instant> next_try(Instant since, Instant now);

/// Since when the grant of this version (0: the OAuth 1.0a connection) is to be ended; none: the
/// state knows of no such thing.
std::optional<Instant> revoking_since(const State& state, std::int64_t version);

}  // namespace rekey::connect
