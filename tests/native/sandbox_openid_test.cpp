#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <memory>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_openid_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

struct Jwt {
  json header, claims;
  std::string signed_text, signature;
};

Jwt split(const std::string& token) {
  const auto first = token.find('.'), second = token.rfind('.');
  const auto part = [&](std::size_t from, std::size_t to) {
    return vault::base64url_decode(token.substr(from, to - from)).value();
  };
  return {json::parse(part(0, first)), json::parse(part(first + 1, second)),
          token.substr(0, second), part(second + 1, token.size())};
}

BIGNUM* number(const json& key, const char* name) {
  const std::string bytes = vault::base64url_decode(key[name].get<std::string>()).value();
  return BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                   static_cast<int>(bytes.size()), nullptr);
}

/// Whether the signature is by the key of a JSON Web Key; written apart from what is tested.
bool verifies(const json& key, const Jwt& jwt) {
  BIGNUM *n = number(key, "n"), *e = number(key, "e");
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* pkey = nullptr;
  EVP_PKEY_fromdata_init(context);
  EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, parameters);
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(digest, nullptr, EVP_sha256(), nullptr, pkey);
  const auto bytes = [](const std::string& s) {
    return reinterpret_cast<const unsigned char*>(s.data());
  };
  const bool good = EVP_DigestVerify(digest, bytes(jwt.signature), jwt.signature.size(),
                                     bytes(jwt.signed_text), jwt.signed_text.size()) == 1;
  EVP_MD_CTX_free(digest);
  EVP_PKEY_free(pkey);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  BN_free(n);
  BN_free(e);
  return good;
}

}  // namespace

TEST_CASE("openid: both discovery documents, with and without a final slash, tell our addresses",
          "[sandbox]") {
  Harness harness;
  for (const char* path :
       {"/.well-known/openid_configuration", "/.well-known/openid_configuration/",
        "/.well-known/openid_sandbox_configuration",
        "/.well-known/openid_sandbox_configuration/"}) {
    CAPTURE(path);
    const auto answer = harness.get(path);
    REQUIRE(answer.status == 200);
    const json document = json_of(answer);
    CHECK(document["issuer"] == "https://oauth.platform.intuit.com/op/v1");
    CHECK(document["authorization_endpoint"] == "http://127.0.0.1:9000/connect/oauth2");
    CHECK(document["token_endpoint"] == "http://127.0.0.1:9000/oauth2/v1/tokens/bearer");
    CHECK(document["revocation_endpoint"] == "http://127.0.0.1:9000/v2/oauth2/tokens/revoke");
    CHECK(document["userinfo_endpoint"] == "http://127.0.0.1:9000/v1/openid_connect/userinfo");
    CHECK(document["jwks_uri"] == "http://127.0.0.1:9000/op/v1/jwks");
    CHECK_FALSE(document.contains("code_challenge_methods_supported"));
  }
  CHECK(harness.get("/.well-known/openid-configuration").status == 404);
}

TEST_CASE("openid: without a configured address, addresses are as the request's Host says",
          "[sandbox]") {
  SandboxOptions options = harness_options();
  options.base_url.clear();
  Harness harness(options);
  const auto ask = [&] {
    return json_of(harness.get("/.well-known/openid_configuration", {{"Host", "localhost:7"}}));
  };
  CHECK(ask()["token_endpoint"] == "http://localhost:7/oauth2/v1/tokens/bearer");
  harness.sandbox.set_base_url("https://sandbox.example/");
  CHECK(ask()["token_endpoint"] == "https://sandbox.example/oauth2/v1/tokens/bearer");
}

TEST_CASE("openid: an id token is signed by the published key and says what Intuit's say",
          "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect({{"scope", accounting_scope + " openid"}, {"nonce", "n-1"}});
  Jwt jwt = split(tokens["id_token"]);
  const json key = json_of(harness.get("/op/v1/jwks"))["keys"][0];
  CHECK(key["kty"] == "RSA");
  CHECK(key["use"] == "sig");
  CHECK(key["alg"] == "RS256");
  CHECK(jwt.header["alg"] == "RS256");
  CHECK(jwt.header["kid"] == key["kid"]);
  CHECK(verifies(key, jwt));
  CHECK(jwt.claims["iss"] == "https://oauth.platform.intuit.com/op/v1");
  CHECK(jwt.claims["aud"] == json::array({"client-1"}));
  CHECK(jwt.claims["realmid"] == realm);
  CHECK(jwt.claims["nonce"] == "n-1");
  CHECK(jwt.claims["exp"].get<std::int64_t>() == jwt.claims["iat"].get<std::int64_t>() + 3600);
  CHECK(jwt.claims["iat"] == 1'795'000'000);
  jwt.signed_text.back() = jwt.signed_text.back() == 'A' ? 'B' : 'A';
  CHECK_FALSE(verifies(key, jwt));
}

TEST_CASE("openid: header and claims survive a decoder of the standard base64 alphabet",
          "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect({{"scope", "openid"}})["id_token"];
  const std::string head_and_claims = token.substr(0, token.rfind('.'));
  CHECK(head_and_claims.find_first_of("-_") == std::string::npos);
}

TEST_CASE("openid: a nonce that is no UTF-8 is answered all the same", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect({{"scope", "openid"}, {"nonce", "\xff\xfe"}});
  CHECK(split(tokens["id_token"]).claims.contains("nonce"));
}

TEST_CASE("openid: userinfo tells what the scopes allow, in camel case, to live tokens only",
          "[sandbox]") {
  Harness harness;
  const auto ask = [&](const std::string& scope) {
    const std::string token = harness.connect({{"scope", scope}})["access_token"];
    return harness.get("/v1/openid_connect/userinfo", {{"Authorization", "Bearer " + token}});
  };
  const json all = json_of(ask("openid profile email phone address"));
  for (const char* name : {"sub", "givenName", "familyName", "email", "emailVerified",
                           "phoneNumber", "phoneNumberVerified", "address"})
    CHECK(all.contains(name));
  CHECK(json_of(ask("openid")).size() == 1);
  CHECK(json_of(ask("openid email"))["sub"] == all["sub"]);
  CHECK(ask(accounting_scope).status == 401);
  const auto nobody = harness.get("/v1/openid_connect/userinfo");
  CHECK(nobody.status == 401);
  CHECK(nobody.headers.get("www-authenticate")->find("invalid_token") != std::string::npos);
}

TEST_CASE("sandbox: every answer has an intuit_tid, errors and unknown addresses too",
          "[sandbox]") {
  Harness harness;
  std::vector<std::string> seen;
  for (const char* path : {"/", "/nowhere", "/connect/oauth2", "/oauth2/v1/tokens/bearer",
                           "/op/v1/jwks", "/v3/company/1/query", "/v3/company/",
                           "/.well-known/openid_configuration", "/api/v1/connection/disconnect",
                           "/sandbox/state", "/sandbox/nothing", "/v1/openid_connect/userinfo"}) {
    CAPTURE(path);
    const auto tid = harness.get(path).headers.get("intuit_tid").value_or("");
    CHECK(tid.size() == 35);
    CHECK(tid.starts_with("1-"));
    seen.push_back(tid);
  }
  std::sort(seen.begin(), seen.end());
  CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
}

}  // namespace rekey::sandbox_openid_test
