// Routes of the page that need a session.
#pragma once

#include <optional>

#include "native/server/page_session.hpp"
#include "native/server/router.hpp"

namespace rekey::server {

/// A route that needs a session, without and with {places} in its path.
using MemberOfPage = http::Response (*)(Service&, const http::Request&, const Who&);
using PlacedMemberOfPage = http::Response (*)(Service&, const http::Request&, const Who&,
                                              const Places&);

/// The route for who has one: others are told to sign in, what another site may have sent is
/// refused. `deed`: what it counts as; none: it only reads.
Route for_member(Service& service, MemberOfPage route, std::optional<Deed> deed = {});
Route for_member(Service& service, PlacedMemberOfPage route, std::optional<Deed> deed = {});

}  // namespace rekey::server
