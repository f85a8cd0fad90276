#include "native/sandbox/legacy/connections.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/oauth/oauth1.hpp"
#include "native/sandbox/text/times.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

using oauth::Parameters;

/// How far a time stamp may be off.
constexpr std::chrono::seconds nonce_life{300};

/// The parameters of an Authorization header (RFC 5849 section 3.5.1). Blanks after the commas are
/// optional, and clients differ.
Parameters header_parameters(std::string_view header) {
  Parameters out;
  header.remove_prefix(std::min<std::size_t>(header.size(), 6));  // "OAuth "
  while (!header.empty()) {
    const auto end = header.find(',');
    std::string_view part = header.substr(0, end);
    header.remove_prefix(end == header.npos ? header.size() : end + 1);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    const auto equals = part.find("=\"");
    if (equals == part.npos || part.back() != '"' || part.size() < equals + 3) continue;
    const auto value = part.substr(equals + 2, part.size() - equals - 3);
    out.emplace_back(http::percent_decode(part.substr(0, equals), false),
                     http::percent_decode(value, false));
  }
  return out;
}

bool starts_as(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), text.begin(),
                    [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

std::string signature(std::string_view method, const std::string& url, const Parameters& signed_,
                      const LegacyConnection& connection) {
  const std::string key = http::percent_encode(connection.app.consumer_secret) + "&" +
                          http::percent_encode(connection.token_secret);
  return vault::base64_encode(
      vault::hmac_sha1(key, oauth::signature_base_string(method, url, signed_)));
}

/// Everything that is signed: the header's parameters, the query's, and those of a form body.
Parameters signed_parameters(const http::Request& request, const Parameters& header) {
  Parameters all;
  for (const auto& pair : header)
    if (pair.first != "realm" && pair.first != "oauth_signature") all.push_back(pair);
  for (auto& pair : http::parse_form(request.query)) all.push_back(std::move(pair));
  const std::string type = request.headers.get("content-type").value_or("");
  if (type.starts_with("application/x-www-form-urlencoded"))
    for (auto& pair : http::parse_form(request.body)) all.push_back(std::move(pair));
  return all;
}

bool is_signed(const http::Request& request, const std::string& url, const Parameters& header,
               const LegacyConnection& connection) {
  const std::string given = http::find(header, "oauth_signature").value_or("");
  Parameters all = signed_parameters(request, header);
  if (signature(request.method, url, all, connection) == given) return true;
  // A client in wide use sends `query` twice and signs it once; Intuit took that.
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return signature(request.method, url, all, connection) == given;
}

const char* message_of(LegacyCode code) {
  switch (code) {
    case LegacyCode::ok:
      return "";
    case LegacyCode::needs_authorization:
      return "This API requires Authorization.";
    case LegacyCode::app_unknown:
      return "Invalid App Token";
    case LegacyCode::too_early:
      return "Token Refresh Window Out of Bounds";
    case LegacyCode::token_rejected:
      return "OAuth Token Rejected";
  }
  return "";
}

}  // namespace

LegacyConnection LegacyConnections::add(const std::string& realm, Instant issued) {
  const std::lock_guard lock(mutex_);
  const LegacyApp app = apps_.empty() ? LegacyApp{} : apps_.front();
  LegacyConnection made{app, "lvprd" + vault::random_token(27), vault::random_token(30), realm,
                        issued};
  connections_.push_back(made);
  tell();
  return made;
}

void LegacyConnections::add(LegacyConnection connection) {
  const std::lock_guard lock(mutex_);
  connections_.push_back(std::move(connection));
  tell();
}

LegacyConnections::Verdict LegacyConnections::verify(const http::Request& request,
                                                     const std::string& url, Instant now) const {
  const std::string header = request.headers.get("authorization").value_or("");
  if (!starts_as(header, "OAuth ")) return {};
  const Parameters parameters = header_parameters(header);
  const std::string key = http::find(parameters, "oauth_consumer_key").value_or("");
  const std::lock_guard lock(mutex_);
  const bool known = std::any_of(apps_.begin(), apps_.end(),
                                 [&](const LegacyApp& app) { return app.consumer_key == key; });
  if (!known) return {LegacyCode::app_unknown, {}};
  if (http::find(parameters, "oauth_signature_method") != "HMAC-SHA1")
    return {LegacyCode::token_rejected, {}};
  const std::string token = http::find(parameters, "oauth_token").value_or("");
  for (const LegacyConnection& connection : connections_) {
    if (connection.token != token || connection.app.consumer_key != key) continue;
    if (now >= connection.issued + legacy_life) break;
    if (!is_signed(request, url, parameters, connection)) break;
    if (check_nonces_ && !is_new(parameters, now)) break;
    return {LegacyCode::ok, connection};
  }
  return {LegacyCode::token_rejected, {}};
}

bool LegacyConnections::is_new(const Parameters& header, Instant now) const {
  const auto value = [&](const char* name) { return http::find(header, name).value_or(""); };
  const std::string stamp = value("oauth_timestamp");
  std::int64_t seconds = 0;
  const auto [end, wrong] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
  if (wrong != std::errc{} || end != stamp.data() + stamp.size()) return false;
  const std::int64_t here = to_ms(now) / 1000;
  if (seconds < here - nonce_life.count() || seconds > here + nonce_life.count() ||
      value("oauth_nonce").empty())
    return false;
  // What is too old to be taken need not be remembered.
  std::erase_if(nonces_, [&](const auto& used) { return used.second + 2 * nonce_life < now; });
  return nonces_.emplace(stamp + " " + value("oauth_token") + " " + value("oauth_nonce"), now)
      .second;
}

void LegacyConnections::check_nonces(bool check) {
  const std::lock_guard lock(mutex_);
  check_nonces_ = check;
}

std::size_t LegacyConnections::end_company(const std::string& realm) {
  const std::lock_guard lock(mutex_);
  const auto ended = std::erase_if(connections_, [&](const LegacyConnection& one) {
    return realm.empty() || one.realm == realm;
  });
  tell();
  return ended;
}

std::pair<LegacyCode, std::optional<LegacyConnection>> LegacyConnections::reconnect(
    const LegacyConnection& old, Instant now) {
  if (now < old.issued + legacy_life - legacy_window) return {LegacyCode::too_early, {}};
  disconnect(old);
  LegacyConnection renewed = add(old.realm, now);
  return {LegacyCode::ok, std::move(renewed)};
}

void LegacyConnections::disconnect(const LegacyConnection& connection) {
  const std::lock_guard lock(mutex_);
  std::erase_if(connections_,
                [&](const LegacyConnection& one) { return one.token == connection.token; });
  tell();
}

bool LegacyConnections::mark_migrated(const LegacyConnection& connection) {
  const std::lock_guard lock(mutex_);
  for (LegacyConnection& one : connections_) {
    if (one.token != connection.token || one.migrated) continue;
    one.migrated = true;
    tell();
    return true;
  }
  return false;
}

void LegacyConnections::tell() const {
  if (!keep_) return;
  auto list = nlohmann::json::array();
  for (const LegacyConnection& one : connections_)
    list.push_back({{"consumer_key", one.app.consumer_key},
                    {"consumer_secret", one.app.consumer_secret},
                    {"token", one.token},
                    {"token_secret", one.token_secret},
                    {"realm", one.realm},
                    {"issued", to_ms(one.issued)},
                    {"migrated", one.migrated}});
  keep_("legacy", "all", list);
}

void LegacyConnections::restore(const nlohmann::json& body) {
  const std::lock_guard lock(mutex_);
  connections_.clear();
  for (const auto& one : body)
    connections_.push_back({{one.at("consumer_key"), one.at("consumer_secret")},
                            one.at("token"),
                            one.at("token_secret"),
                            one.at("realm"),
                            from_ms(one.at("issued")),
                            one.at("migrated")});
}

std::vector<LegacyConnection> LegacyConnections::all() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

http::Response legacy_response(const http::Request& request, const char* root, LegacyCode code,
                               const std::optional<LegacyConnection>& renewed, Instant now) {
  // The platform answered 200 also to say no; only the number tells.
  const int number = static_cast<int>(code);
  if (request.headers.get("accept").value_or("").find("json") != std::string::npos) {
    nlohmann::json body = {{"ErrorMessage", message_of(code)},
                           {"ErrorCode", number},
                           {"ServerTime", "/Date(" + std::to_string(to_ms(now)) + ")/"}};
    if (renewed) {
      body["OAuthToken"] = renewed->token;
      body["OAuthTokenSecret"] = renewed->token_secret;
    }
    return {200, {{"Content-Type", "application/json"}}, body.dump(), {}};
  }
  std::string body = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<" + std::string(root) +
                     " xmlns=\"http://platform.intuit.com/api/v1\">";
  body += code == LegacyCode::ok
              ? std::string("<ErrorMessage/>")
              : "<ErrorMessage>" + std::string(message_of(code)) + "</ErrorMessage>";
  body += "<ErrorCode>" + std::to_string(number) + "</ErrorCode>";
  body += "<ServerTime>" + zulu_ticks(now) + "</ServerTime>";
  if (renewed)
    body += "<OAuthToken>" + renewed->token + "</OAuthToken><OAuthTokenSecret>" +
            renewed->token_secret + "</OAuthTokenSecret>";
  body += "</" + std::string(root) + ">";
  return {200, {{"Content-Type", "application/xml"}}, std::move(body), {}};
}

}  // namespace rekey::sandbox
