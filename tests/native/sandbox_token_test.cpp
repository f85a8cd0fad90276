#include <catch2/catch_test_macros.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_token_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

using namespace std::chrono_literals;
constexpr auto day = 24h;

std::string error_of(const http::Response& response) {
  return std::to_string(response.status) + " " + json_of(response).value("error", "-");
}

int status_with(Harness& harness, const json& tokens) {
  return harness.api(realm + "/companyinfo/" + realm, tokens["access_token"]).status;
}

}  // namespace

TEST_CASE("tokens: a code becomes tokens as Intuit writes them", "[sandbox]") {
  Harness harness;
  const auto answer = harness.exchange(harness.code());
  REQUIRE(answer.status == 200);
  const json tokens = json_of(answer);
  CHECK(tokens["token_type"] == "bearer");
  CHECK(tokens["expires_in"] == 3600);
  CHECK(tokens["x_refresh_token_expires_in"] == 8726400);
  CHECK(tokens["access_token"].get<std::string>().starts_with("eyJlbmMiOiJ"));
  CHECK(tokens["refresh_token"].get<std::string>().starts_with("RT1-"));
  CHECK(tokens["refresh_token"].get<std::string>().size() <= 512);
  // The company is told in the callback only; without openid there is no id token.
  CHECK_FALSE(tokens.contains("realmId"));
  CHECK_FALSE(tokens.contains("id_token"));
  CHECK_FALSE(tokens.contains("x_refresh_token_hard_expires_in"));
  CHECK(answer.headers.get("cache-control")->find("no-store") != std::string::npos);
}

TEST_CASE("tokens: the client may say who it is in the header or in the form, and must be right",
          "[sandbox]") {
  Harness harness;
  CHECK(harness.exchange(harness.code()).status == 200);
  const Pairs in_form = {{"client_id", "client-1"}, {"client_secret", "secret-1"}};
  CHECK(harness.exchange(harness.code(), in_form, "").status == 200);
  for (const std::string& wrong :
       {Harness::basic("client-1", "secret-2"), Harness::basic("stranger", "secret-1"),
        Harness::basic("client-1", ""), std::string("Basic !!!"), std::string("")}) {
    CAPTURE(wrong);
    const auto answer = harness.exchange(harness.code(), {}, wrong);
    CHECK(error_of(answer) == "401 invalid_client");
    CHECK(answer.body == R"({"error":"invalid_client"})");
  }
}

TEST_CASE("tokens: a code is good once, for ten minutes, for its client and redirect URI",
          "[sandbox]") {
  Harness harness;
  const auto other = Harness::basic("client-2", "secret-2");
  CHECK(error_of(harness.exchange("no such code")) == "400 invalid_grant");
  CHECK(error_of(harness.exchange(harness.code(), {}, other)) == "400 invalid_grant");
  CHECK(error_of(harness.exchange(harness.code(), {{"redirect_uri", callback + "/"}})) ==
        "400 invalid_grant");
  const std::string late = harness.code();
  harness.sandbox.advance(10min);
  CHECK(error_of(harness.exchange(late)) == "400 invalid_grant");
  const std::string in_time = harness.code();
  harness.sandbox.advance(9min + 59s);
  CHECK(harness.exchange(in_time).status == 200);
}

TEST_CASE("tokens: a code presented again is refused and ends the grant that came of it",
          "[sandbox]") {
  Harness harness;
  const std::string code = harness.code();
  const json tokens = json_of(harness.exchange(code));
  CHECK(status_with(harness, tokens) == 200);
  CHECK(error_of(harness.exchange(code)) == "400 invalid_grant");
  CHECK(status_with(harness, tokens) == 401);
  SandboxOptions lenient = harness_options();
  lenient.grants.replay_ends_grant = false;
  Harness other(lenient);
  const std::string second = other.code();
  const json kept = json_of(other.exchange(second));
  CHECK(error_of(other.exchange(second)) == "400 invalid_grant");
  CHECK(status_with(other, kept) == 200);
}

TEST_CASE("tokens: a challenge must be met, and a verifier without one does no harm", "[sandbox]") {
  Harness harness;
  // The pair of RFC 7636, appendix B.
  const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const Pairs s256 = {{"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                      {"code_challenge_method", "S256"}};
  CHECK(harness.exchange(harness.code(s256), {{"code_verifier", verifier}}).status == 200);
  CHECK(error_of(harness.exchange(harness.code(s256))) == "400 invalid_grant");
  CHECK(error_of(harness.exchange(harness.code(s256), {{"code_verifier", verifier + "x"}})) ==
        "400 invalid_grant");
  const Pairs plain = {{"code_challenge", "abc"}};
  CHECK(harness.exchange(harness.code(plain), {{"code_verifier", "abc"}}).status == 200);
  CHECK(error_of(harness.exchange(harness.code(plain), {{"code_verifier", "abd"}})) ==
        "400 invalid_grant");
  CHECK(harness.exchange(harness.code(), {{"code_verifier", "abc"}}).status == 200);
}

TEST_CASE("tokens: other grant types and missing parameters have their own errors", "[sandbox]") {
  Harness harness;
  const auto post = [&](const Pairs& pairs) {
    return error_of(harness.post_form("/oauth2/v1/tokens/bearer", pairs,
                                      Harness::basic("client-1", "secret-1")));
  };
  CHECK(post({{"grant_type", "password"}}) == "400 unsupported_grant_type");
  CHECK(post({}) == "400 invalid_request");
  CHECK(post({{"grant_type", "refresh_token"}}) == "400 invalid_request");
  CHECK(post({{"grant_type", "authorization_code"}, {"code", "x"}}) == "400 invalid_request");
  for (const char* path :
       {"/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke", "/v2/oauth2/tokens/migrate"}) {
    const auto refused = harness.get(path);
    CHECK(error_of(refused) == "405 invalid_request");
    CHECK(refused.headers.get("Allow") == "POST");
  }
}

TEST_CASE("refresh: for a day the refresh token stays the same text while its life counts down",
          "[sandbox]") {
  Harness harness;
  const json first = harness.connect();
  harness.sandbox.advance(2h);
  const json second = json_of(harness.refresh(first["refresh_token"]));
  CHECK(second["refresh_token"] == first["refresh_token"]);
  CHECK(second["access_token"] != first["access_token"]);
  CHECK(second["x_refresh_token_expires_in"] == 8726400 - 7200);
  harness.sandbox.advance(22h);
  const json third = json_of(harness.refresh(first["refresh_token"]));
  CHECK(third["refresh_token"] != first["refresh_token"]);
  CHECK(third["x_refresh_token_expires_in"] == 8726400);
}

TEST_CASE("refresh: a replaced refresh token is refused at once, or taken within its grace",
          "[sandbox]") {
  const auto replaced = [](Harness& harness) {
    const json first = harness.connect();
    harness.sandbox.advance(day);
    const json second = json_of(harness.refresh(first["refresh_token"]));
    return std::pair{first["refresh_token"].get<std::string>(),
                     second["refresh_token"].get<std::string>()};
  };
  Harness strict;
  const auto [old_token, new_token] = replaced(strict);
  CHECK(error_of(strict.refresh(old_token)) == "400 invalid_grant");
  CHECK(strict.refresh(new_token).status == 200);

  SandboxOptions graceful = harness_options();
  graceful.grants.grace = day;
  Harness lenient(graceful);
  const auto [before, after] = replaced(lenient);
  lenient.sandbox.advance(23h);
  const json again = json_of(lenient.refresh(before));
  CHECK(again["refresh_token"] == after);
  lenient.sandbox.advance(1h);
  CHECK(error_of(lenient.refresh(before)) == "400 invalid_grant");

  SandboxOptions deadly = harness_options();
  deadly.grants.kill_on_race = true;
  Harness killing(deadly);
  const auto [one, two] = replaced(killing);
  CHECK(error_of(killing.refresh(one)) == "400 invalid_grant");
  CHECK(error_of(killing.refresh(two)) == "400 invalid_grant");
}

TEST_CASE("refresh: an unused grant ends after 101 days, a used one after five years",
          "[sandbox]") {
  Harness idle;
  const json first = idle.connect();
  idle.sandbox.advance(101 * day);
  CHECK(error_of(idle.refresh(first["refresh_token"])) == "400 invalid_grant");

  Harness busy;
  std::string token = busy.connect()["refresh_token"];
  int days = 0;
  for (; days < 2000; days += 90) {
    const auto answer = busy.refresh(token);
    if (answer.status != 200) break;
    token = json_of(answer)["refresh_token"];
    busy.sandbox.advance(90 * day);
  }
  CHECK(days > 5 * 365 - 90);
  CHECK(days <= 5 * 365 + 90);
}

TEST_CASE("refresh: the hard end is told to who asks, and near it caps the rolling one",
          "[sandbox]") {
  SandboxOptions options = harness_options();
  options.grants.hard_life = 10 * day;
  Harness harness(options);
  const json first = harness.connect();
  CHECK(first["x_refresh_token_expires_in"] == 10 * 86400);
  harness.sandbox.advance(2 * day);
  const auto answer = harness.send(
      "POST", "/oauth2/v1/tokens/bearer",
      {{"Content-Type", "application/x-www-form-urlencoded"},
       {"Authorization", Harness::basic("client-1", "secret-1")},
       {"x-include-refresh-token-hard-expires-in", "true"}},
      form_of({{"grant_type", "refresh_token"}, {"refresh_token", first["refresh_token"]}}));
  CHECK(json_of(answer)["x_refresh_token_hard_expires_in"] == 8 * 86400);
  CHECK(json_of(answer)["x_refresh_token_expires_in"] == 8 * 86400);
}

TEST_CASE("refresh: another client's token and an access token are refused, and nothing is lost",
          "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  const auto other = Harness::basic("client-2", "secret-2");
  CHECK(error_of(harness.refresh(tokens["refresh_token"], other)) == "400 invalid_grant");
  CHECK(error_of(harness.refresh(tokens["access_token"])) == "400 invalid_grant");
  CHECK(error_of(harness.refresh(tokens["refresh_token"], Harness::basic("client-1", "x"))) ==
        "401 invalid_client");
  CHECK(harness.refresh(tokens["refresh_token"]).status == 200);
}

TEST_CASE("tokens: an access token lives an hour, and longer than the refresh that follows it",
          "[sandbox]") {
  Harness harness;
  const json first = harness.connect();
  harness.sandbox.advance(30min);
  const json second = json_of(harness.refresh(first["refresh_token"]));
  CHECK(status_with(harness, first) == 200);
  harness.sandbox.advance(30min);
  CHECK(status_with(harness, first) == 401);
  CHECK(status_with(harness, second) == 200);
}

TEST_CASE(
    "tokens: a new consent for the same company ends the grant before it, unless switched off",
    "[sandbox]") {
  Harness harness;
  const json first = harness.connect();
  const json second = harness.connect();
  CHECK(status_with(harness, first) == 401);
  CHECK(status_with(harness, second) == 200);
  SandboxOptions options = harness_options();
  options.grants.consent_ends_older = false;
  Harness both(options);
  const json one = both.connect(), two = both.connect();
  CHECK(status_with(both, one) == 200);
  CHECK(status_with(both, two) == 200);
}

TEST_CASE("revoke: either token, as JSON or as a form, ends the whole grant with an empty 200",
          "[sandbox]") {
  for (const char* which : {"access_token", "refresh_token"}) {
    for (const bool as_json : {true, false}) {
      CAPTURE(which, as_json);
      Harness harness;
      const json tokens = harness.connect();
      const std::string token = tokens[which], who = Harness::basic("client-1", "secret-1");
      const auto revoke = [&] {
        return as_json ? harness.post_json("/v2/oauth2/tokens/revoke", {{"token", token}}, who)
                       : harness.post_form("/v2/oauth2/tokens/revoke", {{"token", token}}, who);
      };
      const auto done = revoke();
      CHECK(done.status == 200);
      CHECK(done.body.empty());
      CHECK(status_with(harness, tokens) == 401);
      CHECK(error_of(harness.refresh(tokens["refresh_token"])) == "400 invalid_grant");
      CHECK(revoke().status == 400);
    }
  }
}

TEST_CASE("revoke: a stranger, another client or a body that is no JSON ends nothing",
          "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  const json body = {{"token", tokens["refresh_token"]}};
  const std::string url = "/v2/oauth2/tokens/revoke";
  CHECK(harness.post_json(url, body).status == 401);
  CHECK(harness.post_json(url, body, Harness::basic("client-2", "secret-2")).status == 400);
  const auto who = Harness::basic("client-1", "secret-1");
  for (const char* bad : {"", "{", "[]", "7", "{\"token\":7}", "{}"})
    CHECK(
        harness
            .send("POST", url, {{"Content-Type", "application/json"}, {"Authorization", who}}, bad)
            .status == 400);
  CHECK(status_with(harness, tokens) == 200);
}

TEST_CASE("refresh: a refresh token is good to the last second of its life, and no longer",
          "[sandbox]") {
  Harness rolling;
  const json idle = rolling.connect();
  rolling.sandbox.advance(101 * day - 1s);
  CHECK(rolling.refresh(idle["refresh_token"]).status == 200);

  SandboxOptions options = harness_options();
  options.grants.hard_life = 10 * day;
  Harness hard(options);
  const json busy = hard.connect();
  hard.sandbox.advance(10 * day - 1s);
  const json last = json_of(hard.refresh(busy["refresh_token"]));
  CHECK(last["x_refresh_token_expires_in"] == 1);
  hard.sandbox.advance(1s);
  CHECK(error_of(hard.refresh(last["refresh_token"])) == "400 invalid_grant");
}

TEST_CASE("tokens: what one sandbox gave, another does not know", "[sandbox]") {
  Harness one, other;
  const json tokens = one.connect();
  const std::string code = one.code();
  CHECK(status_with(other, tokens) == 401);
  CHECK(error_of(other.refresh(tokens["refresh_token"])) == "400 invalid_grant");
  CHECK(error_of(other.exchange(code)) == "400 invalid_grant");
  CHECK(other
            .post_json("/v2/oauth2/tokens/revoke", {{"token", tokens["refresh_token"]}},
                       Harness::basic("client-1", "secret-1"))
            .status == 400);
  CHECK(one.exchange(code).status == 200);
}

TEST_CASE("tokens: a refresh of a grant with openid brings an id token, too", "[sandbox]") {
  Harness harness;
  const json first = harness.connect({{"scope", "openid"}});
  CHECK(json_of(harness.refresh(first["refresh_token"])).contains("id_token"));
  const json plain = harness.connect();
  CHECK_FALSE(json_of(harness.refresh(plain["refresh_token"])).contains("id_token"));
}

TEST_CASE("tokens: who only signed in ends nobody's connection to a company", "[sandbox]") {
  Harness harness;
  const json company = harness.connect();
  harness.connect({{"scope", "openid"}});
  CHECK(status_with(harness, company) == 200);
  // Nor does another application's consent for the same company.
  harness.exchange(harness.code({{"client_id", "client-2"}}), {},
                   Harness::basic("client-2", "secret-2"));
  CHECK(status_with(harness, company) == 200);
}

}  // namespace rekey::sandbox_token_test
