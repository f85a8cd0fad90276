// Points in time as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace rekey {

/// A point in time by RFC 3339, in UTC with milliseconds: "2026-01-31T09:05:00.250Z".
std::string rfc3339(Instant at);

/// A point in time that is written so, with any offset and any or no part of a second; none: it is
/// not.
std::optional<Instant> read_rfc3339(std::string_view text);

}  // namespace rekey
