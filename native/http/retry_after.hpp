// How long an answer asks us to wait.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "native/http/http.hpp"

namespace rekey::http {

/// Retry-After as seconds, or as a date (RFC 9110 10.2.3); nothing when it is neither.
std::optional<Millis> retry_after_of(const ClientResponse& response, Instant now);

}  // namespace rekey::http
