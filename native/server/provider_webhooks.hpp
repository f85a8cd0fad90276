// Where the provider tells us that records have changed, at the address that its integration names.
#pragma once

#include <vector>

#include "native/accounting/integration.hpp"
#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Adds the integration's address for deliveries. They are noted in one short transaction and read
/// later; the answer is 200, or 401 (`not_signed`), 400 (of no form that is known), 503
/// (`not_set_up`: there are no secrets to verify them with; or the database has no time), after
/// which the provider delivers again.
void add_provider_webhooks(Router& router, Service& service, const accounting::ChangeHooks& hooks,
                           std::vector<Secret> secrets);

}  // namespace rekey::server
