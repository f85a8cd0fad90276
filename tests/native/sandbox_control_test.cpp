#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_control_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

json last_request(Harness& harness) {
  return json_of(harness.get("/sandbox/requests"))["requests"].back();
}

}  // namespace

TEST_CASE("control: time is let pass, and only forwards", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  const auto moved = json_of(harness.post_json("/sandbox/clock", {{"advance_s", 3600}}));
  CHECK(moved["ahead_s"] == 3600);
  CHECK(moved["now_ms"] == 1'795'003'600'000);
  CHECK(harness.api(realm + "/preferences", tokens["access_token"]).status == 401);
  CHECK(harness.post_json("/sandbox/clock", {{"advance_s", -1}}).status == 400);
  CHECK(harness.post_json("/sandbox/clock", {{"advance_s", "x"}}).status == 400);
  CHECK(json_of(harness.get("/sandbox/clock"))["ahead_s"] == 3600);
}

TEST_CASE("control: a fault meets its route as often as asked, then all is well", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  harness.post_json("/sandbox/faults", {{"route", "query"}, {"status", 429}, {"count", 2}});
  CHECK(harness.api(realm + "/preferences", token).status == 200);
  for (int i = 0; i < 2; ++i) {
    const auto answer = harness.query("select * from Term", token);
    CHECK(answer.status == 429);
    CHECK(json_of(answer)["fault"]["error"][0]["code"] == "3001");
  }
  CHECK(harness.query("select * from Term", token).status == 200);
  CHECK(json_of(harness.get("/sandbox/faults"))["faults"].empty());
}

TEST_CASE("control: a route can be one entity's queries or one grant type", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  const std::string token = tokens["access_token"];
  harness.post_json("/sandbox/faults", {{"route", "query.Vendor"}, {"status", 500}, {"count", -1}});
  CHECK(harness.query("select * from customer", token).status == 200);
  CHECK(harness.query("select * from vendor", token).status == 500);
  CHECK(harness.query("select count(*) from Vendor", token).status == 500);
  CHECK(json_of(harness.query("select * from vendor", token))["Fault"]["Error"][0]["code"] ==
        "10000");
  harness.post_json("/sandbox/faults", {{"route", "token.refresh_token"}, {"status", 503}});
  CHECK(harness.exchange("x").status == 400);
  CHECK(harness.refresh(tokens["refresh_token"]).status == 503);
  CHECK(harness.refresh(tokens["refresh_token"]).status == 200);
  harness.send("DELETE", "/sandbox/faults", {}, "");
  CHECK(harness.query("select * from vendor", token).status == 200);
}

TEST_CASE("control: an answer can be lost after the work was done", "[sandbox]") {
  Harness harness;
  const std::string code = harness.code();
  harness.post_json("/sandbox/faults",
                    {{"route", "token"}, {"status", 500}, {"when", "after"}, {"count", 1}});
  CHECK(harness.exchange(code).status == 500);
  CHECK(json_of(harness.exchange(code))["error"] == "invalid_grant");
  const std::string fresh = harness.code();
  harness.post_json("/sandbox/faults", {{"route", "token"}, {"status", 500}});
  CHECK(harness.exchange(fresh).status == 500);
  CHECK(harness.exchange(fresh).status == 200);
}

TEST_CASE("control: each kind of trouble looks as it does in the field", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  const auto with = [&](const json& fault) {
    REQUIRE(harness.post_json("/sandbox/faults", fault).status == 200);
    return harness.query("select * from Term", token);
  };
  const auto html = with({{"route", "api"}, {"kind", "html"}});
  CHECK(html.status == 200);
  CHECK(html.headers.get("content-type")->starts_with("text/html"));
  const auto half = with({{"route", "api"}, {"kind", "truncated"}});
  CHECK(half.status == 200);
  CHECK(json_of(half).is_discarded());
  CHECK(json_of(with({{"kind", "admin_lost"}}))["fault"]["error"][0]["code"] == "120");
  CHECK(json_of(with({{"kind", "expired"}}))["fault"]["error"][0]["code"] == "3200");
  CHECK(json_of(with({{"kind", "wrong_company"}}))["fault"]["error"][0]["code"] == "3100");
  const auto dead = [&] {
    harness.post_json("/sandbox/faults", {{"route", "token"}, {"status", 400}});
    return harness.refresh("x");
  };
  CHECK(dead().body == R"({"error":"invalid_grant"})");
}

TEST_CASE("control: latency and a slow answer wait for as long as asked, by the given way to wait",
          "[sandbox]") {
  std::vector<std::int64_t> waits;
  SandboxOptions options = harness_options();
  options.latency_ms = 40;
  options.wait = [&](Millis time) { waits.push_back(time.count()); };
  Harness harness(options);
  harness.post_json("/sandbox/faults", {{"route", "jwks"}, {"kind", "slow"}, {"delay_ms", 9000}});
  CHECK(harness.get("/op/v1/jwks").status == 200);
  CHECK(waits == std::vector<std::int64_t>{40, 9000});
}

TEST_CASE("control: a fault that makes no sense is refused with a sentence", "[sandbox]") {
  Harness harness;
  for (const json& bad : {json::array(), json{{"kind", "meteor"}}, json{{"status", 99}},
                          json{{"status", "500"}}, json{{"colour", "red"}}, json{{"delay_ms", -1}},
                          json{{"route", 7}}, json{{"count", 0}}, json{{"when", "never"}}}) {
    CAPTURE(bad.dump());
    const auto answer = harness.post_json("/sandbox/faults", bad);
    CHECK(answer.status == 400);
    CHECK(json_of(answer)["detail"].get<std::string>().ends_with("."));
  }
  CHECK(json_of(harness.get("/sandbox/faults"))["faults"].empty());
}

TEST_CASE("control: the ledger tells what was sent, and no secret of it", "[sandbox]") {
  Harness harness;
  const std::string code = harness.code({{"code_challenge", "chall"}});
  const json tokens = json_of(harness.exchange(code, {{"code_verifier", "chall"}}));
  const json exchange = last_request(harness);
  CHECK(exchange["routes"] == json{"token", "token.authorization_code"});
  CHECK(exchange["status"] == 200);
  CHECK(exchange["parameters"]["grant_type"] == "authorization_code");
  CHECK(exchange["parameters"]["redirect_uri"] == callback);
  CHECK(exchange["parameters"]["code"].get<std::string>().starts_with("sha256:"));
  CHECK(exchange["authorization"]["scheme"] == "Basic");
  const auto tid = exchange["intuit_tid"].get<std::string>();
  CHECK(tid.size() == 35);

  harness.refresh(tokens["refresh_token"]);
  const json refresh = last_request(harness);
  harness.post_json("/v2/oauth2/tokens/revoke", {{"token", tokens["refresh_token"]}},
                    Harness::basic("client-1", "secret-1"));
  const json revoke = last_request(harness);
  // The same secret is seen to be the same.
  CHECK(refresh["parameters"]["refresh_token"] == revoke["parameters"]["token"]);

  harness.query("select * from Term", tokens["access_token"]);
  CHECK(last_request(harness)["parameters"]["query"] == "select * from Term");
  const std::string all = harness.get("/sandbox/requests").body;
  for (const std::string& secret :
       {code, tokens["access_token"].get<std::string>(), tokens["refresh_token"].get<std::string>(),
        std::string("secret-1"), std::string("\"chall\""), std::string("st 1"),
        vault::base64_encode("client-1:secret-1")})
    CHECK(all.find(secret) == std::string::npos);
}

TEST_CASE("control: the ledger is read on from a number, and cleared", "[sandbox]") {
  Harness harness;
  harness.get("/op/v1/jwks");
  const auto number = last_request(harness)["number"].get<int>();
  harness.get("/nowhere");
  const json later =
      json_of(harness.get("/sandbox/requests?since=" + std::to_string(number)))["requests"];
  REQUIRE(later.size() == 1);
  CHECK(later[0]["path"] == "/nowhere");
  harness.send("DELETE", "/sandbox/requests", {}, "");
  CHECK(json_of(harness.get("/sandbox/requests"))["requests"].empty());
}

TEST_CASE("control: the customer can disconnect inside QuickBooks", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  const auto ended = json_of(harness.post_json("/sandbox/disconnect", {{"realm", realm}}));
  CHECK(ended["ended"] == 1);
  CHECK(harness.api(realm + "/preferences", tokens["access_token"]).status == 401);
  CHECK(harness.refresh(tokens["refresh_token"]).status == 400);
  CHECK(harness.post_json("/sandbox/disconnect", {{"realm", "1"}}).status == 404);
}

TEST_CASE("control: a legacy connection can be had, of any age", "[sandbox]") {
  Harness harness;
  const json made =
      json_of(harness.post_json("/sandbox/legacy", {{"realm", realm}, {"age_days", 160}}));
  CHECK(made["consumer_key"] == "consumer-1");
  CHECK_FALSE(made["token_secret"].get<std::string>().empty());
  const json state = json_of(harness.get("/sandbox/state"));
  CHECK(state["legacy"][0]["realm"] == realm);
  CHECK(state["companies"].size() == 2);
}

TEST_CASE("control: nothing else is there, and the front page escapes what it shows", "[sandbox]") {
  Harness harness;
  CHECK(harness.get("/sandbox/unicorn").status == 404);
  CHECK(harness.send("POST", "/sandbox/clock", {}, "{").status == 400);
  CHECK(harness.get("/").body.find("Fen &amp; Sons &lt;Ltd&gt;") != std::string::npos);
}

TEST_CASE("control: a method that a control does not take is answered 405 with those it takes",
          "[sandbox]") {
  Harness harness;
  const auto refused = harness.send("PUT", "/sandbox/clock", {}, "{}");
  CHECK(refused.status == 405);
  CHECK(refused.headers.get("Allow") == "GET, POST");
  CHECK(json_of(refused)["detail"] == "This address does not take PUT, but GET, POST.");
  CHECK(harness.get("/sandbox/disconnect").headers.get("Allow") == "POST");
  CHECK(harness.send("HEAD", "/sandbox/state", {}, "").status == 200);
}

TEST_CASE("sandbox: an address is one of Intuit's or of the sandbox's own, or is answered 404",
          "[sandbox]") {
  Harness harness;
  for (const char* target :
       {"/nothing", "/op/v1/jwks/", "/v3/company", "/oauth2/v1/tokens", "/Connect/oauth2",
        "/sandbox", "/favicon.ico/", "/quickbooks.api.intuit.com/v3", "/api/v1/connection"}) {
    const auto answer = harness.get(target);
    CHECK(answer.status == 404);
    CHECK(json_of(answer) == json{{"error", "not_found"}});
  }
  CHECK(harness.get("/favicon.ico").status == 204);
  CHECK(harness.get("/connect/oauth2/nothing").status == 410);
  // Below a company anything may be asked for; who asks is looked at first.
  for (const char* target : {"/v3/company/", "/v3/company/1/query/", "/v3/company/1//x/y/z",
                             "/sandbox-quickbooks.api.intuit.com/v3/company/1"})
    CHECK(harness.get(target).status == 401);
  // Clients in use write these in either case.
  CHECK(harness.get("/API/v1/Connection/Reconnect").body.find("<ErrorCode>22<") !=
        std::string::npos);
}

TEST_CASE("sandbox: many threads may use it at once", "[sandbox]") {
  Harness harness;
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        // Two threads of one company end each other's grants: identity-only grants do not.
        const json tokens = harness.connect({{"scope", "openid"}});
        good += harness.refresh(tokens["refresh_token"]).status == 200;
        harness.get("/sandbox/state");
        harness.get("/sandbox/requests");
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(good == 100);
}

}  // namespace rekey::sandbox_control_test
