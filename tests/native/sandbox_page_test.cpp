#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_page_test {

using namespace rekey::sandbox;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// A form of the page, sent as a browser of ours sends it.
http::Response press(Harness& harness, const std::string& control, const Pairs& fields,
                     http::Headers more = {{"Sec-Fetch-Site", "same-origin"}}) {
  more.set("Content-Type", "application/x-www-form-urlencoded");
  return harness.send("POST", "/sandbox/" + control, std::move(more), form_of(fields));
}

std::string page(Harness& harness) {
  return harness.get("/").body;
}

}  // namespace

TEST_CASE("page: a form does what the control does, and leads back to where it stood",
          "[sandbox]") {
  Harness harness;
  const auto moved = press(harness, "clock", {{"section", "clock"}, {"advance_days", "30"}});
  CHECK(moved.status == 303);
  CHECK(Harness::location(moved) == "/#clock");
  CHECK(json_of(harness.get("/sandbox/clock"))["ahead_s"] == 30 * 86400);
  CHECK_THAT(page(harness), ContainsSubstring("30 days and 0 hours ahead"));
}

TEST_CASE("page: what a form is refused for is said on the page", "[sandbox]") {
  Harness harness;
  const auto refused = press(harness, "faults", {{"kind", "status"}, {"status", "9999"}});
  CHECK(refused.status == 400);
  CHECK_THAT(refused.body, ContainsSubstring("role=\"alert\">The status of a fault is from 200"));
  CHECK_THAT(refused.body, ContainsSubstring("<h1>Rekey sandbox</h1>"));
}

TEST_CASE("page: faults are added, shown and removed", "[sandbox]") {
  Harness harness;
  // As the form has it, with the fields that were left as they are.
  CHECK(press(harness, "faults",
              {{"route", "query"},
               {"realm", realm},
               {"kind", "status"},
               {"status", "503"},
               {"when", "after"},
               {"count", "2"},
               {"probability", "0.5"},
               {"delay_ms", "0"}})
            .status == 303);
  const json fault = json_of(harness.get("/sandbox/faults"))["faults"][0];
  CHECK(fault["status"] == 503);
  CHECK(fault["probability"] == 0.5);
  CHECK(fault["realm"] == realm);
  CHECK_THAT(page(harness), ContainsSubstring("answer the status 503, after the work"));
  CHECK_THAT(page(harness), ContainsSubstring("2 more, one in 2"));
  press(harness, "faults", {{"method", "DELETE"}, {"id", fault["id"].dump()}});
  CHECK(json_of(harness.get("/sandbox/faults"))["faults"].empty());
  CHECK_THAT(page(harness), ContainsSubstring("Nothing is asked to go wrong"));
}

TEST_CASE("page: companies, grants and legacy connections are shown, and all of them ended",
          "[sandbox]") {
  Harness harness;
  CHECK_THAT(page(harness), ContainsSubstring("Nobody has connected yet"));
  const json tokens = harness.connect();
  press(harness, "legacy", {{"section", "legacy"}, {"realm", realm}, {"age_days", "160"}});
  const std::string shown = page(harness);
  CHECK_THAT(shown, ContainsSubstring("Fen &amp; Sons &lt;Ltd&gt;"));
  CHECK_THAT(shown, ContainsSubstring("<span class=\"good\">lives</span>"));
  // Its credential is there to be copied; a grant's tokens are not.
  CHECK_THAT(shown, ContainsSubstring("<dt>token secret</dt>"));
  CHECK(shown.find(tokens["access_token"].get<std::string>()) == std::string::npos);
  CHECK(shown.find(tokens["refresh_token"].get<std::string>()) == std::string::npos);

  CHECK(press(harness, "disconnect", {{"section", "companies"}}).status == 303);
  CHECK(harness.refresh(tokens["refresh_token"]).status == 400);
  const std::string after = page(harness);
  CHECK_THAT(after, ContainsSubstring("<span class=\"bad\">ended</span>"));
  CHECK(after.find("<dt>token secret</dt>") == std::string::npos);
}

TEST_CASE("page: one company is disconnected and the others are not", "[sandbox]") {
  Harness harness;
  const json one = harness.connect();
  harness.post_json("/sandbox/consent", {{"realm", other_realm}});
  const json other = harness.connect();
  press(harness, "disconnect", {{"realm", other_realm}});
  CHECK(harness.refresh(one["refresh_token"]).status == 200);
  CHECK(harness.refresh(other["refresh_token"]).status == 400);
}

TEST_CASE("page: the next authorization is chosen, shown and taken back", "[sandbox]") {
  Harness harness;
  press(harness, "consent", {{"more", "error=access_denied"}});
  CHECK_THAT(page(harness), ContainsSubstring("value=\"error=access_denied\" selected"));
  press(harness, "consent", {{"more", "realm=" + other_realm}});
  CHECK(json_of(harness.get("/sandbox/consent"))["next"] == json{{"realm", other_realm}});
  press(harness, "consent", {{"more", ""}});
  CHECK(json_of(harness.get("/sandbox/consent"))["next"].empty());
  CHECK(Harness::sent_back(harness.authorize(), "realmId") == realm);
}

TEST_CASE("page: rules are saved with the switches that are off, too", "[sandbox]") {
  Harness harness;
  // A box that is not ticked leaves only the hidden field before it.
  press(harness, "rules",
        {{"code_life_s", "5"},
         {"pkce", "false"},
         {"kill_on_race", "false"},
         {"kill_on_race", "true"}});
  const json rules = json_of(harness.get("/sandbox/rules"));
  CHECK(rules["code_life_s"] == 5);
  CHECK(rules["pkce"] == false);
  CHECK(rules["kill_on_race"] == true);
  CHECK(rules["access_life_s"] == 3600);
}

TEST_CASE("page: the latest requests are shown and cleared, and nothing they say is HTML",
          "[sandbox]") {
  Harness harness;
  harness.get("/op/v1/<b>?scope=<i>&x=secret-value");
  harness.post_json("/sandbox/faults", {{"route", "jwks"}, {"kind", "cut"}});
  harness.get("/op/v1/jwks");
  const std::string shown = page(harness);
  CHECK_THAT(shown, ContainsSubstring("GET /op/v1/&lt;b&gt;"));
  CHECK_THAT(shown, ContainsSubstring("<code>&lt;i&gt;</code>"));
  CHECK_THAT(shown, ContainsSubstring("<span class=\"bad\">cut</span>"));
  CHECK(shown.find("<b>") == std::string::npos);
  CHECK(shown.find("secret-value") == std::string::npos);
  press(harness, "requests", {{"section", "requests"}, {"method", "DELETE"}});
  CHECK_THAT(page(harness), ContainsSubstring("None yet"));
}

TEST_CASE("page: pages of other sites change nothing, in any form", "[sandbox]") {
  Harness harness;
  const std::vector<http::Headers> foreign = {
      {{"Sec-Fetch-Site", "cross-site"}},
      {{"Sec-Fetch-Site", "same-site"}},
      {{"Origin", "https://elsewhere.example"}},
      {{"Origin", "null"}},
      {{"Origin", "http://127.0.0.1:9001"}, {"Host", "127.0.0.1:9000"}},
      // A name that somebody pointed at this machine: for the browser it is the same site.
      {{"Sec-Fetch-Site", "same-origin"}, {"Host", "rebound.example:9000"}},
      {{"Origin", "http://rebound.example:9000"}, {"Host", "rebound.example:9000"}}};
  for (const http::Headers& headers : foreign) {
    CAPTURE(headers.all().front().second, headers.all().back().second);
    CHECK(press(harness, "clock", {{"advance_s", "60"}}, headers).status == 403);
    http::Headers plain = headers;
    plain.set("Content-Type", "text/plain");
    CHECK(harness.send("POST", "/sandbox/clock", plain, R"({"advance_s":60})").status == 403);
    CHECK(harness.send("DELETE", "/sandbox/requests", headers, "").status == 403);
  }
  CHECK(json_of(harness.get("/sandbox/clock"))["ahead_s"] == 0);
}

TEST_CASE("page: its own forms and programs may, under any address of this machine", "[sandbox]") {
  Harness harness;
  const std::vector<http::Headers> own = {
      {},
      {{"Host", "sandbox.internal:8090"}},  // a program: it does not say whose page it is
      {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}, {"Host", "localhost:9000"}},
      {{"Origin", "http://localhost:9000"}, {"Host", "localhost:9000"}},
      {{"Origin", "http://[::1]:9000"}, {"Host", "[::1]:9000"}},
      {{"Sec-Fetch-Site", "none"}}};
  for (const http::Headers& headers : own)
    CHECK(press(harness, "clock", {{"advance_s", "60"}}, headers).status == 303);
  SandboxOptions options = harness_options();
  options.base_url = "https://sandbox.internal";
  Harness named(options);
  CHECK(press(named, "clock", {{"advance_s", "60"}},
              {{"Sec-Fetch-Site", "same-origin"}, {"Host", "sandbox.internal"}})
            .status == 303);
}

TEST_CASE("page: JSON that is called a form, as curl calls it, is JSON", "[sandbox]") {
  Harness harness;
  const auto answer =
      harness.send("POST", "/sandbox/clock",
                   {{"Content-Type", "application/x-www-form-urlencoded"}}, R"( {"advance_s":60})");
  CHECK(answer.status == 200);
  CHECK(json_of(answer)["ahead_s"] == 60);
}

}  // namespace rekey::sandbox_page_test
