// The endpoints of OAuth 2.0 and OpenID Connect that applications talk to: discovery, tokens,
// revocation, userinfo, keys.
#pragma once

#include "native/http/router.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/grants/identity.hpp"
#include "native/sandbox/grants/registered.hpp"
#include "native/sandbox/kept/clock.hpp"
#include "native/sandbox/pages/address.hpp"

namespace rekey::sandbox {

/// What the endpoints work on.
struct OAuthParts {
  const Registered& registered;
  Grants& grants;
  SigningKey& key;
  const Clock& clock;
  const Address& address;
};

/// The parts must outlive the router.
void add_oauth_endpoints(http::Router& router, const OAuthParts& parts);

}  // namespace rekey::sandbox
