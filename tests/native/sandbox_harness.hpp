// A sandbox without sockets, and a client of it that knows the usual ways.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "native/http/http.hpp"
#include "native/sandbox/sandbox.hpp"
#include "native/vault/random.hpp"
#include "tests/support/request.hpp"

namespace rekey::sandbox {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline std::string form_of(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs)
    out += (out.empty() ? "" : "&") + name + "=" + http::percent_encode(value);
  return out;
}

inline const std::string realm = "9130347712345678";
inline const std::string other_realm = "4620816365000001";
inline const std::string callback = "https://app.example/cb";
inline const std::string accounting_scope = "com.intuit.quickbooks.accounting";

inline SandboxOptions harness_options() {
  SandboxOptions options;
  options.clients = {
      {"client-1", "secret-1", "Hollow Ledger", {callback, "https://app.example/q?a=1"}},
      {"client-2", "secret-2", "", {callback}}};
  options.users = {{"robin", "pass word"}, {"kim", "other"}};
  options.companies = {{realm, "Marlowe Lantern Supply", 60},
                       {other_realm, "Fen & Sons <Ltd>", 20}};
  options.legacy_apps = {{"consumer-1", "consumer-secret-1"}};
  options.base_url = "http://127.0.0.1:9000";
  options.auto_consent = true;
  return options;
}

class Harness {
 public:
  explicit Harness(SandboxOptions options = harness_options())
      : sandbox(std::move(options), [] { return from_ms(1'795'000'000'000); }) {}

  http::Response get(const std::string& target, http::Headers headers = {}) {
    return send("GET", target, std::move(headers), "");
  }
  http::Response post_form(const std::string& target, const Pairs& pairs,
                           const std::string& authorization = "") {
    http::Headers headers{{"Content-Type", "application/x-www-form-urlencoded"}};
    if (!authorization.empty()) headers.add("Authorization", authorization);
    return send("POST", target, std::move(headers), form_of(pairs));
  }
  http::Response post_json(const std::string& target, const nlohmann::json& body,
                           const std::string& authorization = "") {
    http::Headers headers{{"Content-Type", "application/json"}};
    if (!authorization.empty()) headers.add("Authorization", authorization);
    return send("POST", target, std::move(headers), body.dump());
  }
  http::Response send(const std::string& method, const std::string& target, http::Headers headers,
                      std::string body) {
    return sandbox.handle(test::request_of(method, target, std::move(headers), std::move(body)));
  }

  /// An authorization request with the usual parameters, some of them changed or (empty) left out.
  http::Response authorize(const Pairs& changes = {}) {
    Pairs pairs = {{"client_id", "client-1"},
                   {"response_type", "code"},
                   {"scope", accounting_scope},
                   {"redirect_uri", callback},
                   {"state", "st 1"}};
    for (const auto& [name, value] : changes) {
      std::erase_if(pairs, [&](const auto& pair) { return pair.first == name; });
      if (!value.empty()) pairs.emplace_back(name, value);
    }
    return get("/connect/oauth2?" + form_of(pairs));
  }
  /// The code of an authorization that is allowed at once.
  std::string code(const Pairs& changes = {}) { return sent_back(authorize(changes), "code"); }
  http::Response exchange(const std::string& with_code, const Pairs& more = {},
                          const std::string& authorization = basic("client-1", "secret-1")) {
    Pairs pairs = {{"grant_type", "authorization_code"}, {"code", with_code}};
    bool redirects = false;
    for (const auto& pair : more) {
      redirects = redirects || pair.first == "redirect_uri";
      pairs.push_back(pair);
    }
    if (!redirects) pairs.emplace_back("redirect_uri", callback);
    return post_form("/oauth2/v1/tokens/bearer", pairs, authorization);
  }
  http::Response refresh(const std::string& token,
                         const std::string& authorization = basic("client-1", "secret-1")) {
    return post_form("/oauth2/v1/tokens/bearer",
                     {{"grant_type", "refresh_token"}, {"refresh_token", token}}, authorization);
  }
  /// Tokens of a new grant.
  nlohmann::json connect(const Pairs& changes = {}) {
    return nlohmann::json::parse(exchange(code(changes)).body);
  }
  /// A GET of the accounting API that asks for JSON.
  http::Response api(const std::string& path, const std::string& token,
                     const std::string& accept = "application/json") {
    return get("/v3/company/" + path, {{"Authorization", "Bearer " + token}, {"Accept", accept}});
  }
  http::Response query(const std::string& text, const std::string& token) {
    return api(realm + "/query?query=" + http::percent_encode(text), token);
  }

  static std::string basic(const std::string& id, const std::string& secret) {
    return "Basic " + vault::base64_encode(id + ":" + secret);
  }
  static std::string location(const http::Response& response) {
    return response.headers.get("location").value_or("");
  }
  /// A parameter of the address that a response redirects to; "" if there is none.
  static std::string sent_back(const http::Response& response, const std::string& name) {
    const std::string to = location(response);
    const auto mark = to.find('?');
    if (mark == std::string::npos) return "";
    return http::find(http::parse_form(to.substr(mark + 1)), name).value_or("");
  }

  Sandbox sandbox;
};

inline nlohmann::json json_of(const http::Response& response) {
  return nlohmann::json::parse(response.body, nullptr, false);
}

}  // namespace rekey::sandbox
