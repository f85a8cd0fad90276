#include <catch2/catch_test_macros.hpp>

#include "sandbox_harness.hpp"

namespace rekey::sandbox_authorize_test {

using namespace rekey::sandbox;

namespace {

SandboxOptions with_people() {
  SandboxOptions options = harness_options();
  options.auto_consent = false;
  return options;
}

/// The hidden value that names the visit, from a page's form or a redirect's address.
std::string visit_of(const http::Response& response) {
  if (response.status == 303) return Harness::sent_back(response, "visit");
  const auto at = response.body.find("name=\"visit\" value=\"");
  if (at == std::string::npos) return "";
  const auto from = at + 20;
  return response.body.substr(from, response.body.find('"', from) - from);
}

bool shows(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

/// Goes through sign-in and choice of company up to the consent page.
std::string up_to_consent(Harness& harness, const std::string& company = realm) {
  const std::string visit = visit_of(harness.authorize());
  REQUIRE_FALSE(visit.empty());
  const auto signed_in =
      harness.post_form("/connect/oauth2/sign-in",
                        {{"visit", visit}, {"username", "robin"}, {"password", "pass word"}});
  REQUIRE(Harness::location(signed_in) == "/connect/oauth2/company?visit=" + visit);
  const auto chosen =
      harness.post_form("/connect/oauth2/company", {{"visit", visit}, {"company", company}});
  REQUIRE(Harness::location(chosen) == "/connect/oauth2/consent?visit=" + visit);
  return visit;
}

}  // namespace

TEST_CASE(
    "authorize: signing in, choosing a company and allowing leads back with code, state and "
    "company",
    "[sandbox]") {
  Harness harness(with_people());
  const std::string visit = up_to_consent(harness, other_realm);
  const auto page = harness.get("/connect/oauth2/consent?visit=" + visit);
  CHECK(page.status == 200);
  CHECK(shows(page, "Hollow Ledger"));
  CHECK(shows(page, "Fen &amp; Sons &lt;Ltd&gt;"));
  const auto back =
      harness.post_form("/connect/oauth2/consent", {{"visit", visit}, {"decision", "allow"}});
  CHECK(back.status == 303);
  CHECK(Harness::location(back).starts_with(callback + "?code="));
  CHECK(Harness::sent_back(back, "state") == "st 1");
  CHECK(Harness::sent_back(back, "realmId") == other_realm);
  CHECK(json_of(harness.exchange(Harness::sent_back(back, "code"))).contains("access_token"));
}

TEST_CASE("authorize: denying leads back with access_denied and the state, and nothing else",
          "[sandbox]") {
  Harness harness(with_people());
  const auto back = harness.post_form("/connect/oauth2/consent",
                                      {{"visit", up_to_consent(harness)}, {"decision", "deny"}});
  CHECK(Harness::location(back) == callback + "?error=access_denied&state=st%201");
}

TEST_CASE("authorize: an answered visit cannot be answered again", "[sandbox]") {
  Harness harness(with_people());
  const std::string visit = up_to_consent(harness);
  const Pairs allow = {{"visit", visit}, {"decision", "allow"}};
  REQUIRE(harness.post_form("/connect/oauth2/consent", allow).status == 303);
  const auto again = harness.post_form("/connect/oauth2/consent", allow);
  CHECK(again.status == 410);
  CHECK(Harness::location(again).empty());
  CHECK(shows(again, "Go back to the application"));
}

TEST_CASE("authorize: half an hour without an answer ends the visit", "[sandbox]") {
  Harness harness(with_people());
  const std::string visit = up_to_consent(harness);
  harness.sandbox.advance(std::chrono::minutes{31});
  CHECK(harness.get("/connect/oauth2/consent?visit=" + visit).status == 410);
}

TEST_CASE("authorize: a wrong password is told on the page, and the name stays filled in",
          "[sandbox]") {
  Harness harness(with_people());
  const std::string visit = visit_of(harness.authorize());
  const auto page = harness.post_form(
      "/connect/oauth2/sign-in", {{"visit", visit}, {"username", "robin"}, {"password", "nope"}});
  CHECK(page.status == 401);
  CHECK(shows(page, "role=\"alert\""));
  CHECK(shows(page, "value=\"robin\""));
  CHECK_FALSE(shows(page, "nope"));
  CHECK(visit_of(page) == visit);
}

TEST_CASE("authorize: nobody gets to consent without signing in and choosing a company",
          "[sandbox]") {
  Harness harness(with_people());
  const std::string visit = visit_of(harness.authorize());
  const auto early =
      harness.post_form("/connect/oauth2/consent", {{"visit", visit}, {"decision", "allow"}});
  CHECK(Harness::location(early) == "/connect/oauth2/sign-in?visit=" + visit);
  harness.post_form("/connect/oauth2/sign-in",
                    {{"visit", visit}, {"username", "kim"}, {"password", "other"}});
  const auto still =
      harness.post_form("/connect/oauth2/consent", {{"visit", visit}, {"decision", "allow"}});
  CHECK(Harness::location(still) == "/connect/oauth2/company?visit=" + visit);
  const auto foreign =
      harness.post_form("/connect/oauth2/company", {{"visit", visit}, {"company", "1"}});
  CHECK(foreign.status == 400);
  CHECK(shows(foreign, "Choose one of the companies."));
}

TEST_CASE("authorize: the sign-in is filled in for demonstrations, and by login_hint",
          "[sandbox]") {
  SandboxOptions options = with_people();
  Harness plain(options);
  const auto hinted = plain.authorize({{"login_hint", "kim"}});
  const auto page = plain.get(Harness::location(hinted));
  CHECK(shows(page, "value=\"kim\""));
  CHECK_FALSE(shows(page, "pass word"));
  options.fill_in_sign_in = true;
  Harness demo(options);
  const auto filled = demo.get(Harness::location(demo.authorize()));
  CHECK(shows(filled, "value=\"robin\""));
  CHECK(shows(filled, "value=\"pass word\""));
}

TEST_CASE("authorize: pages are labelled, unscripted, not framed, and not kept", "[sandbox]") {
  Harness harness(with_people());
  const auto page = harness.get(Harness::location(harness.authorize()));
  for (const char* part : {"<html lang=\"en\">", "<label for=\"username\">",
                           "<label for=\"password\">", "id=\"password\"", "name=\"viewport\""})
    CHECK(shows(page, part));
  CHECK_FALSE(shows(page, "<script"));
  CHECK_FALSE(shows(page, " style="));
  const std::string policy = page.headers.get("content-security-policy").value_or("");
  CHECK(policy.find("default-src 'none'") != std::string::npos);
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(page.headers.get("cache-control") == "no-store");
  CHECK(harness.get("/sandbox/style.css").headers.get("content-type")->starts_with("text/css"));
}

TEST_CASE("authorize: an unknown client or redirect URI gets our own page and no redirect",
          "[sandbox]") {
  Harness harness;
  for (const Pairs& changes :
       {Pairs{{"client_id", "stranger"}}, Pairs{{"client_id", ""}}, Pairs{{"redirect_uri", ""}},
        Pairs{{"redirect_uri", callback + "/"}}, Pairs{{"redirect_uri", "https://APP.example/cb"}},
        Pairs{{"redirect_uri", "http://app.example/cb"}},
        Pairs{{"redirect_uri", "https://app.example/q"}},
        Pairs{{"client_id", "client-2"}, {"redirect_uri", "https://app.example/q?a=1"}}}) {
    CAPTURE(changes);
    const auto page = harness.authorize(changes);
    CHECK(page.status == 400);
    CHECK(Harness::location(page).empty());
    CHECK(page.headers.get("content-type")->starts_with("text/html"));
  }
}

TEST_CASE("authorize: a redirect URI with a query of its own keeps it", "[sandbox]") {
  Harness harness;
  const auto back = harness.authorize({{"redirect_uri", "https://app.example/q?a=1"}});
  CHECK(Harness::location(back).starts_with("https://app.example/q?a=1&code="));
}

TEST_CASE("authorize: what is wrong with a request goes back as its error, with the state",
          "[sandbox]") {
  Harness harness;
  const auto error = [&](const Pairs& changes) {
    const auto back = harness.authorize(changes);
    CHECK(Harness::sent_back(back, "code").empty());
    CHECK(Harness::sent_back(back, "realmId").empty());
    return Harness::sent_back(back, "error") + " " + Harness::sent_back(back, "state");
  };
  CHECK(error({{"scope", ""}}) == "invalid_scope st 1");
  CHECK(error({{"scope", accounting_scope + " unicorns"}}) == "invalid_scope st 1");
  CHECK(error({{"response_type", ""}}) == "invalid_request st 1");
  CHECK(error({{"response_type", "token"}}) == "unsupported_response_type st 1");
  CHECK(error({{"state", ""}}) == "invalid_request ");
  CHECK(error({{"code_challenge", "x"}, {"code_challenge_method", "S1"}}) ==
        "invalid_request st 1");
}

TEST_CASE("authorize: who is only asked who they are chooses no company", "[sandbox]") {
  Harness people(with_people());
  const std::string visit = visit_of(people.authorize({{"scope", "openid email"}}));
  const auto next =
      people.post_form("/connect/oauth2/sign-in",
                       {{"visit", visit}, {"username", "robin"}, {"password", "pass word"}});
  CHECK(Harness::location(next) == "/connect/oauth2/consent?visit=" + visit);
  Harness at_once;
  CHECK(Harness::sent_back(at_once.authorize({{"scope", "openid"}}), "realmId").empty());
}

TEST_CASE("authorize: the next answer without a person can be chosen, once", "[sandbox]") {
  Harness harness;
  harness.post_json("/sandbox/consent", {{"error", "access_denied"}});
  CHECK(Harness::sent_back(harness.authorize(), "error") == "access_denied");
  harness.post_json("/sandbox/consent", {{"realm", other_realm}});
  CHECK(Harness::sent_back(harness.authorize(), "realmId") == other_realm);
  CHECK(Harness::sent_back(harness.authorize(), "realmId") == realm);
}

TEST_CASE("authorize: a person's answer is replaced by the one that was asked for, once",
          "[sandbox]") {
  Harness harness(with_people());
  const auto allow = [&](const std::string& visit) {
    return harness.post_form("/connect/oauth2/consent", {{"visit", visit}, {"decision", "allow"}});
  };
  harness.post_json("/sandbox/consent", {{"error", "server_error"}});
  const auto failed = allow(up_to_consent(harness));
  CHECK(Harness::location(failed) == callback + "?error=server_error&state=st%201");
  CHECK_FALSE(Harness::sent_back(allow(up_to_consent(harness)), "code").empty());

  // The page says which company it is before anybody allows it.
  harness.post_json("/sandbox/consent", {{"realm", other_realm}});
  const std::string visit = up_to_consent(harness, realm);
  CHECK(shows(harness.get("/connect/oauth2/consent?visit=" + visit), "Fen &amp; Sons"));
  CHECK(Harness::sent_back(allow(visit), "realmId") == other_realm);
  CHECK(Harness::sent_back(allow(up_to_consent(harness)), "realmId") == realm);
}

TEST_CASE("authorize: who denies denies, whatever was asked for, and uses it up", "[sandbox]") {
  Harness harness(with_people());
  harness.post_json("/sandbox/consent", {{"error", "server_error"}});
  const auto denied = harness.post_form("/connect/oauth2/consent",
                                        {{"visit", up_to_consent(harness)}, {"decision", "deny"}});
  CHECK(Harness::sent_back(denied, "error") == "access_denied");
  CHECK(json_of(harness.get("/sandbox/consent"))["next"].empty());
}

TEST_CASE("authorize: what was asked for can be read and taken back", "[sandbox]") {
  Harness harness;
  harness.post_json("/sandbox/consent", {{"error", "access_denied"}, {"realm", other_realm}});
  CHECK(json_of(harness.get("/sandbox/consent"))["next"]["error"] == "access_denied");
  harness.send("DELETE", "/sandbox/consent", {}, "");
  CHECK(json_of(harness.get("/sandbox/consent"))["next"].empty());
  CHECK(Harness::sent_back(harness.authorize(), "realmId") == realm);
  CHECK(harness.post_json("/sandbox/consent", {{"realm", "1"}}).status == 404);
}

}  // namespace rekey::sandbox_authorize_test
