// The configuration in the host API: what the customer saved, what changed since a version, and
// mappings that the host brings.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// /v1/connections/{connection}/configuration and below.
void add_configuration_api(Router& router, Service& service);

}  // namespace rekey::server
