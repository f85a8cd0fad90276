// What was left of OAuth 1.0a: end a connection, renew it, or exchange it for a grant.
#include <algorithm>

#include "native/sandbox/answers.hpp"
#include "native/sandbox/world.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

std::string text_of(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : "";
}

http::Response refuse(int status, const char* error) {
  return json_response(status, {{"error", error}});
}

}  // namespace

http::Response legacy_endpoint(World& world, const http::Request& request, bool reconnect) {
  const Instant now = world.now();
  const char* root = reconnect ? "ReconnectResponse" : "PlatformResponse";
  const auto verdict = world.legacy.verify(request, world.base(request) + request.path, now);
  if (verdict.code != LegacyCode::ok)
    return legacy_response(request, root, verdict.code, std::nullopt, now);
  if (reconnect) {
    const auto [code, renewed] = world.legacy.reconnect(*verdict.connection, now);
    return legacy_response(request, root, code, renewed, now);
  }
  world.legacy.disconnect(*verdict.connection);
  return legacy_response(request, root, LegacyCode::ok, std::nullopt, now);
}

http::Response migrate_endpoint(World& world, const http::Request& request) {
  const Instant now = world.now();
  if (request.method != "POST") return refuse(405, "invalid_request");
  const auto verdict = world.legacy.verify(request, world.base(request) + request.path, now);
  if (verdict.code != LegacyCode::ok) return refuse(401, "invalid_token");
  const json body = parse_json(request.body);
  if (!body.is_object()) return refuse(400, "invalid_request");
  const SandboxClient* client = world.client(text_of(body, "client_id"));
  if (!client || client->secret != text_of(body, "client_secret"))
    return refuse(400, "invalid_client");
  const auto& known = client->redirect_uris;
  if (std::find(known.begin(), known.end(), text_of(body, "redirect_uri")) == known.end())
    return refuse(400, "invalid_request");
  // What the old connection covered was accounting; nothing more can come of it.
  if (text_of(body, "scope") != "com.intuit.quickbooks.accounting")
    return refuse(400, "invalid_scope");
  // A second try was answered 500 without a word in the field.
  if (!world.legacy.mark_migrated(*verdict.connection)) return refuse(500, "server_error");
  Consent consent;
  consent.client_id = client->id;
  consent.realm = verdict.connection->realm;
  consent.user = world.options.users.empty() ? "demo" : world.options.users.front().name;
  consent.scopes = {"com.intuit.quickbooks.accounting"};
  consent.at = now;
  json answer = token_body(world, request, world.grants.grant(consent, now));
  answer["realmId"] = consent.realm;
  return json_response(200, answer);
}

}  // namespace rekey::sandbox
