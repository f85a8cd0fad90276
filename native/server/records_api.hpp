// What was imported of a company, for the host: page by page, or as lines in one answer.
#pragma once

#include "native/server/member.hpp"

namespace rekey::server {

/// Adds GET /v1/connections/{connection}/records/{entity}.
void add_records_api(Router& router, Service& service);

}  // namespace rekey::server
