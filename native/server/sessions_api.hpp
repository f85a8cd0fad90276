// Sessions of the page for the host, which makes, sees and ends them: /v1/page-sessions.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Adds the routes; all of them need the scope `pages`.
void add_sessions_api(Router& router, Service& service);

}  // namespace rekey::server
