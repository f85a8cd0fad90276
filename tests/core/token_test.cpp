#include "core/oauth/token.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/support/print.hpp"

// The token endpoint's answers, as Intuit and others give them.

namespace rekey::oauth::token_test {

namespace {

using namespace std::chrono_literals;
const Instant now = from_ms(1'790'000'000'000);

std::string fault(int status, const std::string& body) {
  const auto read = read_token_answer(status, body, now);
  return read ? "tokens" : std::string(wire::name_of(read.error().meaning));
}

Tokens tokens(const std::string& more) {
  const auto read = read_token_answer(
      200, R"({"token_type":"bearer","access_token":"made-up-access")" + more + "}", now);
  REQUIRE(read.has_value());
  return *read;
}

}  // namespace

TEST_CASE("token answer: Intuit's whole answer") {
  const auto read = read_token_answer(
      200,
      R"({"token_type":"bearer","access_token":"made-up-access..x.y","expires_in":3600,
          "refresh_token":"RT1-7-H0-made-up","x_refresh_token_expires_in":8726400,
          "x_refresh_token_hard_expires_in":157680000,"id_token":"made.up.id","extra":[1,{"a":2}]})",
      now);
  REQUIRE(read.has_value());
  CHECK(read->access_token.reveal() == "made-up-access..x.y");
  CHECK(read->refresh_token.reveal() == "RT1-7-H0-made-up");
  CHECK(read->id_token.reveal() == "made.up.id");
  CHECK(read->lifetimes.access_expires == now + 1h);
  CHECK(read->lifetimes.refresh_expires == now + 24h * 101);
  CHECK(read->lifetimes.hard_expires == now + 24h * 365 * 5);
  CHECK(read->scope.empty());
}

TEST_CASE("token answer: without a refresh token or lifetimes there is just the access token") {
  const auto read = tokens("");
  CHECK(read.refresh_token.empty());
  CHECK(read.lifetimes.access_expires == now + 1h);
  CHECK(!read.lifetimes.refresh_expires.has_value());
  CHECK(!read.lifetimes.hard_expires.has_value());
}

TEST_CASE("token answer: a scope that is none is as good as none, and costs no token") {
  CHECK(tokens(R"(,"scope":"read write")").scope == "read write");
  CHECK(tokens(R"(,"scope":"read\u0000")").scope.empty());
}

TEST_CASE(
    "token answer: the type is a name whose case does not matter, and no other type will do") {
  const auto of_type = [](const std::string& type) {
    return fault(200, R"({"access_token":"a",)" + type + R"("expires_in":1})");
  };
  CHECK(of_type(R"("token_type":"Bearer",)") == "tokens");
  CHECK(of_type(R"("token_type":"BEARER",)") == "tokens");
  CHECK(of_type(R"("token_type":"mac",)") == "unreadable");
  CHECK(of_type(R"("token_type":7,)") == "unreadable");
  CHECK(of_type("") == "unreadable");
}

TEST_CASE("token answer: lifetimes as numbers, fractions, digits in a text, and nonsense") {
  const auto expires = [](const std::string& value) {
    return tokens(",\"expires_in\":" + value).lifetimes.access_expires - now;
  };
  CHECK(expires("60") == 60s);
  CHECK(expires("0") == 0s);
  CHECK(expires("59.9") == 59s);
  CHECK(expires("\"3600\"") == 3600s);
  for (const std::string nonsense :
       {"-1", "-9223372036854775808", "\"\"", "\"soon\"", "\" 60\"", "\"12345678901\"", "null",
        "true", "[60]", "{}", "1e300", "-0.5"}) {
    INFO(nonsense);
    CHECK(expires(nonsense) == 1h);
  }
  for (const std::string endless : {"315360001", "9223372036854775807", "18446744073709551615"}) {
    INFO(endless);
    CHECK(expires(endless) == 315'360'000s);
  }
  CHECK(!tokens(R"(,"x_refresh_token_expires_in":"never")").lifetimes.refresh_expires.has_value());
}

TEST_CASE("token answer: an end not after the access token's is none that was stated") {
  for (const std::string life : {"0", "\"0\"", "1", "3599", "3600", "0.5"}) {
    INFO(life);
    const auto read = tokens(R"(,"expires_in":3600,"x_refresh_token_expires_in":)" + life +
                             R"(,"x_refresh_token_hard_expires_in":)" + life);
    CHECK(!read.lifetimes.refresh_expires.has_value());
    CHECK(!read.lifetimes.hard_expires.has_value());
  }
  const auto read = tokens(R"(,"expires_in":3600,"x_refresh_token_expires_in":3601)");
  CHECK(read.lifetimes.refresh_expires == now + 3601s);
}

TEST_CASE("token answer: every error of Intuit's is judged by its name") {
  CHECK(fault(401, R"({"error":"invalid_client"})") == "misconfigured");
  CHECK(fault(400, R"({"error":"invalid_grant"})") == "grant_ended");
  CHECK(fault(400, R"({"error":"invalid_grant","error_description":"Token invalid"})") ==
        "grant_ended");
  CHECK(fault(400, R"({"error":"invalid_grant",
                       "error_description":"Incorrect or invalid refresh token"})") ==
        "grant_ended");
  // It was given to another client: our configuration.
  CHECK(fault(400, R"({"error_description":"Incorrect Token type or clientID",
                       "error":"invalid_grant"})") == "misconfigured");
  CHECK(fault(400, R"({"error":"invalid_grant",
                       "error_description":"Invalid authorization code"})") == "grant_ended");
  // Ory Hydra says the whole sentence of RFC 6749 5.2 with each.
  const std::string either =
      "The provided authorization grant (e.g., authorization code, resource owner credentials) or "
      "refresh token is invalid, expired, revoked, does not match the redirection URI used in the "
      "authorization request, or was issued to another client.";
  CHECK(fault(400, R"({"error":"invalid_grant","error_description":")" + either + R"("})") ==
        "grant_ended");
  CHECK(fault(400, R"({"error":"invalid_grant",
                       "error_description":"The token was issued to another client."})") ==
        "misconfigured");
  CHECK(fault(400, R"({"error":"unsupported_grant_type"})") == "misconfigured");
  CHECK(fault(400, R"({"error":"invalid_request"})") == "misconfigured");
  for (const int status : {429, 500, 502, 503, 504}) {
    const auto meaning = status == 429 ? "throttled" : "unavailable";
    CHECK(fault(status, "") == meaning);
    CHECK(fault(status, "<html>busy</html>") == meaning);
    CHECK(fault(status, R"({"error":"invalid_grant"})") == meaning);
  }
}

TEST_CASE("token answer: neither the status alone nor a description ends a grant") {
  CHECK(fault(400, "") == "unreadable");
  CHECK(fault(400, "{}") == "unreadable");
  CHECK(fault(400, R"({"error_description":"invalid_grant"})") == "unreadable");
  CHECK(fault(400, R"({"error":["invalid_grant"]})") == "unreadable");
  CHECK(fault(401, "<html>proxy</html>") == "misconfigured");
  CHECK(fault(403, "") == "unreadable");  // a firewall, for example
  CHECK(fault(302, "") == "unreadable");
  CHECK(fault(404, "not here") == "unreadable");
  CHECK(fault(400, R"({"error":"temporarily_unavailable"})") == "unavailable");
  CHECK(fault(400, R"({"error":"server_error"})") == "unavailable");
  CHECK(fault(401, R"({"error":"invalid_grant"})") == "grant_ended");
}

TEST_CASE("token answer: success that is none") {
  CHECK(fault(200, "") == "unreadable");
  CHECK(fault(200, "null") == "unreadable");
  CHECK(fault(200, "[]") == "unreadable");
  CHECK(fault(200, R"("bearer")") == "unreadable");
  CHECK(fault(200, R"({"token_type":"bearer","access_token":""})") == "unreadable");
  CHECK(fault(200, R"({"token_type":"bearer","access_token":null})") == "unreadable");
  CHECK(fault(200, R"({"token_type":"bearer","access_token":"a")") == "unreadable");
  CHECK(fault(200, R"({"error":"invalid_grant"})") == "grant_ended");
  CHECK(fault(200, std::string(100, '[')) == "unreadable");
  CHECK(fault(204, "") == "unreadable");
}

TEST_CASE("token answer: a token with anything but visible characters is not taken") {
  const auto with = [](const std::string& token) {
    return fault(200, R"({"token_type":"bearer","access_token":")" + token + R"("})");
  };
  CHECK(with("plain-._~+/=") == "tokens");
  CHECK(with("two\\r\\nX-Header: lines") == "unreadable");
  CHECK(with("nul\\u0000") == "unreadable");
  CHECK(with("\xC3\xA4") == "unreadable");
  CHECK(fault(200, R"({"token_type":"bearer","access_token":"a","refresh_token":"b\nc"})") ==
        "unreadable");
}

}  // namespace rekey::oauth::token_test
