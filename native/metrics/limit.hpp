// Notes that a bound was met, beside the answer to it: counts it, and writes it to the log.
#pragma once

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"

namespace rekey::metrics {

/// A caller met the bound that is counted as `limit` (docs/operating.md lists them); the log is
/// told as `event`, at most once in ten seconds. No secret may be among the fields.
inline void limit_met(std::string_view limit, std::string_view event,
                      const nlohmann::json& fields = nlohmann::json::object()) {
  limit_met(limit);
  log::warning_seldom(event, fields);
}

}  // namespace rekey::metrics
