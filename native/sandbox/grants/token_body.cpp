#include "native/sandbox/grants/token_body.hpp"

namespace rekey::sandbox {

namespace {

std::int64_t whole_seconds(Millis time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

}  // namespace

nlohmann::json token_body(SigningKey& key, const http::Request& request, const Tokens& tokens,
                          Instant now) {
  nlohmann::json body = {{"token_type", "bearer"},
                         {"access_token", tokens.access},
                         {"expires_in", whole_seconds(tokens.access_life)},
                         {"refresh_token", tokens.refresh},
                         {"x_refresh_token_expires_in", whole_seconds(tokens.refresh_left)}};
  if (request.headers.get("x-include-refresh-token-hard-expires-in") == "true")
    body["x_refresh_token_hard_expires_in"] = whole_seconds(tokens.hard_left);
  if (tokens.consent.has_scope("openid"))
    body["id_token"] = make_id_token(key, tokens.consent, now);
  return body;
}

}  // namespace rekey::sandbox
