#include "native/sandbox/text/times.hpp"

#include <charconv>
#include <cstdio>

namespace rekey::sandbox {

namespace {

using namespace std::chrono;

constexpr auto pacific_offset = hours{-8};

struct Civil {
  int year;
  unsigned month, day;
  int hour, minute, second, milli;
};

Civil civil(Instant at) {
  const auto date = floor<days>(at);
  const year_month_day ymd{date};
  const hh_mm_ss clock{at - date};
  return {static_cast<int>(ymd.year()),
          static_cast<unsigned>(ymd.month()),
          static_cast<unsigned>(ymd.day()),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

std::string date_and_time(const Civil& c) {
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", c.year, c.month, c.day, c.hour,
                c.minute, c.second);
  return text;
}

std::string three_digits(int value) {
  char text[16];
  std::snprintf(text, sizeof text, ".%03d", value);
  return text;
}

/// Takes exactly `digits` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Millis> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  Millis clock = hours{*hour} + minutes{*minute};
  if (!take(text, ':')) return clock;
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return std::nullopt;
  clock += seconds{*second};
  if (!take(text, '.')) return clock;
  int scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    clock += milliseconds{(text.front() - '0') * scale};
    scale /= 10;
    text.remove_prefix(1);
  }
  return clock;
}

std::optional<Millis> take_offset(std::string_view& text) {
  if (text.empty()) return Millis{pacific_offset};
  if (take(text, 'Z')) return Millis{0};
  const int sign = text.front() == '-' ? -1 : 1;
  // A '+' that was not percent-encoded arrives as a blank.
  if (!take(text, '-') && !take(text, '+') && !take(text, ' ')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  take(text, ':');
  const auto minute = take_digits(text, 2);
  if (!hour || !minute) return std::nullopt;
  return Millis{sign * (hours{*hour} + minutes{*minute})};
}

}  // namespace

std::string pacific_time(Instant at) {
  const Civil c = civil(at + pacific_offset);
  return date_and_time(c) + three_digits(c.milli) + "-08:00";
}

std::string pacific_seconds(Instant at) {
  return date_and_time(civil(at + pacific_offset)) + "-08:00";
}

std::string zulu_ticks(Instant at) {
  const Civil c = civil(at);
  return date_and_time(c) + three_digits(c.milli) + "0000Z";
}

std::optional<Instant> parse_time(std::string_view text) {
  const auto y = take_digits(text, 4);
  if (!y || !take(text, '-')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || !take(text, '-')) return std::nullopt;
  const auto d = take_digits(text, 2);
  if (!d) return std::nullopt;
  const year_month_day ymd{year{*y}, month{static_cast<unsigned>(*m)},
                           day{static_cast<unsigned>(*d)}};
  if (!ymd.ok()) return std::nullopt;
  Instant at = sys_days{ymd};
  if (take(text, 'T')) {
    const auto clock = take_clock(text);
    if (!clock) return std::nullopt;
    at += *clock;
  }
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return at - *offset;
}

}  // namespace rekey::sandbox
