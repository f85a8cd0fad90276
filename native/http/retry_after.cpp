#include "native/http/retry_after.hpp"

#include <time.h>

#include <algorithm>

namespace rekey::http {

std::optional<Millis> retry_after_of(const ClientResponse& response, Instant now) {
  const auto text = response.headers.get("Retry-After");
  if (!text || text->empty()) return {};
  if (text->find_first_not_of("0123456789") == std::string::npos && text->size() <= 9)
    return std::chrono::seconds{std::stol(*text)};
  std::tm date{};
  const char* end = strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (end == nullptr || *end != '\0') return {};
  const auto at = from_ms(std::int64_t{timegm(&date)} * 1000);
  return std::max(Millis{0}, at - now);
}

}  // namespace rekey::http
