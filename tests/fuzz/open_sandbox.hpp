// A sandbox for fuzz targets, with a grant to read by, and what holds of every answer of it.
#pragma once

#include <memory>
#include <string>

#include "native/http/message.hpp"
#include "native/sandbox/sandbox.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/fuzz/well_formed.hpp"
#include "tests/support/request.hpp"

namespace rekey::fuzz {

/// A small one that never waits and whose grants last.
class OpenSandbox {
 public:
  OpenSandbox() : intuit_(options(), [] { return from_ms(1'795'000'000'000); }) {
    const auto sent = ask("GET",
                          "/connect/oauth2?response_type=code&client_id=c&redirect_uri=http://a/b"
                          "&scope=com.intuit.quickbooks.accounting&state=s");
    const std::string to = sent.headers.get("location").value_or("");
    const std::string code = to.substr(to.find("code=") + 5, to.find('&') - to.find("code=") - 5);
    const auto got = ask("POST", "/oauth2/v1/tokens/bearer",
                         {{"Content-Type", "application/x-www-form-urlencoded"}},
                         "grant_type=authorization_code&redirect_uri=http://a/b&client_id=c"
                         "&client_secret=s&code=" +
                             code);
    const auto tokens = nlohmann::json::parse(got.body);
    access_ = tokens["access_token"];
    refresh_ = tokens["refresh_token"];
  }

  const std::string& access() const { return access_; }
  const std::string& refresh() const { return refresh_; }

  http::Response ask(const std::string& method, const std::string& target,
                     http::Headers headers = {}, std::string body = {}) {
    // No limit of requests in a time is what is looked for here.
    intuit_.advance(std::chrono::seconds{1});
    return intuit_.handle(test::request_of(method, target, std::move(headers), std::move(body)));
  }

  /// Ends the process if an answer is not one that a client can be given.
  static void judge(const http::Response& answer) {
    must(answer.headers.get("intuit_tid").has_value(), "every answer has an intuit_tid");
    must(http::response_head(answer, {}).has_value(), "its head can be written");
    const std::string type = answer.headers.get("content-type").value_or("");
    if (type.starts_with("application/json") && !answer.body.empty())
      must(!nlohmann::json::parse(answer.body, nullptr, false).is_discarded(), "JSON reads");
    if (type.starts_with("application/xml"))
      must(WellFormed::document(answer.body), "XML is well-formed");
  }

 private:
  static sandbox::SandboxOptions options() {
    sandbox::SandboxOptions options;
    options.clients = {{"c", "s", "Application", {"http://a/b"}}};
    options.users = {{"u", "p"}};
    options.companies = {{"913", "Small", 30}};
    options.legacy_apps = {{"consumer-1", "secret"}};
    options.auto_consent = true;
    options.grants.access_life = options.grants.rolling_life = options.grants.hard_life =
        std::chrono::hours{24 * 365 * 90};
    options.wait = [](Millis) {};
    return options;
  }

  sandbox::Sandbox intuit_;
  std::string access_, refresh_;
};

}  // namespace rekey::fuzz
