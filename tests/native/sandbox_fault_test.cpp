#include "native/sandbox/control/fault.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_fault_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

/// Which of the first fifty requests a rule meets.
std::string met_of(const json& rule, const std::vector<std::string>& routes = {"token"}) {
  Faults faults;
  faults.add(parse_fault(rule).value());
  std::string out;
  for (int i = 0; i < 50; ++i) out += faults.meet(routes) ? 'x' : '.';
  return out;
}

}  // namespace

TEST_CASE("fault: a probability meets about as many as it says, and the same ones every time",
          "[sandbox]") {
  const json half = {{"probability", 0.5}, {"count", -1}};
  const std::string met = met_of(half);
  const auto times = std::count(met.begin(), met.end(), 'x');
  CHECK(times > 15);
  CHECK(times < 35);
  CHECK(met_of(half) == met);
  json other = half;
  other["seed"] = 2;
  CHECK(met_of(other) != met);
  CHECK(met_of({{"probability", 0}, {"count", -1}}) == std::string(50, '.'));
  CHECK(met_of({{"probability", 1}, {"count", -1}}) == std::string(50, 'x'));
}

TEST_CASE("fault: only requests that are met count, and a rule that is missed lets the next try",
          "[sandbox]") {
  const std::string met = met_of({{"probability", 0.3}, {"count", 3}});
  CHECK(std::count(met.begin(), met.end(), 'x') == 3);
  Faults faults;
  faults.add(parse_fault({{"probability", 0}, {"status", 500}}).value());
  faults.add(parse_fault({{"status", 503}}).value());
  CHECK(faults.meet({"token"})->status == 503);
  CHECK(faults.all().size() == 1);
}

TEST_CASE("fault: one is removed by its number, and is gone then", "[sandbox]") {
  Harness harness;
  harness.post_json("/sandbox/faults", {{"route", "jwks"}, {"status", 500}, {"count", -1}});
  const json both = json_of(harness.post_json("/sandbox/faults", {{"route", "userinfo"}}));
  REQUIRE(both["faults"].size() == 2);
  const std::string id = both["faults"][0]["id"].dump();
  CHECK(harness.get("/op/v1/jwks").status == 500);
  const json left = json_of(harness.send("DELETE", "/sandbox/faults?id=" + id, {}, ""));
  REQUIRE(left["faults"].size() == 1);
  CHECK(left["faults"][0]["route"] == "userinfo");
  CHECK(harness.get("/op/v1/jwks").status == 200);
  CHECK(harness.send("DELETE", "/sandbox/faults?id=" + id, {}, "").status == 404);
  CHECK(harness.send("DELETE", "/sandbox/faults?id=x", {}, "").status == 404);
  CHECK(json_of(harness.get("/sandbox/faults"))["faults"].size() == 1);
}

TEST_CASE("fault: the admin of one company loses their rights until that is lifted", "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  harness.post_json("/sandbox/consent", {{"realm", other_realm}});
  const std::string other = harness.connect()["access_token"];
  harness.post_json("/sandbox/faults",
                    {{"route", "api"}, {"kind", "admin_lost"}, {"realm", realm}, {"count", -1}});
  for (int i = 0; i < 3; ++i) {
    const auto lost = harness.api(realm + "/preferences", token);
    CHECK(lost.status == 401);
    CHECK(json_of(lost)["fault"]["error"][0]["code"] == "120");
  }
  CHECK(harness.query("select * from Term", token).status == 401);
  CHECK(harness.api(other_realm + "/preferences", other).status == 200);
  harness.send("DELETE", "/sandbox/faults", {}, "");
  CHECK(harness.api(realm + "/preferences", token).status == 200);
}

TEST_CASE("fault: a cut may come before the work or after it, and is told in the ledger",
          "[sandbox]") {
  for (const bool after : {false, true}) {
    CAPTURE(after);
    Harness harness;
    const std::string code = harness.code();
    harness.post_json("/sandbox/faults",
                      {{"route", "token"}, {"kind", "cut"}, {"when", after ? "after" : "before"}});
    CHECK(harness.exchange(code).cut == http::Cut::before_head);
    CHECK(json_of(harness.get("/sandbox/requests"))["requests"].back()["cut"] == true);
    CHECK(harness.exchange(code).status == (after ? 400 : 200));
    CHECK(harness.exchange("x").cut == http::Cut::none);
    CHECK_FALSE(json_of(harness.get("/sandbox/requests"))["requests"].back().contains("cut"));
  }
}

TEST_CASE("fault: half a body is cut after the work, and a right body may be called HTML",
          "[sandbox]") {
  Harness harness;
  const std::string token = harness.connect()["access_token"];
  harness.post_json("/sandbox/faults", {{"route", "api"}, {"kind", "cut_body"}});
  const auto half = harness.query("select * from Term", token);
  CHECK(half.cut == http::Cut::in_body);
  CHECK(json_of(half)["QueryResponse"]["Term"].size() > 0);
  harness.post_json("/sandbox/faults", {{"route", "api"}, {"kind", "content_type"}});
  const auto named = harness.query("select * from Term", token);
  CHECK(named.headers.get("content-type") == "text/html;charset=UTF-8");
  CHECK(json_of(named)["QueryResponse"]["Term"].size() > 0);
  harness.post_json("/sandbox/faults",
                    {{"route", "api"}, {"kind", "content_type"}, {"type", "text/plain"}});
  CHECK(harness.query("select * from Term", token).headers.get("content-type") == "text/plain");
}

TEST_CASE("fault: an empty body cannot be halved, so nothing at all is sent", "[sandbox]") {
  Harness harness;
  const json tokens = harness.connect();
  harness.post_json("/sandbox/faults", {{"route", "revoke"}, {"kind", "cut_body"}});
  const auto cut =
      harness.post_json("/v2/oauth2/tokens/revoke", {{"token", tokens["refresh_token"]}},
                        Harness::basic("client-1", "secret-1"));
  CHECK(cut.cut == http::Cut::before_head);
  CHECK(harness.refresh(tokens["refresh_token"]).status == 400);
}

TEST_CASE("fault: it may be there from the start", "[sandbox]") {
  SandboxOptions options = harness_options();
  options.faults = {parse_fault({{"route", "jwks"}, {"status", 503}}).value()};
  Harness harness(options);
  CHECK(harness.get("/op/v1/jwks").status == 503);
  CHECK(harness.get("/op/v1/jwks").status == 200);
}

TEST_CASE("fault: numbers out of their range and types that would write headers are refused",
          "[sandbox]") {
  for (const json& bad :
       {json{{"probability", 1.5}}, json{{"probability", -0.1}}, json{{"probability", "often"}},
        json{{"status", 4'294'967'796}}, json{{"status", -3}}, json{{"seed", 1.5}},
        json{{"kind", "content_type"}, {"type", "text/html\r\nSet-Cookie: a=1"}}, json("x"),
        json{{"realm", 7}}, json{{"delay_ms", 600'001}}}) {
    CAPTURE(bad.dump());
    const auto rule = parse_fault(bad);
    REQUIRE_FALSE(rule);
    CHECK(rule.error().hint.ends_with("."));
  }
}

}  // namespace rekey::sandbox_fault_test
