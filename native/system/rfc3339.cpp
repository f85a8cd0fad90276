#include "native/system/rfc3339.hpp"

#include <cstdio>
#include <ctime>
#include <optional>

namespace rekey {

namespace {

/// Takes a number of so many digits off the front; below 0: there is none.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int out = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    out = out * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return out;
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == any_of.npos) return false;
  text.remove_prefix(1);
  return true;
}

/// The part of a second, if there is one; what is finer than a millisecond is dropped.
int take_millis(std::string_view& text) {
  if (!take_char(text, ".")) return 0;
  int out = 0, digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits) {
    if (digits < 3) out = out * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  for (; digits < 3; ++digits) out *= 10;
  return out;
}

/// The offset from UTC at the end of a time; none: there is none.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take_char(text, "Zz")) return std::chrono::minutes{0};
  const bool behind = !text.empty() && text.front() == '-';
  if (!take_char(text, "+-")) return {};
  const int hours = take_number(text, 2);
  (void)take_char(text, ":");
  const int minutes = take_number(text, 2);
  if (hours < 0 || minutes < 0) return {};
  return std::chrono::minutes{(hours * 60 + minutes) * (behind ? -1 : 1)};
}

}  // namespace

std::optional<Instant> read_rfc3339(std::string_view text) {
  std::tm utc{};
  utc.tm_year = take_number(text, 4) - 1900;
  const bool day = take_char(text, "-") && (utc.tm_mon = take_number(text, 2) - 1) >= 0 &&
                   take_char(text, "-") && (utc.tm_mday = take_number(text, 2)) > 0;
  const bool time = day && take_char(text, "Tt ") && (utc.tm_hour = take_number(text, 2)) >= 0 &&
                    take_char(text, ":") && (utc.tm_min = take_number(text, 2)) >= 0 &&
                    take_char(text, ":") && (utc.tm_sec = take_number(text, 2)) >= 0;
  if (!time || utc.tm_year < -900 || utc.tm_mon > 11 || utc.tm_mday > 31 || utc.tm_hour > 23 ||
      utc.tm_min > 59 || utc.tm_sec > 60)
    return {};
  const int millis = take_millis(text);
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return {};
  return Instant{std::chrono::seconds{timegm(&utc)}} + Millis{millis} - *offset;
}

std::string rfc3339(Instant at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  const std::time_t seconds = second.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40] = {};
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + size, sizeof text - size, ".%03dZ", static_cast<int>((at - second).count()));
  return text;
}

}  // namespace rekey
