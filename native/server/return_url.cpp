#include "native/server/return_url.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "native/words/words.hpp"

namespace rekey::server {

namespace {

constexpr std::size_t longest_return_url = 2048;

/// What browsers and other readers of an address could see in two ways is not taken: white space, a
/// backslash (which some read as '/'), and what must be percent-encoded anyway (RFC 3986 2).
bool has_unfit_characters(std::string_view url) {
  constexpr std::string_view unfit = "\"<>\\^`{|}";
  return std::any_of(url.begin(), url.end(), [&](char c) {
    const auto code = static_cast<unsigned char>(c);
    return code <= ' ' || code >= 0x7f || unfit.find(c) != std::string_view::npos;
  });
}

/// Host and port of an address that was taken apart.
struct Authority {
  std::string host;
  std::string port;  ///< the scheme's own where none is written
  bool https = false;
};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// "host", "host:port", "[::1]" or "[::1]:port".
std::optional<Authority> host_and_port(std::string_view text, std::string_view usual_port) {
  const auto bracket = text.find(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  Authority out;
  out.host = lower_case(text.substr(0, colon));
  out.port = colon == std::string_view::npos ? usual_port : text.substr(colon + 1);
  const bool digits =
      std::all_of(out.port.begin(), out.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (out.host.empty() || !digits || out.port.size() > 5) return {};
  if (out.host.front() == '[' && out.host.back() != ']') return {};
  return out;
}

std::optional<Authority> authority_of(const std::string& url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string::npos) return {};
  const auto scheme = lower_case(std::string_view(url).substr(0, scheme_end));
  if (scheme != "https" && scheme != "http") return {};
  const auto rest = std::string_view(url).substr(scheme_end + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  // A user's name before the host would let an address look like another's.
  if (authority.find('@') != std::string_view::npos) return {};
  auto out = host_and_port(authority, scheme == "https" ? "443" : "80");
  if (out) out->https = scheme == "https";
  return out;
}

bool is_allowed(const Authority& asked, const std::string& host) {
  const auto allowed = host_and_port(host, "");
  return allowed && allowed->host == asked.host &&
         (allowed->port.empty() || allowed->port == asked.port);
}

}  // namespace

Result<void> check_return_url(const std::string& url, const std::vector<std::string>& hosts) {
  const auto no = [](std::string_view sentence, const text::Values& values = {}) {
    return fail(Code::bad_input, words::say(sentence, values));
  };
  if (url.size() > longest_return_url)
    return no("bad_input.return_url.too_long", {{"most", std::to_string(longest_return_url)}});
  const auto asked = has_unfit_characters(url) ? std::nullopt : authority_of(url);
  if (!asked) return no("bad_input.return_url.no_address");
  const bool loopback =
      asked->host == "localhost" || asked->host == "127.0.0.1" || asked->host == "[::1]";
  if (!asked->https && !loopback) return no("bad_input.return_url.not_https");
  if (std::any_of(hosts.begin(), hosts.end(),
                  [&](const std::string& each) { return is_allowed(*asked, each); }))
    return {};
  return no("bad_input.return_url.host", {{"host", asked->host}});
}

}  // namespace rekey::server
