// The token answer: what a client gets for a code, a refresh token or an OAuth 1.0a connection.
#pragma once

#include <nlohmann/json.hpp>

#include "native/http/http.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/grants/identity.hpp"

namespace rekey::sandbox {

/// Intuit's answer for tokens, with what only some requests ask for.
nlohmann::json token_body(SigningKey& key, const http::Request& request, const Tokens& tokens,
                          Instant now);

}  // namespace rekey::sandbox
