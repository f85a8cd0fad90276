// The host application's surface: /v1, by API key.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Adds the routes of the host. Every route but /v1/openapi.json needs `Authorization: Bearer
/// <key>`.
void add_host_api(Router& router, Service& service);

}  // namespace rekey::server
