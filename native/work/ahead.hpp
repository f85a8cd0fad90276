// When a grant is renewed without anybody asking, and when its end is announced.
#pragma once

#include <optional>

#include "core/connect/state.hpp"
#include "native/store/refreshes.hpp"

namespace rekey::work {

/// Renewed this long before the end of its access token, when it is in use; less a jitter, so that
/// what was made together is not renewed together. More than ten minutes, so that a clock that is
/// wrong by as much hands out no dead token.
constexpr Millis ahead_of_end = std::chrono::minutes{15};
constexpr Millis ahead_jitter = std::chrono::minutes{4};
/// How long before a grant's certain end the customer is told.
constexpr Millis warnings[] = {std::chrono::hours{24 * 90}, std::chrono::hours{24 * 30},
                               std::chrono::hours{24 * 7}};

/// A random time of at most `most`.
Millis jitter(Millis most);

/// When to renew a grant that is not used: after about a third of its refresh token's life, so that
/// two failures can follow; after about a day when the provider does not say how long that is.
Instant idle_due(const connect::Lifetimes& lifetimes, Instant now);

/// When to tell of an end next, after `now`: one of `warnings`, else the end itself.
Instant next_warning(Instant end, Instant now);

/// What is stored beside new tokens.
store::Renewal renewal_of(const connect::Lifetimes& lifetimes, Instant now);

}  // namespace rekey::work
