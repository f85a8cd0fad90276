#include "native/config_pages.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "core/oauth/provider.hpp"
#include "core/wire/fields.hpp"
#include "native/config.hpp"

namespace rekey::config {

namespace {

constexpr Millis longest = std::chrono::hours{24 * 365};

std::optional<std::string> take_duration(Millis& into, const std::string& value) {
  const auto length = parse_duration(value);
  if (!length || *length < std::chrono::seconds{1})
    return "a length of time of at least a second, such as 30m, 12h or 7d";
  into = *length;
  return {};
}

/// A host name or address, with or without a port; nothing of an address around it.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 260) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
           c == '[' || c == ']';
  });
}

/// Names of lists, each once and in the order of the page.
std::optional<std::string> take_sections(mapping::Sections& into, const std::string& value) {
  mapping::Sections given;
  std::istringstream words(value);
  for (std::string word; words >> word;) {
    const auto section = wire::enumerator_of<mapping::Section>(word);
    if (!section)
      return "lists with spaces between, of accounts, tax_codes, items, customers, suppliers, "
             "classes and locations";
    given.push_back(*section);
  }
  into.clear();
  for (const auto each : mapping::all_sections)
    if (mapping::is_among(each, given)) into.push_back(each);
  return {};
}

}  // namespace

std::optional<Millis> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (failed != std::errc{} || count < 0 || unit.size() != 1) return {};
  std::int64_t ms = 0;
  switch (unit.front()) {
    case 's':
      ms = 1000;
      break;
    case 'm':
      ms = 60'000;
      break;
    case 'h':
      ms = 3'600'000;
      break;
    case 'd':
      ms = 86'400'000;
      break;
    default:
      return {};
  }
  if (count > longest.count() / ms) return {};
  return Millis{count * ms};
}

std::optional<std::string> take_session_idle(Settings& settings, const std::string& value) {
  return take_duration(settings.pages.session_idle, value);
}

std::optional<std::string> take_session_life(Settings& settings, const std::string& value) {
  return take_duration(settings.pages.session_life, value);
}

std::optional<std::string> take_page_sessions_per_tenant(Settings& settings,
                                                         const std::string& value) {
  int number = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failed != std::errc{} || end != value.data() + value.size() || number < 1 || number > 10'000)
    return "a number from 1 to 10000";
  settings.pages.sessions_per_tenant = number;
  return {};
}

std::optional<std::string> take_return_hosts(Settings& settings, const std::string& value) {
  std::vector<std::string> hosts;
  std::istringstream words(value);
  for (std::string host; words >> host;) {
    std::transform(host.begin(), host.end(), host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (!is_host(host))
      return "hosts with spaces between, such as app.example.com or 127.0.0.1:3000, without "
             "https:// and path";
    hosts.push_back(host);
  }
  settings.pages.return_hosts = std::move(hosts);
  return {};
}

std::optional<std::string> take_host_url(Settings& settings, const std::string& value) {
  const bool odd = std::any_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f ||
           c == '"' || c == '<' || c == '>' || c == '\\' || c == '@';
  });
  if (odd || value.size() > 2048 || !oauth::is_safe_url(value))
    return "an https address (http only on this machine), such as https://app.example.com/";
  settings.pages.host_url = value;
  return {};
}

std::optional<std::string> take_pkce(Settings& settings, const std::string& value) {
  if (value != "on" && value != "off") return "on or off";
  settings.pages.pkce = value == "on";
  return {};
}

std::optional<std::string> take_shared_company(Settings& settings, const std::string& value) {
  if (value != "tell" && value != "ask" && value != "forbid") return "tell, ask or forbid";
  settings.pages.ask_about_shared_company = value == "ask";
  settings.pages.forbid_shared_company = value == "forbid";
  return {};
}

std::optional<std::string> take_lists(Settings& settings, const std::string& value) {
  if (value.find_first_not_of(" \t") == value.npos) return "at least one list, such as customers";
  return take_sections(settings.pages.lists, value);
}

std::optional<std::string> take_required_lists(Settings& settings, const std::string& value) {
  return take_sections(settings.pages.required_lists, value);
}

}  // namespace rekey::config
