// The host's webhooks: where they go, and what was sent.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

/// Adds the routes under /v1/webhooks.
void add_webhooks_api(Router& router, Service& service);

}  // namespace rekey::server
