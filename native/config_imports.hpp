// The settings for reading companies.
#pragma once

#include <optional>
#include <string>

namespace rekey::config {

struct Settings;

// Each takes a value into the settings, or says what it must be.

std::optional<std::string> take_page_size(Settings& settings, const std::string& value);
std::optional<std::string> take_requests_per_second(Settings& settings, const std::string& value);
std::optional<std::string> take_requests_per_minute(Settings& settings, const std::string& value);

}  // namespace rekey::config
