#include "core/oauth/token.hpp"

#include <algorithm>

#include "core/wire/json.hpp"

namespace rekey::oauth {

namespace {

using wire::Json;
using wire::text_at;

/// Seconds, as a number or as digits in a text (seen in the field); at most ten years.
std::optional<Millis> seconds_at(const Json& json, const char* name) {
  constexpr std::int64_t most = 315'360'000;
  const auto at = json.find(name);
  if (at == json.end()) return {};
  std::int64_t seconds = -1;
  if (at->is_number_unsigned() || at->is_number_integer()) {
    seconds = at->is_number_unsigned() && at->get<std::uint64_t>() > std::uint64_t(most)
                  ? most
                  : at->get<std::int64_t>();
  } else if (at->is_number_float() && at->get<double>() >= 0 && at->get<double>() < 1e9) {
    seconds = static_cast<std::int64_t>(at->get<double>());
  } else if (at->is_string()) {
    const auto& text = at->get_ref<const std::string&>();
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != text.npos)
      return {};
    seconds = 0;
    for (const char c : text) seconds = seconds * 10 + (c - '0');
  }
  if (seconds < 0) return {};
  return std::chrono::seconds{std::min(seconds, most)};
}

/// Tokens are visible ASCII (RFC 6749 A.12, A.17). Anything else, a line end above all, must not
/// get into a header.
bool visible(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

tl::unexpected<TokenFault> fault(TokenFault value) {
  return tl::unexpected<TokenFault>(value);
}

TokenFault fault_of(int status, const std::string& error) {
  if (error == "invalid_grant") return TokenFault::invalid_grant;
  if (error == "temporarily_unavailable" || error == "server_error" || status == 429 ||
      status >= 500)
    return TokenFault::unavailable;
  if (!error.empty()) return TokenFault::misconfigured;
  // No `error` at all: something between us and the provider answered.
  return status == 401 || status == 403 ? TokenFault::misconfigured : TokenFault::unreadable;
}

}  // namespace

tl::expected<Tokens, TokenFault> read_token_answer(int status, std::string_view body, Instant now) {
  if (status == 429 || status >= 500) return fault(TokenFault::unavailable);
  const auto parsed = wire::parse(body, "The token answer");
  const bool object = parsed && parsed->is_object();
  if (status < 200 || status >= 300)
    return fault(fault_of(status, object ? text_at(*parsed, "error") : std::string()));
  if (!object) return fault(TokenFault::unreadable);
  if (const auto error = text_at(*parsed, "error"); !error.empty())
    return fault(fault_of(status, error));
  Tokens out;
  out.access_token = Secret(text_at(*parsed, "access_token"));
  out.refresh_token = Secret(text_at(*parsed, "refresh_token"));
  out.id_token = Secret(text_at(*parsed, "id_token"));
  out.scope = text_at(*parsed, "scope");
  std::string type = text_at(*parsed, "token_type");
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (out.access_token.empty() || type != "bearer") return fault(TokenFault::unreadable);
  if (!visible(out.access_token.reveal()) || !visible(out.refresh_token.reveal()) ||
      !visible(out.id_token.reveal()))
    return fault(TokenFault::unreadable);
  // Not worth a grant; as if it had not been told.
  if (!visible(out.scope)) out.scope.clear();
  const auto expires = seconds_at(*parsed, "expires_in");
  out.lifetimes.access_expires = now + expires.value_or(std::chrono::hours{1});
  if (const auto refresh = seconds_at(*parsed, "x_refresh_token_expires_in"))
    out.lifetimes.refresh_expires = now + *refresh;
  if (const auto hard = seconds_at(*parsed, "x_refresh_token_hard_expires_in"))
    out.lifetimes.hard_expires = now + *hard;
  return out;
}

bool says_revoked(int status, std::string_view body) {
  if (status >= 200 && status < 300) return true;
  if (status != 400) return false;
  const auto parsed = wire::parse(body, "The revocation answer");
  const auto error = parsed ? text_at(*parsed, "error") : std::string();
  return error.empty() || error == "invalid_request" || error == "invalid_grant" ||
         error == "invalid_token";
}

}  // namespace rekey::oauth
