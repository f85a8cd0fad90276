#include "native/sandbox/oauth/endpoints.hpp"

#include "native/sandbox/grants/token_body.hpp"
#include "native/sandbox/pages/json_response.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/letters.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;
using Form = std::vector<std::pair<std::string, std::string>>;

http::Response token_error(int status, const TokenFault& fault) {
  json body = {{"error", fault.error}};
  if (!fault.description.empty()) body["error_description"] = fault.description;
  return json_response(status, body);
}

/// Client id and secret from the header (RFC 6749 section 2.3.1) or else from the form.
std::pair<std::string, std::string> credentials(const http::Request& request, const Form& form) {
  const std::string header = request.headers.get("authorization").value_or("");
  if (header.size() > 6 && same_ignoring_case(header.substr(0, 6), "Basic ")) {
    const std::string pair = vault::base64_decode(header.substr(6)).value_or("");
    const auto colon = pair.find(':');
    if (colon == std::string::npos) return {};
    return {pair.substr(0, colon), pair.substr(colon + 1)};
  }
  return {http::find(form, "client_id").value_or(""),
          http::find(form, "client_secret").value_or("")};
}

/// The client, if its secret is right. The RFC wants both values form-encoded first; Intuit's own
/// clients do not do that, so either is taken.
const SandboxClient* authenticate(const OAuthParts& parts, const http::Request& request,
                                  const Form& form) {
  const auto [id, secret] = credentials(request, form);
  if (const SandboxClient* client = parts.registered.client(id); client && client->secret == secret)
    return client;
  const SandboxClient* client = parts.registered.client(http::percent_decode(id, true));
  return client && client->secret == http::percent_decode(secret, true) ? client : nullptr;
}

/// The form of a request that says it is one.
Form form_of(const http::Request& request) {
  const std::string type = request.headers.get("content-type").value_or("");
  return type.starts_with("application/x-www-form-urlencoded") ? http::parse_form(request.body)
                                                               : Form{};
}

std::string bearer(const http::Request& request) {
  const std::string header = request.headers.get("authorization").value_or("");
  return header.size() > 7 && same_ignoring_case(header.substr(0, 7), "Bearer ") ? header.substr(7)
                                                                                 : "";
}

/// The token to revoke: clients in use send it as JSON or as a form.
std::string token_to_revoke(const http::Request& request) {
  const std::string type = request.headers.get("content-type").value_or("");
  if (type.find("json") == std::string::npos)
    return http::find(form_of(request), "token").value_or("");
  const json body = parse_json(request.body);
  if (!body.is_object() || !body.contains("token") || !body["token"].is_string()) return {};
  return body["token"].get<std::string>();
}

http::Response discovery(const OAuthParts& parts, const http::Request& request) {
  const std::string base = parts.address.of(request);
  return json_response(
      200,
      {{"issuer", fixed_issuer},
       {"authorization_endpoint", base + "/connect/oauth2"},
       {"token_endpoint", base + "/oauth2/v1/tokens/bearer"},
       {"userinfo_endpoint", base + "/v1/openid_connect/userinfo"},
       {"revocation_endpoint", base + "/v2/oauth2/tokens/revoke"},
       {"jwks_uri", base + "/op/v1/jwks"},
       {"response_types_supported", {"code"}},
       {"subject_types_supported", {"public"}},
       {"id_token_signing_alg_values_supported", {"RS256"}},
       {"scopes_supported", {"openid", "email", "profile", "address", "phone"}},
       {"token_endpoint_auth_methods_supported", {"client_secret_post", "client_secret_basic"}},
       {"claims_supported", {"aud", "exp", "iat", "iss", "realmid", "sub"}}});
}

http::Response token_endpoint(const OAuthParts& parts, const http::Request& request) {
  const Form form = form_of(request);
  const auto value = [&](std::string_view name) { return http::find(form, name).value_or(""); };
  const SandboxClient* client = authenticate(parts, request, form);
  if (!client) return token_error(401, {"invalid_client", ""});
  const std::string type = value("grant_type");
  const bool code = type == "authorization_code";
  if (!code && type != "refresh_token")
    return token_error(400, {type.empty() ? "invalid_request" : "unsupported_grant_type", ""});
  if (code ? value("code").empty() || value("redirect_uri").empty()
           : value("refresh_token").empty())
    return token_error(400, {"invalid_request", ""});
  const Instant now = parts.clock.now();
  const auto tokens = code ? parts.grants.exchange(client->id, value("code"), value("redirect_uri"),
                                                   value("code_verifier"), now)
                           : parts.grants.refresh(client->id, value("refresh_token"), now);
  if (!tokens) return token_error(400, tokens.error());
  return json_response(200, token_body(parts.key, request, *tokens, now));
}

http::Response revoke_endpoint(const OAuthParts& parts, const http::Request& request) {
  const SandboxClient* client = authenticate(parts, request, form_of(request));
  if (!client) return token_error(401, {"invalid_client", ""});
  if (!parts.grants.revoke(client->id, token_to_revoke(request), parts.clock.now()))
    return token_error(400, {"invalid_request", "Token is invalid or was revoked"});
  // Intuit's success has no body, though it says JSON.
  http::Response done = json_response(200, nullptr);
  done.body.clear();
  return done;
}

http::Response userinfo_endpoint(const OAuthParts& parts, const http::Request& request) {
  const Access access = parts.grants.look_up(bearer(request), parts.clock.now());
  if (access.state == AccessState::live && access.consent.has_scope("openid"))
    return json_response(200, userinfo(access.consent));
  http::Response refused = json_response(401, {{"error", "invalid_token"}});
  refused.headers.set("WWW-Authenticate", "Bearer realm=\"Intuit\", error=\"invalid_token\"");
  return refused;
}

http::Response keys_endpoint(const OAuthParts& parts, const http::Request&) {
  return json_response(200, parts.key.key_set());
}

}  // namespace

void add_oauth_endpoints(http::Router& router, const OAuthParts& parts) {
  using Endpoint = http::Response (*)(const OAuthParts&, const http::Request&);
  const auto add = [&](std::string_view method, std::string_view path, Endpoint endpoint) {
    router.add(method, path, [parts, endpoint](const http::Request& request, const http::Places&) {
      return endpoint(parts, request);
    });
  };
  constexpr std::string_view any = http::Router::any_method;
  for (const char* name : {"openid_configuration", "openid_sandbox_configuration"})
    for (const char* end : {"", "/"})
      add(any, "/.well-known/" + std::string(name) + end, discovery);
  add("POST", "/oauth2/v1/tokens/bearer", token_endpoint);
  add("POST", "/v2/oauth2/tokens/revoke", revoke_endpoint);
  add(any, "/v1/openid_connect/userinfo", userinfo_endpoint);
  add(any, "/op/v1/jwks", keys_endpoint);
}

}  // namespace rekey::sandbox
