#include "native/system/rfc3339.hpp"

#include <cstdio>
#include <ctime>

namespace rekey {

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
