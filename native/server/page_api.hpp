// The page's surface: /api, by the cookie of a page session.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Adds the routes of the page. Every route but /api/session and /api/sessions needs the session
/// cookie of the connection that the header `X-Rekey-Connection` names (page_session.hpp); every
/// one that changes something needs the header `X-Rekey: 1` and an Origin of our own, if there is
/// one: together with SameSite cookies no other site can make a customer's browser act. None of
/// them makes a connection.
void add_page_api(Router& router, Service& service);

}  // namespace rekey::server
