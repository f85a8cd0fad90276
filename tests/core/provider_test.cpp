#include "core/oauth/provider.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/print.hpp"

// What we know of an authorization server, and whether it may be trusted with credentials.

namespace rekey::oauth::provider_test {

namespace {

wire::Json json(const std::string& text) {
  const auto parsed = wire::parse(text, "The test's document");
  REQUIRE(parsed.has_value());
  return *parsed;
}

wire::Json good_document() {
  return json(R"({"issuer":"https://i.example","authorization_endpoint":"https://i.example/a",
                  "token_endpoint":"https://i.example/t","response_types_supported":["code"]})");
}

}  // namespace

TEST_CASE("provider: only addresses that keep credentials private are safe") {
  for (const std::string good :
       {"https://a.example", "https://a.example/x?y", "http://localhost", "http://localhost:1/x",
        "http://127.0.0.1", "http://127.0.0.1:8080", "http://[::1]", "http://[::1]:9/x"}) {
    INFO(good);
    CHECK(is_safe_url(good));
  }
  for (const std::string bad :
       {"", "a.example", "https://", "https:///x", "http://a.example", "http://localhost.a.example",
        "http://127.0.0.1.a.example", "http://localhost@a.example", "http://127.0.0.1:1@a.example",
        "http://10.0.0.1", "ftp://localhost", "//localhost", "javascript:alert(1)", "http://",
        "http://[::1]a.example", "http://[::2]"}) {
    INFO(bad);
    CHECK(!is_safe_url(bad));
  }
}

TEST_CASE(
    "provider: PKCE is used whatever the document says, the issuer where it says so plainly") {
  auto document = good_document();
  document["code_challenge_methods_supported"] = {"plain", "S256"};
  document["authorization_response_iss_parameter_supported"] = true;
  auto read = read_discovery({}, document);
  REQUIRE(read.has_value());
  CHECK(read->pkce);
  CHECK(read->sends_issuer);
  document["code_challenge_methods_supported"] = {"plain"};
  document["authorization_response_iss_parameter_supported"] = "true";
  read = read_discovery({}, document);
  CHECK(read->pkce);
  CHECK(!read->sends_issuer);
  Provider without;
  without.pkce = false;
  CHECK(!read_discovery(without, document)->pkce);
}

TEST_CASE("provider: a document that would lead credentials astray is refused with a sentence") {
  const auto refused = [](wire::Json document, Code code) {
    const auto read = read_discovery({}, document);
    REQUIRE(!read.has_value());
    CHECK(read.error().code == code);
    CHECK(read.error().hint.size() > 20);
  };
  refused(wire::Json::array(), Code::unreadable);
  refused(wire::Json("text"), Code::unreadable);
  auto document = good_document();
  document.erase("token_endpoint");
  refused(document, Code::misconfigured);
  document["token_endpoint"] = 7;
  refused(document, Code::misconfigured);
  document["token_endpoint"] = "http://i.example/t";
  refused(document, Code::misconfigured);
  document = good_document();
  document["revocation_endpoint"] = "http://i.example/r";
  refused(document, Code::misconfigured);
  document = good_document();
  document["response_types_supported"] = {"token"};
  refused(document, Code::misconfigured);
}

TEST_CASE("provider file: endpoints of its own, or a discovery address with what differs from it") {
  const auto own =
      read_provider_file(json(R"({"name":"Books","authorization_endpoint":"https://b.example/a",
               "token_endpoint":"https://b.example/t","company_in_callback":false,
               "userinfo_endpoint":"https://b.example/u","integration":"some-books",
               "scopes":["books"],"trace_header":"x-trace",
               "token_headers":[{"name":"x-wants","value":"all of it"}]})"));
  REQUIRE(own.has_value());
  CHECK(own->provider.integration == "some-books");
  CHECK(own->provider.token_headers == std::vector<HeaderField>{{"x-wants", "all of it"}});
  CHECK(own->discovery.empty());
  CHECK(own->provider.name == "Books");
  CHECK(!own->provider.company_in_callback);
  CHECK(own->provider.scopes == std::vector<std::string>{"books"});
  const auto found =
      read_provider_file(json(R"({"discovery":"https://b.example/.well-known/openid-configuration",
               "scopes":["books"],"pkce":false})"));
  REQUIRE(found.has_value());
  CHECK(found->discovery == "https://b.example/.well-known/openid-configuration");
  auto discovered = read_discovery({}, good_document());
  discovered->pkce = true;
  const auto whole = override_provider(*discovered, found->overrides);
  REQUIRE(whole.has_value());
  CHECK(whole->token_endpoint == "https://i.example/t");
  CHECK(!whole->pkce);
  CHECK(whole->scopes == std::vector<std::string>{"books"});
}

TEST_CASE("provider file: a misspelt or unsafe one is refused, and the sentence names the place") {
  const auto hint = [](const std::string& text) {
    const auto read = read_provider_file(json(text));
    REQUIRE(!read.has_value());
    CHECK(read.error().code == Code::misconfigured);
    return read.error().hint;
  };
  CHECK(hint("[]").find("object") != std::string::npos);
  CHECK(hint(R"({"tokken_endpoint":"https://b.example"})").find("tokken_endpoint") !=
        std::string::npos);
  CHECK(hint(R"({"discovery":"http://b.example"})").find("https") != std::string::npos);
  CHECK(hint("{}").find("authorization_endpoint is missing") != std::string::npos);
  CHECK(
      hint(R"({"authorization_endpoint":"https://b.example","token_endpoint":"http://b.example"})")
          .find("token_endpoint is not an https") != std::string::npos);
  CHECK(hint(R"({"authorization_endpoint":"https://b.example","token_endpoint":"https://b.example",
                 "scopes":"books"})")
            .find("scopes") != std::string::npos);
  for (const char* header : {R"({"name":"x","value":"1\r\ny: 2"})",
                             R"({"name":"x: 1\ny","value":""})", R"({"name":"","value":"1"})"})
    CHECK(hint(std::string(R"({"authorization_endpoint":"https://b.example",
                 "token_endpoint":"https://b.example","token_headers":[)") +
               header + "]}")
              .find("token_headers") != std::string::npos);
}

TEST_CASE("provider: an unknown member of a file is refused with the nearest known one") {
  const auto hint = [](const std::string& text) {
    const auto file = read_provider_file(json(text));
    return file ? std::string() : file.error().hint;
  };
  CHECK(hint(R"({"token_endpiont":"x"})").find("\"token_endpoint\"") != std::string::npos);
  CHECK(hint(R"({"scope":["x"]})").find("\"scopes\"") != std::string::npos);
  CHECK(hint(R"({"discovry":"x"})").find("\"discovery\"") != std::string::npos);
}

TEST_CASE("provider: what a customer would miss is missed at the start") {
  Provider provider;
  provider.scopes = {"books"};
  provider.accounting_base = "https://b.example";
  CHECK(check_complete(provider).has_value());
  Provider no_scopes = provider;
  no_scopes.scopes.clear();
  REQUIRE(!check_complete(no_scopes).has_value());
  CHECK(check_complete(no_scopes).error().hint.find("scopes") != std::string::npos);
  provider.accounting_base.clear();
  REQUIRE(!check_complete(provider).has_value());
  CHECK(check_complete(provider).error().hint.find("accounting_base") != std::string::npos);
}

}  // namespace rekey::oauth::provider_test
