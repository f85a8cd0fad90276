// Begins a session of the page in a browser, lists those it has, and ends one.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Adds POST, DELETE /api/session and GET /api/sessions.
void add_page_sign_in(Router& router, Service& service);

}  // namespace rekey::server
