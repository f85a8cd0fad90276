// The host API's connections: reads and moves them.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

/// A connection as the host sees it: what matters on top, how it is (work/health.hpp),
/// the whole state below.
wire::Json connection_json(store::Database& db, const store::StoredConnection& connection,
                           Instant now);

/// Adds the routes under /v1/connections, but for the token's, and /v1/deletions.
void add_connections_api(Router& router, Service& service);

}  // namespace rekey::server
