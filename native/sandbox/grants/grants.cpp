#include "native/sandbox/grants/grants.hpp"

#include <algorithm>

#include "native/sandbox/text/times.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

/// Looks like the encrypted tokens of Intuit: five parts, the second empty. The first is the header
/// {"enc":"A128CBC-HS256","alg":"dir"}.
std::string make_access_token() {
  return "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0.." + vault::random_token(16) + "." +
         vault::random_token(180) + "." + vault::random_token(16);
}

std::string make_refresh_token(Instant until) {
  return "RT1-7-H0-" + std::to_string(seconds_of(until)) + vault::random_token(18);
}

std::string make_code(Instant now) {
  return "AB11" + std::to_string(seconds_of(now)) + vault::random_token(30);
}

tl::unexpected<TokenFault> invalid_grant(std::string description) {
  return tl::unexpected(TokenFault{"invalid_grant", std::move(description)});
}

/// RFC 7636 section 4.6.
bool proves(const Consent& consent, const std::string& verifier) {
  if (consent.challenge.empty()) return true;
  if (consent.challenge_method == "plain") return verifier == consent.challenge;
  return vault::base64url_encode(vault::sha256(verifier)) == consent.challenge;
}

}  // namespace

bool Consent::has_scope(std::string_view scope) const {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

Instant Grants::refresh_until(const Grant& grant) const {
  // Refreshing never carries a grant past the end of its five years.
  return std::min(grant.refreshed + rules_.rolling_life, grant.consent.at + rules_.hard_life);
}

void Grants::renew_refresh(const std::shared_ptr<Grant>& grant, Instant now) {
  if (!grant->before.empty()) refresh_.erase(grant->before);
  grant->before = grant->refresh;
  grant->replaced = now;
  grant->refreshed = now;
  grant->refresh = make_refresh_token(refresh_until(*grant));
  refresh_[grant->refresh] = grant;
}

Tokens Grants::answer(const std::shared_ptr<Grant>& grant, Instant now) {
  grant->access = make_access_token();
  access_[grant->access] = {grant, now + rules_.access_life};
  forget_old(now);
  tell(grant);
  return {grant->access,
          grant->refresh,
          rules_.access_life,
          refresh_until(*grant) - now,
          grant->consent.at + rules_.hard_life - now,
          grant->consent};
}

Tokens Grants::open(const Consent& consent, Instant now, std::shared_ptr<Grant>& made) {
  if (rules_.consent_ends_older && !consent.realm.empty()) {
    for (const auto& older : grants_)
      if (older->consent.client_id == consent.client_id && older->consent.realm == consent.realm &&
          !older->ended)
        end(older);
  }
  made = std::make_shared<Grant>();
  made->number = grants_.empty() ? 1 : grants_.back()->number + 1;
  made->consent = consent;
  grants_.push_back(made);
  renew_refresh(made, now);
  return answer(made, now);
}

void Grants::forget_old(Instant now) {
  // A day past their end, tokens are as unknown as if they had never been.
  for (const auto& [code, entry] : codes_)
    if (keep_ && entry.until + std::chrono::hours{24} < now) keep_("code", code, nullptr);
  std::erase_if(access_, [&](const auto& entry) {
    return entry.second.until + std::chrono::hours{24} < now;
  });
  std::erase_if(
      codes_, [&](const auto& entry) { return entry.second.until + std::chrono::hours{24} < now; });
}

std::string Grants::issue_code(const Consent& consent, Instant now) {
  const std::lock_guard lock(mutex_);
  std::string code = make_code(now);
  codes_[code] = {consent, now + rules_.code_life, nullptr};
  tell(code, codes_[code]);
  return code;
}

tl::expected<Tokens, TokenFault> Grants::exchange(const std::string& client_id,
                                                  const std::string& code,
                                                  const std::string& redirect_uri,
                                                  const std::string& verifier, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto found = codes_.find(code);
  if (found == codes_.end() || found->second.consent.client_id != client_id)
    return invalid_grant("Invalid authorization code");
  Code& entry = found->second;
  if (entry.spent_on) {
    if (rules_.replay_ends_grant) end(entry.spent_on);
    return invalid_grant("Invalid authorization code");
  }
  if (now >= entry.until) return invalid_grant("Authorization code expired");
  if (entry.consent.redirect_uri != redirect_uri) return invalid_grant("Invalid redirect URI");
  if (rules_.pkce && !proves(entry.consent, verifier))
    return invalid_grant("Invalid code verifier");
  auto tokens = open(entry.consent, now, entry.spent_on);
  tell(code, entry);
  return tokens;
}

Tokens Grants::grant(const Consent& consent, Instant now) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Grant> made;
  return open(consent, now, made);
}

tl::expected<Tokens, TokenFault> Grants::refresh(const std::string& client_id,
                                                 const std::string& token, Instant now) {
  const std::lock_guard lock(mutex_);
  if (access_.count(token)) return invalid_grant("Incorrect Token type or clientID");
  const auto found = refresh_.find(token);
  if (found == refresh_.end()) return invalid_grant("Incorrect or invalid refresh token");
  const auto grant = found->second;
  if (grant->consent.client_id != client_id)
    return invalid_grant("Incorrect Token type or clientID");
  if (grant->ended || now >= refresh_until(*grant)) return invalid_grant("Token invalid");
  const bool replaced = token != grant->refresh;
  if (replaced && now >= grant->replaced + rules_.grace) {
    if (rules_.kill_on_race) end(grant);
    return invalid_grant("Incorrect or invalid refresh token");
  }
  if (!replaced && now >= grant->refreshed + rules_.rotate_after) renew_refresh(grant, now);
  return answer(grant, now);
}

bool Grants::revoke(const std::string& client_id, const std::string& token, Instant now) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Grant> grant;
  if (const auto found = refresh_.find(token); found != refresh_.end()) grant = found->second;
  if (const auto found = access_.find(token); found != access_.end()) {
    if (now < found->second.until) grant = found->second.grant;
  }
  if (!grant || grant->ended || grant->consent.client_id != client_id) return false;
  end(grant);
  return true;
}

Access Grants::look_up(const std::string& access_token, Instant now) const {
  const std::lock_guard lock(mutex_);
  const auto found = access_.find(access_token);
  if (found == access_.end()) return {};
  const auto& [grant, until] = found->second;
  const AccessState state = grant->ended   ? AccessState::ended
                            : now >= until ? AccessState::expired
                                           : AccessState::live;
  return {state, grant->consent};
}

GrantRules Grants::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

void Grants::set_rules(const GrantRules& rules) {
  const std::lock_guard lock(mutex_);
  rules_ = rules;
}

std::size_t Grants::end_company(const std::string& realm) {
  return end_where([&](const Grant& grant) { return grant.consent.realm == realm; });
}

std::size_t Grants::end_all() {
  return end_where([](const Grant&) { return true; });
}

std::size_t Grants::end_where(const std::function<bool(const Grant&)>& ends) {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& grant : grants_) {
    if (grant->ended || !ends(*grant)) continue;
    end(grant);
    ++count;
  }
  return count;
}

std::vector<Grants::Summary> Grants::summaries(Instant now) const {
  const std::lock_guard lock(mutex_);
  std::vector<Summary> all;
  for (const auto& grant : grants_)
    all.push_back({grant->consent.client_id, grant->consent.user, grant->consent.realm,
                   grant->consent.at, refresh_until(*grant), grant->consent.at + rules_.hard_life,
                   !grant->ended && now < refresh_until(*grant)});
  return all;
}

}  // namespace rekey::sandbox
