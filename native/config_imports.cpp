#include "native/config_imports.hpp"

#include <charconv>

#include "native/config.hpp"

namespace rekey::config {

namespace {

bool take_whole(int& into, const std::string& value, int least, int most) {
  int number = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failed != std::errc{} || end != value.data() + value.size() || number < least ||
      number > most)
    return false;
  into = number;
  return true;
}

std::optional<std::string> take_requests(int& into, const std::string& value) {
  if (!take_whole(into, value, 0, 100'000)) return "a number from 0 to 100000";
  return {};
}

}  // namespace

std::optional<std::string> take_page_size(Settings& settings, const std::string& value) {
  // More than 1000 rows no provider gives.
  if (!take_whole(settings.import_page_size, value, 1, 1000)) return "a number from 1 to 1000";
  return {};
}

std::optional<std::string> take_requests_per_second(Settings& settings, const std::string& value) {
  return take_requests(settings.requests_per_second, value);
}

std::optional<std::string> take_requests_per_minute(Settings& settings, const std::string& value) {
  return take_requests(settings.requests_per_minute, value);
}

}  // namespace rekey::config
