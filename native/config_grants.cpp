#include "native/config_grants.hpp"

#include <charconv>

#include "core/text/catalogue.hpp"
#include "native/config.hpp"
#include "native/config_pages.hpp"

namespace rekey::config {

namespace {

std::optional<std::string> take_number(std::int64_t& into, const std::string& value,
                                       std::int64_t most) {
  std::int64_t number = -1;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failed != std::errc{} || end != value.data() + value.size() || number < 0 || number > most)
    return text::fill("a number from 0 to {most}", {{"most", std::to_string(most)}});
  into = number;
  return {};
}

}  // namespace

std::optional<std::string> take_keep_ended(Settings& settings, const std::string& value) {
  constexpr Millis most = std::chrono::hours{24 * 30};
  const auto length = parse_duration(value);
  if (!length || *length > most) return "a length of time of at most 30 days, such as 72h; or 0h";
  settings.grants.keep_ended = *length;
  return {};
}

std::optional<std::string> take_ends_at_most(Settings& settings, const std::string& value) {
  return take_number(settings.grants.ends_at_most, value, 1'000'000);
}

std::optional<std::string> take_ends_percent(Settings& settings, const std::string& value) {
  return take_number(settings.grants.ends_percent, value, 100);
}

}  // namespace rekey::config
