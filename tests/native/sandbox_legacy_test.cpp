#include <catch2/catch_test_macros.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_legacy_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

using namespace std::chrono_literals;
constexpr auto day = 24h;

const std::string host = "http://127.0.0.1:9000";

/// An Authorization header as RFC 5849 has it. The base string is written out here, with the
/// parameters in their order, so that it does not lean on the code that is tested. `query` is
/// already encoded once and sorts after "oauth_…".
std::string signed_header(const LegacyConnection& connection, const std::string& method,
                          const std::string& path, const std::string& query = "",
                          const std::string& separator = ",") {
  const auto enc = [](const std::string& text) { return http::percent_encode(text); };
  const std::string parameters = "oauth_consumer_key=" + connection.app.consumer_key +
                                 "&oauth_nonce=nonce&oauth_signature_method=HMAC-SHA1&oauth_"
                                 "timestamp=1795000000&oauth_token=" +
                                 enc(connection.token) + "&oauth_version=1.0" +
                                 (query.empty() ? "" : "&" + query);
  const std::string base = method + "&" + enc(host + path) + "&" + enc(parameters);
  const std::string key = enc(connection.app.consumer_secret) + "&" + enc(connection.token_secret);
  const std::string signature = vault::base64_encode(vault::hmac_sha1(key, base));
  std::string header = "OAuth oauth_consumer_key=\"" + connection.app.consumer_key + "\"";
  for (const auto& [name, value] : Pairs{{"oauth_nonce", "nonce"},
                                         {"oauth_signature_method", "HMAC-SHA1"},
                                         {"oauth_timestamp", "1795000000"},
                                         {"oauth_token", connection.token},
                                         {"oauth_version", "1.0"},
                                         {"oauth_signature", signature}})
    header += separator + name + "=\"" + enc(value) + "\"";
  return header;
}

const std::string disconnect_path = "/api/v1/connection/disconnect";
const std::string reconnect_path = "/api/v1/connection/reconnect";

std::string code_in(const http::Response& response) {
  CHECK(response.status == 200);  // the platform says no with 200, too
  const auto at = response.body.find("<ErrorCode>") + 11;
  return response.body.substr(at, response.body.find('<', at) - at);
}

std::string element(const http::Response& response, const std::string& name) {
  const auto at = response.body.find("<" + name + ">");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 2;
  return response.body.substr(from, response.body.find('<', from) - from);
}

http::Response ask(Harness& harness, const std::string& path, const std::string& header) {
  return harness.get(path, {{"Authorization", header}});
}

}  // namespace

TEST_CASE("legacy: the signature that the OAuth 1.0a specification works out is accepted",
          "[sandbox]") {
  // OAuth Core 1.0a, appendix A.5: the protected photo.
  const std::vector<LegacyApp> apps = {{"dpf43f3p2l4k3l03", "kd94hf93k423kf44"}};
  LegacyConnections connections(apps);
  connections.add({{"dpf43f3p2l4k3l03", "kd94hf93k423kf44"},
                   "nnch734d00sl2jdk",
                   "pfkkdhi9sl3r4s00",
                   realm,
                   from_ms(0),
                   false});
  http::Request request;
  request.method = "GET";
  request.query = "file=vacation.jpg&size=original";
  const auto verdict = [&](const std::string& signature) {
    request.headers = {{"Authorization",
                        "OAuth realm=\"http://photos.example.net/\", "
                        "oauth_consumer_key=\"dpf43f3p2l4k3l03\", "
                        "oauth_token=\"nnch734d00sl2jdk\", "
                        "oauth_signature_method=\"HMAC-SHA1\", "
                        "oauth_signature=\"" +
                            signature +
                            "\", "
                            "oauth_timestamp=\"1191242096\", oauth_nonce=\"kllo9940pd9333jh\", "
                            "oauth_version=\"1.0\""}};
    return connections.verify(request, "http://photos.example.net/photos", from_ms(1)).code;
  };
  CHECK(verdict("tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D") == LegacyCode::ok);
  CHECK(verdict("tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWN%3D") == LegacyCode::token_rejected);
}

TEST_CASE("legacy: a signed disconnect ends the connection, once", "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const std::string header = signed_header(connection, "GET", disconnect_path);
  const auto done = ask(harness, disconnect_path, header);
  CHECK(code_in(done) == "0");
  CHECK(done.headers.get("content-type")->starts_with("application/xml"));
  CHECK(done.body.find("<PlatformResponse xmlns=\"http://platform.intuit.com/api/v1\">") !=
        std::string::npos);
  CHECK(code_in(ask(harness, disconnect_path, header)) == "270");
}

TEST_CASE("legacy: blanks after commas and another letter case of the path are taken",
          "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const std::string path = "/api/v1/Connection/Disconnect";
  CHECK(code_in(ask(harness, path, signed_header(connection, "GET", path, "", ", "))) == "0");
}

TEST_CASE("legacy: every part of a request that is not as it was signed is refused", "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const auto refused = [&](const std::string& header) {
    return code_in(ask(harness, disconnect_path, header));
  };
  LegacyConnection wrong = connection;
  wrong.token_secret += "x";
  CHECK(refused(signed_header(wrong, "GET", disconnect_path)) == "270");
  wrong = connection;
  wrong.app.consumer_secret += "x";
  CHECK(refused(signed_header(wrong, "GET", disconnect_path)) == "270");
  wrong = connection;
  wrong.token += "x";
  CHECK(refused(signed_header(wrong, "GET", disconnect_path)) == "270");
  wrong = connection;
  wrong.app.consumer_key = "stranger";
  CHECK(refused(signed_header(wrong, "GET", disconnect_path)) == "24");
  CHECK(refused(signed_header(connection, "POST", disconnect_path)) == "270");
  CHECK(refused(signed_header(connection, "GET", reconnect_path)) == "270");
  CHECK(refused(signed_header(connection, "GET", disconnect_path, "x=1")) == "270");
  CHECK(refused("") == "22");
  CHECK(refused("Bearer x") == "22");
  CHECK(refused("OAuth ") == "24");
  // All that did no harm.
  CHECK(refused(signed_header(connection, "GET", disconnect_path)) == "0");
}

TEST_CASE("legacy: JSON is answered when it is asked for", "[sandbox]") {
  Harness harness;
  const auto answer = harness.get(disconnect_path, {{"Accept", "application/json"}});
  CHECK(answer.status == 200);
  CHECK(json_of(answer)["ErrorCode"] == 22);
  CHECK(json_of(answer)["ServerTime"] == "/Date(1795000000000)/");
}

TEST_CASE("legacy: a connection is renewed in its last thirty days only, and the old token ends",
          "[sandbox]") {
  Harness harness;
  const auto ask_to_renew = [&](const LegacyConnection& connection) {
    return ask(harness, reconnect_path, signed_header(connection, "GET", reconnect_path));
  };
  CHECK(code_in(ask_to_renew(harness.sandbox.add_legacy(realm, 149 * day))) == "212");
  CHECK(code_in(ask_to_renew(harness.sandbox.add_legacy(realm, 180 * day))) == "270");
  const auto old = harness.sandbox.add_legacy(realm, 150 * day);
  const auto answer = ask_to_renew(old);
  CHECK(code_in(answer) == "0");
  CHECK(answer.body.find("<ReconnectResponse ") != std::string::npos);
  LegacyConnection renewed = old;
  renewed.token = element(answer, "OAuthToken");
  renewed.token_secret = element(answer, "OAuthTokenSecret");
  CHECK_FALSE(renewed.token.empty());
  CHECK(code_in(ask_to_renew(old)) == "270");
  CHECK(code_in(ask_to_renew(renewed)) == "212");
  CHECK(code_in(ask(harness, disconnect_path, signed_header(renewed, "GET", disconnect_path))) ==
        "0");
}

TEST_CASE("legacy: the accounting API is read with a signature, of the connection's company only",
          "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const auto read = [&](const std::string& company) {
    const std::string path = "/v3/company/" + company + "/companyinfo/" + company;
    return harness.get(path, {{"Authorization", signed_header(connection, "GET", path)},
                              {"Accept", "application/json"}});
  };
  CHECK(json_of(read(realm))["CompanyInfo"]["CompanyName"] == "Marlowe Lantern Supply");
  CHECK(read(other_realm).status == 403);
  harness.sandbox.advance(180 * day);
  CHECK(read(realm).status == 401);
}

TEST_CASE("legacy: a parameter that is sent twice but signed once is taken, as Intuit took it",
          "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const std::string path = "/v3/company/" + realm + "/query";
  const std::string query = "query=select%20count%28%2A%29%20from%20Item";
  const http::Headers headers{{"Authorization", signed_header(connection, "GET", path, query)},
                              {"Accept", "application/json"}};
  CHECK(harness.get(path + "?" + query, headers).status == 200);
  CHECK(harness.get(path + "?" + query + "&" + query, headers).status == 200);
  CHECK(harness.get(path + "?" + query + "&minorversion=75", headers).status == 401);
}

TEST_CASE("legacy: a connection is exchanged for a grant once, and goes on working", "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const std::string path = "/v2/oauth2/tokens/migrate";
  const auto migrate = [&](json changes) {
    json body = {{"scope", accounting_scope},
                 {"redirect_uri", callback},
                 {"client_id", "client-1"},
                 {"client_secret", "secret-1"}};
    body.update(changes);
    return harness.post_json(path, body, signed_header(connection, "POST", path));
  };
  CHECK(migrate({{"client_secret", "x"}}).status == 400);
  CHECK(migrate({{"redirect_uri", callback + "/"}}).status == 400);
  CHECK(migrate({{"scope", "openid"}}).status == 400);
  CHECK(harness.post_json(path, json::object()).status == 401);
  const auto answer = migrate(json::object());
  REQUIRE(answer.status == 200);
  const json tokens = json_of(answer);
  CHECK(tokens["realmId"] == realm);
  CHECK(harness.api(realm + "/companyinfo/" + realm, tokens["access_token"]).status == 200);
  CHECK(migrate(json::object()).status == 500);
  CHECK(code_in(ask(harness, disconnect_path, signed_header(connection, "GET", disconnect_path))) ==
        "0");
}

TEST_CASE("legacy: by default a nonce may be used again and a time stamp be of any time",
          "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const std::string path = "/v3/company/" + realm + "/preferences";
  const std::string header = signed_header(connection, "GET", path);
  CHECK(ask(harness, path, header).status == 200);
  CHECK(ask(harness, path, header).status == 200);
  harness.sandbox.advance(60 * day);
  CHECK(ask(harness, path, header).status == 200);
}

TEST_CASE("legacy: when nonces are checked, each is good once, and for five minutes", "[sandbox]") {
  Harness harness;
  harness.post_json("/sandbox/rules", {{"legacy_nonces", true}});
  const auto connection = harness.sandbox.add_legacy(realm);
  const auto other = harness.sandbox.add_legacy(realm);
  const std::string path = "/v3/company/" + realm + "/preferences";
  const std::string header = signed_header(connection, "GET", path);
  CHECK(ask(harness, path, header).status == 200);
  CHECK(ask(harness, path, header).status == 401);
  // A nonce is another one with another token.
  harness.sandbox.advance(300s);
  CHECK(ask(harness, path, signed_header(other, "GET", path)).status == 200);
  harness.sandbox.advance(1s);
  const auto third = harness.sandbox.add_legacy(realm);
  CHECK(ask(harness, path, signed_header(third, "GET", path)).status == 401);
  harness.post_json("/sandbox/rules", {{"legacy_nonces", false}});
  CHECK(ask(harness, path, header).status == 200);
}

TEST_CASE("legacy: the customer's disconnecting ends the connections of that company",
          "[sandbox]") {
  Harness harness;
  const auto connection = harness.sandbox.add_legacy(realm);
  const auto other = harness.sandbox.add_legacy(other_realm);
  const json told = json_of(harness.post_json("/sandbox/disconnect", {{"realm", realm}}));
  CHECK(told["legacy_ended"] == 1);
  const std::string path = "/v3/company/" + realm + "/preferences";
  CHECK(ask(harness, path, signed_header(connection, "GET", path)).status == 401);
  const std::string theirs = "/v3/company/" + other_realm + "/preferences";
  CHECK(ask(harness, theirs, signed_header(other, "GET", theirs)).status == 200);
}

}  // namespace rekey::sandbox_legacy_test
