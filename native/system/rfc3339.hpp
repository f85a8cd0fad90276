// Points in time as text.
#pragma once

#include <string>

#include "core/time.hpp"

namespace rekey {

/// A point in time by RFC 3339, in UTC with milliseconds: "2026-01-31T09:05:00.250Z".
std::string rfc3339(Instant at);

}  // namespace rekey
