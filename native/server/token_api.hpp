// The call this program exists for: a working access token of a connection.
#pragma once

#include <optional>

#include "native/server/member.hpp"

namespace rekey::server {

/// Adds GET and POST /v1/connections/{connection}/token.
void add_token_api(Router& router, Service& service);

/// Answers GET /v1/connections/{connection}/token when key and token are in memory: no lock that
/// other callers wait under, no write, no look at the store. Nothing: the route has to be asked.
std::optional<http::Response> token_from_memory(Service& service, const http::Request& request);

}  // namespace rekey::server
