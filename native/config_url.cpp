#include "native/config_url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace rekey::config {
namespace {

std::optional<std::string> normal_ipv6(const std::string& inside) {
  in6_addr address{};
  char text[INET6_ADDRSTRLEN] = {};
  if (inet_pton(AF_INET6, inside.c_str(), &address) != 1 ||
      inet_ntop(AF_INET6, &address, text, sizeof text) == nullptr)
    return {};
  return "[" + std::string(text) + "]";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A name, or the four numbers of an address: browsers take everything that ends in a number for
/// one, and write it in another way.
std::optional<std::string> normal_name(std::string name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
  if (!plain || name.empty() || name.front() == '.' || name.find("..") != name.npos) return {};
  const auto last = name.rfind('.');
  const char start = name[last == name.npos ? 0 : std::min(last + 1, name.size() - 1)];
  in_addr address{};
  if (is_digit(start) && inet_pton(AF_INET, name.c_str(), &address) != 1) return {};
  return name;
}

std::optional<int> port_of(std::string_view text) {
  int port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return {};
  return port;
}

}  // namespace

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<std::string_view> after_scheme(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.size() > scheme.size() && in_lower_case(url.substr(0, scheme.size())) == scheme &&
        url[scheme.size()] != '/')
      return url.substr(scheme.size());
  return std::nullopt;
}

std::optional<std::string> normal_origin(std::string_view url) {
  const auto rest = after_scheme(url);
  if (!rest) return {};
  const std::string scheme = in_lower_case(url.substr(0, url.size() - rest->size()));
  std::string_view authority = *rest;
  while (!authority.empty() && authority.back() == '/') authority.remove_suffix(1);
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  const std::string host = in_lower_case(authority.substr(0, colon));
  const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  auto name = v6 ? normal_ipv6(host.substr(1, host.size() - 2)) : normal_name(host);
  if (!name) return {};
  if (colon == authority.npos) return scheme + *name;
  const auto port = port_of(authority.substr(colon + 1));
  if (!port) return {};
  const bool usual = *port == (scheme == "https://" ? 443 : 80);
  return scheme + *name + (usual ? "" : ":" + std::to_string(*port));
}

bool on_this_machine(std::string_view url) {
  const auto rest = after_scheme(url);
  if (!rest) return false;
  if (rest->starts_with("[::1]")) return true;
  const std::string host = in_lower_case(rest->substr(0, rest->find_first_of(":/?#")));
  in_addr address{};
  return host == "localhost" ||
         (inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127."));
}

}  // namespace rekey::config
