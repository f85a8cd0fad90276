#include "native/sandbox/legacy/endpoints.hpp"

#include "native/sandbox/grants/token_body.hpp"
#include "native/sandbox/pages/json_response.hpp"
#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

http::Response refuse(int status, const char* error) {
  return json_response(status, {{"error", error}});
}

http::Response legacy_endpoint(const LegacyParts& parts, const http::Request& request,
                               bool reconnect) {
  const Instant now = parts.clock.now();
  const char* root = reconnect ? "ReconnectResponse" : "PlatformResponse";
  const auto verdict = parts.legacy.verify(request, parts.address.of(request) + request.path, now);
  if (verdict.code != LegacyCode::ok)
    return legacy_response(request, root, verdict.code, std::nullopt, now);
  if (reconnect) {
    const auto [code, renewed] = parts.legacy.reconnect(*verdict.connection, now);
    return legacy_response(request, root, code, renewed, now);
  }
  parts.legacy.disconnect(*verdict.connection);
  return legacy_response(request, root, LegacyCode::ok, std::nullopt, now);
}

http::Response migrate_endpoint(const LegacyParts& parts, const http::Request& request) {
  const Instant now = parts.clock.now();
  const auto verdict = parts.legacy.verify(request, parts.address.of(request) + request.path, now);
  if (verdict.code != LegacyCode::ok) return refuse(401, "invalid_token");
  const json body = parse_json(request.body);
  if (!body.is_object()) return refuse(400, "invalid_request");
  const SandboxClient* client = parts.registered.client(text_member(body, "client_id"));
  if (!client || client->secret != text_member(body, "client_secret"))
    return refuse(400, "invalid_client");
  if (!client->may_redirect_to(text_member(body, "redirect_uri")))
    return refuse(400, "invalid_request");
  // What the old connection covered was accounting; nothing more can come of it.
  if (text_member(body, "scope") != "com.intuit.quickbooks.accounting")
    return refuse(400, "invalid_scope");
  // A second try was answered 500 without a word in the field.
  if (!parts.legacy.mark_migrated(*verdict.connection)) return refuse(500, "server_error");
  Consent consent;
  consent.client_id = client->id;
  consent.realm = verdict.connection->realm;
  consent.user = parts.registered.first_user();
  consent.scopes = {"com.intuit.quickbooks.accounting"};
  consent.at = now;
  json answer = token_body(parts.key, request, parts.grants.grant(consent, now), now);
  answer["realmId"] = consent.realm;
  return json_response(200, answer);
}

}  // namespace

void add_legacy_endpoints(http::Router& router, const LegacyParts& parts) {
  // Clients in use write these two in either case.
  for (const bool reconnect : {false, true})
    router.add(
        http::Router::any_method,
        reconnect ? "/api/v1/connection/reconnect" : "/api/v1/connection/disconnect",
        [parts, reconnect](const http::Request& request, const http::Places&) {
          return legacy_endpoint(parts, request, reconnect);
        },
        http::Letters::either_case);
  router.add("POST", "/v2/oauth2/tokens/migrate",
             [parts](const http::Request& request, const http::Places&) {
               return migrate_endpoint(parts, request);
             });
}

}  // namespace rekey::sandbox
