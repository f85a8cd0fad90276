// The audit, for the host: GET /v1/audit.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

void add_audit_api(Router& router, Service& service);

}  // namespace rekey::server
