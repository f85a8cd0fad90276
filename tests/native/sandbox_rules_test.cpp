#include "native/sandbox/grants/rules.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_rules_test {

using namespace rekey::sandbox;
using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("rules: each is told by its name, and can be changed while the sandbox runs",
          "[sandbox]") {
  Harness harness;
  const json before = json_of(harness.get("/sandbox/rules"));
  CHECK(before["access_life_s"] == 3600);
  CHECK(before["rolling_life_s"] == 101 * 86400);
  CHECK(before["pkce"] == true);
  CHECK(before["legacy_nonces"] == false);
  for (const auto& [name, value] : before.items()) {
    CAPTURE(name);
    const json changed = value.is_boolean() ? json(!value.get<bool>()) : json(1234);
    const json after = json_of(harness.post_json("/sandbox/rules", {{name, changed}}));
    CHECK(after[name] == changed);
    json back = after;
    back[name] = value;
    CHECK(back == before);
    harness.post_json("/sandbox/rules", {{name, value}});
  }
}

TEST_CASE("rules: what is no rule or no value of one is refused, and nothing changes",
          "[sandbox]") {
  Harness harness;
  const json before = json_of(harness.get("/sandbox/rules"));
  for (const json& bad :
       {json{{"pkce", 1}}, json{{"access_life_s", true}}, json{{"access_life_s", -1}},
        json{{"code_life_s", 1e18}}, json{{"pkce", false}, {"unicorn", true}}}) {
    CAPTURE(bad.dump());
    const auto answer = harness.post_json("/sandbox/rules", bad);
    CHECK(answer.status == 400);
    CHECK(json_of(answer)["detail"].get<std::string>().ends_with("."));
  }
  CHECK(json_of(harness.get("/sandbox/rules")) == before);
}

TEST_CASE("rules: a changed time holds for what exists already", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  harness.post_json("/sandbox/rules", {{"rotate_after_s", 0}});
  const json next = json_of(harness.refresh(tokens["refresh_token"]));
  CHECK(next["refresh_token"] != tokens["refresh_token"]);
  harness.post_json("/sandbox/rules", {{"refresh_grace_s", 60}});
  CHECK(json_of(harness.refresh(tokens["refresh_token"]))["refresh_token"] ==
        next["refresh_token"]);
  harness.post_json("/sandbox/rules", {{"rolling_life_s", 10}});
  harness.sandbox.advance(10s);
  CHECK(harness.refresh(next["refresh_token"]).status == 400);
}

TEST_CASE("rules: without PKCE a challenge is ignored, whatever its method", "[sandbox]") {
  Harness harness;
  const Pairs odd = {{"code_challenge", "c"}, {"code_challenge_method", "S512"}};
  CHECK(Harness::sent_back(harness.authorize(odd), "error") == "invalid_request");
  CHECK(
      harness.exchange(harness.code({{"code_challenge", "c"}}), {{"code_verifier", "x"}}).status ==
      400);
  harness.post_json("/sandbox/rules", {{"pkce", false}});
  CHECK(harness.exchange(harness.code(odd)).status == 200);
  CHECK(
      harness.exchange(harness.code({{"code_challenge", "c"}}), {{"code_verifier", "x"}}).status ==
      200);
}

TEST_CASE("clock: it is moved in seconds, days and years, all at once too", "[sandbox]") {
  Harness harness;
  const json moved = json_of(harness.post_json(
      "/sandbox/clock", {{"advance_s", 5}, {"advance_days", 2}, {"advance_years", 1}}));
  CHECK(moved["ahead_s"] == 5 + 2 * 86400 + 365 * 86400);
  for (const json& bad :
       {json::object(), json{{"advance_weeks", 1}}, json{{"advance_years", 101}},
        json{{"advance_years", 100}, {"advance_days", 1}}, json{{"advance_days", 1.5}},
        json{{"advance_s", 1}, {"advance_days", -1}}})
    CHECK(harness.post_json("/sandbox/clock", bad).status == 400);
  CHECK(json_of(harness.get("/sandbox/clock"))["ahead_s"] == moved["ahead_s"]);
}

}  // namespace rekey::sandbox_rules_test
