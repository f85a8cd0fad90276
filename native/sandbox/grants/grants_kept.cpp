// How grants and codes are written down, and read again.
#include "native/sandbox/grants/grants.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

json written(const Consent& consent) {
  return {{"client_id", consent.client_id},
          {"user", consent.user},
          {"realm", consent.realm},
          {"scopes", consent.scopes},
          {"redirect_uri", consent.redirect_uri},
          {"challenge", consent.challenge},
          {"challenge_method", consent.challenge_method},
          {"nonce", consent.nonce},
          {"at", to_ms(consent.at)}};
}

Consent consent_of(const json& body) {
  Consent consent;
  consent.client_id = body.at("client_id");
  consent.user = body.at("user");
  consent.realm = body.at("realm");
  consent.scopes = body.at("scopes").get<std::vector<std::string>>();
  consent.redirect_uri = body.at("redirect_uri");
  consent.challenge = body.at("challenge");
  consent.challenge_method = body.at("challenge_method");
  consent.nonce = body.at("nonce");
  consent.at = from_ms(body.at("at"));
  return consent;
}

}  // namespace

void Grants::end(const std::shared_ptr<Grant>& grant) {
  grant->ended = true;
  tell(grant);
}

void Grants::tell(const std::shared_ptr<Grant>& grant) const {
  if (!keep_) return;
  json tokens = json::array();
  for (const auto& [token, entry] : access_)
    if (entry.grant == grant) tokens.push_back({{"token", token}, {"until", to_ms(entry.until)}});
  keep_("grant", std::to_string(grant->number),
        {{"consent", written(grant->consent)},
         {"refresh", grant->refresh},
         {"refreshed", to_ms(grant->refreshed)},
         {"before", grant->before},
         {"replaced", to_ms(grant->replaced)},
         {"access", grant->access},
         {"access_tokens", std::move(tokens)},
         {"ended", grant->ended}});
}

void Grants::tell(const std::string& code, const Code& entry) const {
  if (!keep_) return;
  keep_("code", code,
        {{"consent", written(entry.consent)},
         {"until", to_ms(entry.until)},
         {"spent_on", entry.spent_on ? entry.spent_on->number : 0}});
}

void Grants::restore(std::uint64_t number, const json& body) {
  const std::lock_guard lock(mutex_);
  const auto grant = std::make_shared<Grant>();
  grant->number = number;
  grant->consent = consent_of(body.at("consent"));
  grant->refresh = body.at("refresh");
  grant->refreshed = from_ms(body.at("refreshed"));
  grant->before = body.at("before");
  grant->replaced = from_ms(body.at("replaced"));
  grant->access = body.at("access");
  grant->ended = body.at("ended");
  for (const json& one : body.at("access_tokens"))
    access_[one.at("token")] = {grant, from_ms(one.at("until"))};
  refresh_[grant->refresh] = grant;
  if (!grant->before.empty()) refresh_[grant->before] = grant;
  grants_.push_back(grant);
}

void Grants::restore_code(const std::string& code, const json& body) {
  const std::lock_guard lock(mutex_);
  Code& entry = codes_[code];
  entry.consent = consent_of(body.at("consent"));
  entry.until = from_ms(body.at("until"));
  for (const auto& grant : grants_)
    if (grant->number == body.at("spent_on")) entry.spent_on = grant;
}

}  // namespace rekey::sandbox
