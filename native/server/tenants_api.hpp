// Tenants for the host, and the deletion of a tenant or a connection with its outcome.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

void add_tenants_api(Router& router, Service& service);

}  // namespace rekey::server
