// What was left of OAuth 1.0a: end a connection, renew it, or exchange it for a grant.
#pragma once

#include "native/http/router.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/grants/identity.hpp"
#include "native/sandbox/grants/registered.hpp"
#include "native/sandbox/kept/clock.hpp"
#include "native/sandbox/legacy/connections.hpp"
#include "native/sandbox/pages/address.hpp"

namespace rekey::sandbox {

/// What the endpoints work on.
struct LegacyParts {
  LegacyConnections& legacy;
  const Registered& registered;
  Grants& grants;
  SigningKey& key;
  const Clock& clock;
  const Address& address;
};

/// The parts must outlive the router.
void add_legacy_endpoints(http::Router& router, const LegacyParts& parts);

}  // namespace rekey::sandbox
