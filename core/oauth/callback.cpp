#include "core/oauth/callback.hpp"

#include "core/oauth/authorization.hpp"

namespace rekey::oauth {

namespace {

constexpr std::size_t longest_value = 4096;

void take(Callback& out, std::optional<std::string>& into, std::string value) {
  if (into || value.size() > longest_value) {
    out.repeated = true;
    return;
  }
  into = std::move(value);
}

connect::Failed reason_of(const std::string& error) {
  if (error == "access_denied") return connect::Failed::access_denied;
  if (error == "invalid_scope") return connect::Failed::invalid_scope;
  if (error == "unauthorized_client" || error == "invalid_request" ||
      error == "unsupported_response_type")
    return connect::Failed::misconfigured;
  return connect::Failed::provider_error;
}

bool realm_id_is_sane(const std::string& realm_id) {
  if (realm_id.empty() || realm_id.size() > 64) return false;
  for (const char c : realm_id) {
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '_';
    if (!good) return false;
  }
  return true;
}

}  // namespace

Callback read_callback(std::string_view query) {
  Callback out;
  if (!query.empty() && query.front() == '?') query.remove_prefix(1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = decode(pair.substr(0, equals));
    const auto value = pair.substr(equals + 1);
    if (name == "state") take(out, out.state, decode(value));
    if (name == "code") take(out, out.code, decode(value));
    if (name == "realmId") take(out, out.realm_id, decode(value));
    if (name == "iss") take(out, out.iss, decode(value));
    if (name == "error") take(out, out.error, decode(value));
  }
  return out;
}

/// The one place that may make a ValidCallback.
struct Judge {
  static ValidCallback valid(const Callback& callback) {
    ValidCallback out;
    out.code_ = Secret(*callback.code);
    // It becomes part of addresses, so nothing else than an id is let through.
    auto realm_id = callback.realm_id.value_or("");
    if (realm_id_is_sane(realm_id)) out.realm_id_ = std::move(realm_id);
    return out;
  }
};

tl::expected<ValidCallback, Rejected> validate_callback(const Callback& callback,
                                                        const Expectation& expected) {
  const auto reject = [](Flaw flaw, std::optional<connect::Failed> reason = {}) {
    return tl::unexpected(Rejected{flaw, reason});
  };
  const bool has_code = callback.code && !callback.code->empty();
  if (callback.repeated || !callback.state || callback.state->empty() ||
      has_code == callback.error.has_value())
    return reject(Flaw::malformed);
  if (expected.state.empty()) return reject(Flaw::no_attempt);
  if (!Secret(expected.state).same_as(*callback.state)) return reject(Flaw::foreign_state);
  if (callback.iss ? !expected.issuer.empty() && *callback.iss != expected.issuer
                   : expected.issuer_required)
    return reject(Flaw::wrong_issuer, connect::Failed::wrong_issuer);
  if (callback.error) return reject(Flaw::refused, reason_of(*callback.error));
  if (expected.company_required && !realm_id_is_sane(callback.realm_id.value_or("")))
    return reject(Flaw::missing_company, connect::Failed::missing_company);
  return Judge::valid(callback);
}

}  // namespace rekey::oauth
