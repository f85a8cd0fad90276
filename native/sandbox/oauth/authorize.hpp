// The authorization endpoint, for a person in a browser: a request is judged, the person signs in,
// chooses a company, allows or denies, and is sent back.
#pragma once

#include "native/http/router.hpp"
#include "native/sandbox/books/companies.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/grants/registered.hpp"
#include "native/sandbox/kept/clock.hpp"
#include "native/sandbox/oauth/next_consent.hpp"
#include "native/sandbox/oauth/visit.hpp"

namespace rekey::sandbox {

/// What the endpoint and its pages work on.
struct AuthorizeParts {
  const Registered& registered;
  const Companies& companies;
  Grants& grants;
  Visits& visits;
  NextConsents& next_consent;
  const Clock& clock;
  bool auto_consent;     ///< answered at once, as the first user and with the first company
  bool fill_in_sign_in;  ///< the first user's name and password stand in the sign-in page
};

/// The parts must outlive the router.
void add_authorize_pages(http::Router& router, const AuthorizeParts& parts);

}  // namespace rekey::sandbox
