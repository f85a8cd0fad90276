#include "core/oauth/authorization.hpp"

#include <openssl/sha.h>
#include <catch2/catch_test_macros.hpp>

#include "core/oauth/callback.hpp"

// The authorization request, and the encodings it is made of.

namespace rekey::oauth::authorization_test {

namespace {

std::string sha256(const std::string& text) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

Provider provider() {
  Provider out;
  out.authorization_endpoint = "https://appcenter.example/connect/oauth2";
  out.scopes = {"com.intuit.quickbooks.accounting", "openid"};
  return out;
}

}  // namespace

TEST_CASE("base64url: the published examples, without padding") {
  // RFC 4648 section 10, and the bytes that differ from plain base64.
  CHECK(base64url("").empty());
  CHECK(base64url("f") == "Zg");
  CHECK(base64url("fo") == "Zm8");
  CHECK(base64url("foo") == "Zm9v");
  CHECK(base64url("foob") == "Zm9vYg");
  CHECK(base64url("fooba") == "Zm9vYmE");
  CHECK(base64url("foobar") == "Zm9vYmFy");
  CHECK(base64url("\xFB\xEF\xFF") == "--__");
  CHECK(base64url(std::string(3, '\0')) == "AAAA");
}

TEST_CASE("PKCE: the example of RFC 7636, appendix B") {
  const unsigned char octets[] = {116, 24,  223, 180, 151, 153, 224, 37,  79,  250, 96,
                                  125, 216, 173, 187, 186, 22,  212, 37,  77,  105, 214,
                                  191, 240, 91,  88,  5,   88,  83,  132, 141, 121};
  const auto verifier =
      base64url(std::string_view(reinterpret_cast<const char*>(octets), sizeof octets));
  CHECK(verifier == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  CHECK(pkce_challenge(sha256(verifier)) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("percent-encoding: only unreserved characters stay, and everything comes back") {
  CHECK(encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(encode(" +&=%/?:") == "%20%2B%26%3D%25%2F%3F%3A");
  CHECK(encode("\xC3\xA9") == "%C3%A9");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(decode(encode(all)) == all);
  CHECK(decode(encode(all), false) == all);
}

TEST_CASE("percent-decoding: a plus is a space in forms only, and bad escapes stay") {
  CHECK(decode("a+b") == "a b");
  CHECK(decode("a+b", false) == "a+b");
  CHECK(decode("%41%4a%4A") == "AJJ");
  CHECK(decode("%") == "%");
  CHECK(decode("%4") == "%4");
  CHECK(decode("%4g%g4%%41") == "%4g%g4%A");
}

TEST_CASE("authorization request: the address with everything in it, encoded") {
  AuthorizationRequest request;
  request.client_id = "client id";
  request.redirect_uri = "https://host.example/back?x=1";
  request.state = "s/t+a";
  CHECK(authorization_url(provider(), request) ==
        "https://appcenter.example/connect/oauth2?response_type=code&client_id=client%20id"
        "&redirect_uri=https%3A%2F%2Fhost.example%2Fback%3Fx%3D1"
        "&scope=com.intuit.quickbooks.accounting%20openid&state=s%2Ft%2Ba");
  request.nonce = "n";
  request.code_challenge = "ch";
  const auto url = authorization_url(provider(), request);
  CHECK(url.find("&nonce=n&code_challenge=ch&code_challenge_method=S256") != std::string::npos);
}

TEST_CASE("authorization request: an endpoint with a query of its own keeps it") {
  auto other = provider();
  other.authorization_endpoint += "?tenant=7";
  other.scopes.clear();
  const auto url = authorization_url(other, {"c", "https://h.example/", "s", "", ""});
  CHECK(url.find("oauth2?tenant=7&response_type=code&client_id=c") != std::string::npos);
  CHECK(url.find("scope") == std::string::npos);
  CHECK(url.find("code_challenge") == std::string::npos);
}

TEST_CASE("authorization request: the state comes through the provider and back unharmed") {
  const std::string state = "a b+c&d=e%f/\xC3\xA9";
  const auto url = authorization_url(provider(), {"c", "r", state, "", ""});
  const auto back = read_callback(url.substr(url.find('?')));
  CHECK(back.state == state);
}

}  // namespace rekey::oauth::authorization_test
