// The host's own records: the directory that its customers map.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

/// Adds GET, PUT and PATCH /v1/tenants/{tenant}/directory.
void add_directory_api(Router& router, Service& service);

}  // namespace rekey::server
