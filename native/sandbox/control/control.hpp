// What tests and people steer the sandbox by: /sandbox/…, as JSON or as the forms of the front
// page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "native/http/router.hpp"
#include "native/sandbox/accounting/limits.hpp"
#include "native/sandbox/books/companies.hpp"
#include "native/sandbox/control/fault.hpp"
#include "native/sandbox/control/ledger.hpp"
#include "native/sandbox/grants/grants.hpp"
#include "native/sandbox/hooks/webhooks.hpp"
#include "native/sandbox/kept/clock.hpp"
#include "native/sandbox/legacy/connections.hpp"
#include "native/sandbox/oauth/next_consent.hpp"
#include "native/sandbox/pages/address.hpp"

namespace rekey::sandbox {

/// What is told and steered.
struct ControlParts {
  Clock& clock;
  Companies& companies;
  Grants& grants;
  LegacyConnections& legacy;
  NextConsents& next_consent;
  Limits& limits;
  Faults& faults;
  Webhooks& webhooks;
  Ledger& ledger;
  const Address& address;
};

/// The front page and the controls. The parts must outlive the router.
void add_control(http::Router& router, const ControlParts& parts);

/// Rules hold from now on, for what exists too.
void set_rules(Grants& grants, LegacyConnections& legacy, const GrantRules& rules);

}  // namespace rekey::sandbox
