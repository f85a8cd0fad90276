#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "native/accounting/provider_source.hpp"
#include "native/intuit/quickbooks_online.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::intuit_test {

// What of QuickBooks Online is known before it is talked to.

using Catch::Matchers::ContainsSubstring;

namespace {

const accounting::Integration known[] = {intuit::quickbooks_online()};

/// A provider file for as long as a test runs.
struct ProviderFile {
  explicit ProviderFile(const std::string& text) { std::ofstream(path) << text; }
  ~ProviderFile() { std::remove(path.c_str()); }
  ProviderFile(const ProviderFile&) = delete;
  ProviderFile& operator=(const ProviderFile&) = delete;
  const std::string path = "intuit-test-" + vault::random_token(8) + ".json";
};

Result<oauth::Provider> load(const std::string& name_or_path) {
  work::ScriptedClient no_network;
  return accounting::load_provider(name_or_path, known, no_network);
}

std::string endpoints(const std::string& more) {
  return R"({"authorization_endpoint":"https://b.example/a","token_endpoint":"https://b.example/t")" +
         more + "}";
}

}  // namespace

TEST_CASE("intuit: its providers are built in, and the sandbox differs in the companies it reads") {
  const auto production = load("intuit-production");
  const auto sandbox = load("intuit-sandbox");
  REQUIRE(production);
  REQUIRE(sandbox);
  CHECK(production->integration == "quickbooks-online");
  CHECK(production->issuer == "https://oauth.platform.intuit.com/op/v1");
  CHECK(production->token_endpoint == "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer");
  CHECK(production->token_endpoint == sandbox->token_endpoint);
  CHECK(production->accounting_base == "https://quickbooks.api.intuit.com");
  CHECK(sandbox->accounting_base == "https://sandbox-quickbooks.api.intuit.com");
  CHECK(production->userinfo_endpoint != sandbox->userinfo_endpoint);
  CHECK(!production->sandbox);
  CHECK(sandbox->sandbox);
  CHECK(production->pkce);
  CHECK(production->company_in_callback);
  const auto other = load("intuit");
  REQUIRE(!other);
  CHECK(other.error().code == Code::misconfigured);
  CHECK_THAT(other.error().hint, ContainsSubstring("built in: intuit-production, intuit-sandbox."));
}

TEST_CASE("intuit: its discovery document says what is built in") {
  const auto document = wire::parse(R"({"issuer":"https://oauth.platform.intuit.com/op/v1",
    "authorization_endpoint":"https://appcenter.intuit.com/connect/oauth2",
    "token_endpoint":"https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    "userinfo_endpoint":"https://accounts.platform.intuit.com/v1/openid_connect/userinfo",
    "revocation_endpoint":"https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    "jwks_uri":"https://oauth.platform.intuit.com/op/v1/jwks","response_types_supported":["code"],
    "token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic"]})",
                                    "The document");
  const auto production = intuit::production();
  const auto read = oauth::read_discovery({}, *document);
  REQUIRE(read);
  CHECK(read->authorization_endpoint == production.authorization_endpoint);
  CHECK(read->token_endpoint == production.token_endpoint);
  CHECK(read->revocation_endpoint == production.revocation_endpoint);
  CHECK(read->userinfo_endpoint == production.userinfo_endpoint);
  CHECK(read->pkce);
  CHECK(!read->sends_issuer);
}

TEST_CASE("intuit: a provider file without an integration means it, and has its habits") {
  const ProviderFile file(endpoints(""));
  const auto loaded = load(file.path);
  REQUIRE(loaded);
  CHECK(loaded->integration == "quickbooks-online");
  CHECK(loaded->token_headers == intuit::production().token_headers);
  CHECK(loaded->trace_header == "intuit_tid");
  CHECK(accounting::integration_of(file.path, known) == "quickbooks-online");
  CHECK(accounting::integration_of("intuit-sandbox", known) == "quickbooks-online");
}

TEST_CASE("intuit: a provider file is refused where it names another system, or no userinfo") {
  const ProviderFile other(endpoints(R"(,"integration":"some-books")"));
  for (const auto& error :
       {load(other.path).error(), accounting::integration_of(other.path, known).error()}) {
    CHECK(error.code == Code::misconfigured);
    CHECK_THAT(error.hint,
               ContainsSubstring("some-books") && ContainsSubstring("quickbooks-online"));
  }
  const ProviderFile blind(endpoints(R"(,"company_in_callback":false)"));
  REQUIRE(!load(blind.path));
  CHECK_THAT(load(blind.path).error().hint, ContainsSubstring("userinfo_endpoint is missing"));
}

}  // namespace rekey::intuit_test
