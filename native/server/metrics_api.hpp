// GET /metrics: counters and readings, for Prometheus.
#pragma once

#include "native/server/router.hpp"
#include "native/server/service.hpp"

namespace rekey::server {

/// Adds the route. It needs an API key with the scope `metrics`, unless `open`.
void add_metrics(Router& router, Service& service, bool open);

}  // namespace rekey::server
