#include "core/oauth/oauth1.hpp"

#include <algorithm>

#include "core/oauth/authorization.hpp"

namespace rekey::oauth {

namespace {

/// Scheme and host in lower case, without a default port, query or fragment (RFC 5849 3.4.1.2).
std::string base_uri(std::string_view url) {
  std::string out(url.substr(0, url.find_first_of("?#")));
  const auto scheme_end = out.find("://");
  if (scheme_end == std::string::npos) return out;
  auto path = out.find('/', scheme_end + 3);
  if (path == std::string::npos) {
    path = out.size();
    out += '/';
  }
  std::transform(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(path), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const auto& [scheme, port] : {std::pair{"http://", ":80"}, std::pair{"https://", ":443"}}) {
    const std::string_view ending(port);
    if (out.rfind(scheme, 0) == 0 && path >= ending.size() &&
        std::string_view(out).substr(path - ending.size(), ending.size()) == ending) {
      out.erase(path - ending.size(), ending.size());
      break;
    }
  }
  return out;
}

}  // namespace

std::string signature_base_string(std::string_view method, std::string_view url,
                                  Parameters parameters) {
  for (auto& [name, value] : parameters) {
    name = encode(name);
    value = encode(value);
  }
  std::sort(parameters.begin(), parameters.end());
  std::string joined;
  for (const auto& [name, value] : parameters)
    joined += (joined.empty() ? "" : "&") + name + "=" + value;
  std::string upper(method);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return encode(upper) + "&" + encode(base_uri(url)) + "&" + encode(joined);
}

std::string authorization_header(std::string_view method, std::string_view url,
                                 const Credential& credential, std::string_view nonce,
                                 std::int64_t timestamp, const HmacSha1& hmac) {
  const Parameters parameters = {
      {"oauth_consumer_key", credential.consumer_key},
      {"oauth_nonce", std::string(nonce)},
      {"oauth_signature_method", "HMAC-SHA1"},
      {"oauth_timestamp", std::to_string(timestamp)},
      {"oauth_token", credential.token},
      {"oauth_version", "1.0"},
  };
  const Secret key(encode(credential.consumer_secret.reveal()) + "&" +
                   encode(credential.token_secret.reveal()));
  const auto signature = base64(hmac(key, signature_base_string(method, url, parameters)));
  std::string out = "OAuth ";
  for (const auto& [name, value] : parameters) out += name + "=\"" + encode(value) + "\",";
  return out + "oauth_signature=\"" + encode(signature) + "\"";
}

std::string base64(std::string_view bytes) {
  std::string out = base64url(bytes);
  for (char& c : out) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (out.size() % 4 != 0) out += '=';
  return out;
}

}  // namespace rekey::oauth
