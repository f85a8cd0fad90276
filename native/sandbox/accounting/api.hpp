// The accounting API: judges the caller and how often it asks, and answers from the books of a
// company.
#pragma once

#include "native/http/router.hpp"
#include "native/sandbox/accounting/answered.hpp"
#include "native/sandbox/accounting/limits.hpp"
#include "native/sandbox/books/companies.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/kept/clock.hpp"
#include "native/sandbox/legacy/connections.hpp"
#include "native/sandbox/pages/address.hpp"

namespace rekey::sandbox {

/// What the API works on.
struct AccountingParts {
  Companies& companies;
  const Grants& grants;
  const LegacyConnections& legacy;
  Limits& limits;
  Answered& answered;
  const Clock& clock;
  const Address& address;
};

/// The parts must outlive the router.
void add_accounting_api(http::Router& router, const AccountingParts& parts);

}  // namespace rekey::sandbox
