// The host's webhooks: their endpoints, and the messages that were sent.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

/// Adds the routes under /v1/webhooks.
void add_webhooks_api(Router& router, Service& service);

}  // namespace rekey::server
