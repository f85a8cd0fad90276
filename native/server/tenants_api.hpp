// Tenants as the host reads them back, and deleting: of a tenant, of a connection, and what became
// of it.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

void add_tenants_api(Router& router, Service& service);

}  // namespace rekey::server
