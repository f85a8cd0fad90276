#include "native/http/http.hpp"

#include <algorithm>

#include "core/oauth/authorization.hpp"
#include "native/http/field_text.hpp"

namespace rekey::http {
void Headers::set(std::string name, std::string value) {
  const auto last = std::remove_if(fields_.begin(), fields_.end(),
                                   [&](const auto& field) { return same_name(field.first, name); });
  fields_.erase(last, fields_.end());
  add(std::move(name), std::move(value));
}

std::optional<std::string> Headers::get(std::string_view name) const {
  for (const auto& [field, value] : fields_)
    if (same_name(field, name)) return value;
  return std::nullopt;
}

std::string percent_encode(std::string_view text) {
  return oauth::encode(text);
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
  return oauth::decode(text, plus_is_space);
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    pairs.emplace_back(percent_decode(pair.substr(0, equals), true), percent_decode(value, true));
  }
  return pairs;
}

std::optional<std::string> find(const std::vector<std::pair<std::string, std::string>>& pairs,
                                std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return value;
  return std::nullopt;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  return find(parse_form(query), name);
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  // RFC 6265 allows one Cookie field; some proxies split it into several all the same.
  for (const auto& [field, value] : headers.all()) {
    if (!same_name(field, "cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
      std::string_view found = trim(pair.substr(equals + 1));
      if (found.size() >= 2 && found.front() == '"' && found.back() == '"')
        found = found.substr(1, found.size() - 2);
      return std::string(found);
    }
  }
  return std::nullopt;
}

}  // namespace rekey::http
