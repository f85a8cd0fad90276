// The settings for keeping grants alive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/refresh/policy.hpp"

namespace rekey::config {

struct Settings;

struct Grants {
  /// How long the tokens of a grant that the provider ended are kept, sealed; 0: not at all.
  Millis keep_ended = refresh::policy::keep_ended;
  /// When more than this many, and more than this share of all grants, end within ten minutes,
  /// ending stops. 0: it never does.
  std::int64_t ends_at_most = refresh::policy::ends_at_most;
  std::int64_t ends_percent = refresh::policy::ends_percent;
};

// Each takes a value into the settings, or says what it must be.

std::optional<std::string> take_keep_ended(Settings& settings, const std::string& value);
std::optional<std::string> take_ends_at_most(Settings& settings, const std::string& value);
std::optional<std::string> take_ends_percent(Settings& settings, const std::string& value);

}  // namespace rekey::config
