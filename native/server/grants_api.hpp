// Moving in and out: grants in bulk.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

/// Adds POST /v1/grants and POST /v1/grants/export.
void add_grants_api(Router& router, Service& service);

}  // namespace rekey::server
