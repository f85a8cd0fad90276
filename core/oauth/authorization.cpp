#include "core/oauth/authorization.hpp"

#include <cstdint>

namespace rekey::oauth {

namespace {

bool unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char each : text) {
    const auto c = static_cast<unsigned char>(each);
    if (unreserved(c)) {
      out += each;
    } else {
      out += '%';
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  return out;
}

std::string decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
               hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string base64url(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char each : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(each);
    for (bits += 8; bits >= 6; bits -= 6) out += letters[(buffer >> (bits - 6)) & 63];
    buffer &= (1u << bits) - 1;
  }
  if (bits > 0) out += letters[(buffer << (6 - bits)) & 63];
  return out;
}

std::string authorization_url(const Provider& provider, const AuthorizationRequest& request) {
  std::string scope;
  for (const auto& each : provider.scopes) scope += (scope.empty() ? "" : " ") + each;
  std::string url = provider.authorization_endpoint;
  char joint = url.find('?') == std::string::npos ? '?' : '&';
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    url += joint;
    url += name;
    url += '=';
    url += encode(value);
    joint = '&';
  };
  add("response_type", "code");
  add("client_id", request.client_id);
  add("redirect_uri", request.redirect_uri);
  add("scope", scope);
  add("state", request.state);
  add("nonce", request.nonce);
  if (!request.code_challenge.empty()) {
    add("code_challenge", request.code_challenge);
    add("code_challenge_method", "S256");
  }
  return url;
}

std::string pkce_challenge(std::string_view sha256_of_verifier) {
  return base64url(sha256_of_verifier);
}

}  // namespace rekey::oauth
