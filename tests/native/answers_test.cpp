#include <catch2/catch_test_macros.hpp>
#include <random>

#include "native/intuit/fault.hpp"
#include "native/intuit/legacy.hpp"
#include "native/work/health.hpp"
#include "tests/native/work_harness.hpp"
#include "tests/support/approve.hpp"

// What answers of the provider mean: the table, and that no answer but one ends a grant.

namespace rekey::work::answers_test {

namespace {

using oauth::Meaning;

std::string rows_of(std::span<const oauth::AnswerRow> rows) {
  std::string out = "| status | code | text | meaning | source |\n|---|---|---|---|---|\n";
  for (const auto& row : rows) {
    auto status = std::to_string(row.from);
    if (row.to != row.from) status += " to " + std::to_string(row.to);
    const auto quoted = [](std::string_view text) {
      return text.empty() ? std::string() : "`" + std::string(text) + "`";
    };
    const auto code = row.code == "*" ? std::string("any") : quoted(row.code);
    out += "| " + status + " | " + code + " | " + quoted(row.text) + " | `" +
           std::string(wire::name_of(row.meaning)) + "` | " + std::string(row.source) + " |\n";
  }
  return out;
}

std::string page() {
  return "# What the provider's answers mean\n\n"
         "<!-- Made from core/oauth/token.cpp and native/intuit/fault.cpp by "
         "tests/native/answers_test.cpp; run that with REKEY_APPROVE=1. -->\n\n"
         "Every answer becomes one meaning (`core/oauth/meaning.hpp`); the first row that fits "
         "decides. Status comes before code.\nOnly `grant_ended` ends a grant.\n\n"
         "## Token endpoint\n\nAn answer with status 2xx, without `error` and with an access token "
         "of type Bearer is `alive`.\nCode: the member `error`; text: in `error_description`, in "
         "any case.\n\n" +
         rows_of(oauth::token_answer_rows()) +
         "\n## Revocation endpoint\n\nHere `grant_ended` is the yes; after every other meaning it "
         "is told again. A page (a body that begins with `<`)\ninstead of a yes, and a body of 400 "
         "that is neither empty nor a JSON object, are `unreadable`.\n\n" +
         rows_of(oauth::revocation_answer_rows()) +
         "\nOf an OAuth 1.0a connection (the accounting API's own address for that):\n\n" +
         rows_of(intuit::legacy_answer_rows()) +
         "\n## Accounting API\n\nStatus 200 with a JSON object and no fault is `alive`. A fault is "
         "read as JSON and as XML, in any casing of its\nnames; which of them it is shows its "
         "first "
         "character, because media types are wrong in the field. Code: of its\nfirst error; text: "
         "in its type, message or detail, in any case. A source that is a name and a number is\na "
         "thread in that project.\n\n" +
         rows_of(intuit::accounting_answer_rows());
}

Meaning judged(int status, const std::string& body) {
  const auto json = wire::parse(body, "The answer");
  const auto* parsed = json ? &*json : nullptr;
  return intuit::meaning_of(status, parsed, intuit::fault_in(parsed, body));
}

std::string service(const std::string& type, const std::string& code, const std::string& text) {
  return wire::dump(
      {{"Fault",
        {{"type", type}, {"Error", {{{"Message", text}, {"Detail", text}, {"code", code}}}}}}});
}
std::string gateway(const std::string& code) {
  return wire::dump(
      {{"fault", {{"type", "SERVICE"}, {"error", {{{"message", "m"}, {"code", code}}}}}}});
}
std::string xml(const std::string& code, const std::string& text) {
  return "<?xml version=\"1.0\"?><IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\">"
         "<Fault type=\"AuthenticationFault\"><Error code=\"" +
         code + "\"><Message>" + text + "</Message></Error></Fault></IntuitResponse>";
}

/// Tokens that are stated to live for this long, all of them.
std::string lifetimes(const std::string& seconds) {
  return R"({"token_type":"bearer","access_token":"made-up-3","refresh_token":"made-up-4",)"
         R"("expires_in":)" +
         seconds + R"(,"x_refresh_token_expires_in":)" + seconds +
         R"(,"x_refresh_token_hard_expires_in":)" + seconds + "}";
}

}  // namespace

TEST_CASE("answers: the table is as the documentation shows") {
  test::check_approved("docs/answers.md", page());
}

TEST_CASE("answers: a 5xx is an outage whatever its body says") {
  for (const int status : {500, 502, 503, 504, 599})
    for (const auto& body :
         {service("AuthorizationFault", "120", "x"), gateway("3100"), gateway("3200"),
          xml("100", "x"), std::string("<html>"), std::string()})
      CHECK(judged(status, body) == Meaning::unavailable);
}

TEST_CASE("answers: of the accounting API, in JSON of either casing and in XML") {
  CHECK(judged(200, R"({"CompanyInfo":{}})") == Meaning::alive);
  CHECK(judged(200, "[]") == Meaning::unreadable);
  CHECK(judged(200, "<html>maintenance</html>") == Meaning::unreadable);
  CHECK(judged(200, service("SystemFault", "10000", "x")) == Meaning::unavailable);
  CHECK(judged(400, service("SystemFault", "500", "x")) == Meaning::unavailable);
  CHECK(judged(400, service("ValidationFault", "500",
                            "Could not find resource for relative : /v3/company")) ==
        Meaning::unavailable);
  CHECK(judged(401, gateway("3200")) == Meaning::stale_token);
  CHECK(judged(401, gateway("003200")) == Meaning::stale_token);
  CHECK(judged(401, xml("100", "General Authentication Error")) == Meaning::stale_token);
  CHECK(judged(401, xml("130", "Accessing Wrong Cluster")) == Meaning::stale_token);
  CHECK(judged(401, "") == Meaning::stale_token);
  CHECK(judged(401, service("AuthorizationFault", "120", "x")) == Meaning::rights_lost);
  CHECK(judged(403, gateway("120")) == Meaning::rights_lost);
  CHECK(judged(403, gateway("3100")) == Meaning::company_lapsed);
  CHECK(judged(400, service("ValidationFault", "7001", "x")) == Meaning::company_lapsed);
  CHECK(judged(429, "") == Meaning::throttled);
  CHECK(judged(403, gateway("3001")) == Meaning::throttled);
  CHECK(judged(403, xml("3001", "message=ThrottleExceeded; errorCode=003001")) ==
        Meaning::throttled);
  CHECK(judged(400, service("ValidationFault", "5030", "x")) == Meaning::list_refused);
  CHECK(judged(403, service("ValidationFault", "5020", "x")) == Meaning::list_refused);
  CHECK(judged(400, service("ValidationFault", "4001", "x")) == Meaning::list_refused);
  CHECK(judged(403, "<html>firewall</html>") == Meaning::unreadable);
  CHECK(judged(302, "") == Meaning::unreadable);
}

TEST_CASE("answers: a fault is found in any casing of its names, in JSON and in XML") {
  const auto in = [](const std::string& fault, const std::string& error, const std::string& code) {
    return "<r><" + fault + " TYPE=\"AuthorizationFault\"><x:" + error + " " + code +
           "=\"120\"/></" + fault + "></r>";
  };
  CHECK(judged(403, in("fault", "error", "code")) == Meaning::rights_lost);
  CHECK(judged(403, in("FAULT", "ERROR", "CODE")) == Meaning::rights_lost);
  CHECK(judged(403, in("Fault", "Error", "code")) == Meaning::rights_lost);
  CHECK(judged(403, R"({"FAULT":{"ERROR":[{"CODE":"120"}]}})") == Meaning::rights_lost);
  CHECK(judged(403, R"({"faults":{"error":[{"code":"120"}]}})") == Meaning::unreadable);
}

TEST_CASE("answers: of the revocation endpoint, and what is no yes") {
  const auto yes = [](int status, const std::string& body) {
    return oauth::read_revocation_answer(status, body) == Meaning::grant_ended;
  };
  for (const std::string body : {"", "{}", "null", " \n", R"({"anything":1})", "OK"})
    CHECK(yes(200, body));
  for (const std::string body :
       {"", "{}", "null", R"({"error":"invalid_grant"})", R"({"error":"invalid_token"})",
        R"({"error":"invalid_request"})",
        R"({"error":"invalid_grant","error_description":"Token invalid"})"})
    CHECK(yes(400, body));
  CHECK_FALSE(yes(200, "<html>Sign in to the network</html>"));
  CHECK_FALSE(yes(200, "\xEF\xBB\xBF <!doctype html>"));
  for (const std::string body :
       {"<html>Bad Request</html>", "Bad Request", "[]", "7", R"({"error":"invalid_client"})",
        R"({"error":"invalid_grant","error_description":"Incorrect Token type or clientID"})",
        R"({"error":"invalid_request","error_description":"The client is unknown"})",
        R"({"error_description":"wrong client"})", R"({"error":"unsupported_token_type"})"})
    CHECK_FALSE(yes(400, body));
  for (const int status : {302, 401, 403, 404, 429, 500, 503})
    CHECK_FALSE(yes(status, R"({"error":"invalid_grant"})"));
}

TEST_CASE("answers: hostile bodies are judged, and nothing is read beyond them") {
  for (const std::string body :
       {"{\"Fault\":7}", "{\"Fault\":{\"Error\":[]}}", "{\"Fault\":{\"Error\":[7]}}",
        "{\"fault\":{\"error\":{\"code\":3200}}}", "<Fault>", "<Fault><Error/></Fault>", "<",
        "\xff"})
    for (const int status : {200, 400, 401, 403, 404}) CHECK_NOTHROW(judged(status, body));
  CHECK(judged(401, "{\"fault\":{\"error\":{\"code\":3200}}}") == Meaning::stale_token);
}

namespace {

/// Answers by chance, among which there is no word of the provider that ends a grant.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}

  std::int64_t below(std::uint32_t n) { return static_cast<std::int64_t>(random_() % n); }
  ScriptedClient::Answer answer() {
    if (below(8) == 0) return tl::unexpected(http::TransportError{"cut", below(2) == 0});
    return http::ClientResponse{
        statuses[random_() % std::size(statuses)], {}, bodies()[random_() % bodies().size()]};
  }

 private:
  static constexpr int statuses[] = {200, 200, 204, 302, 400, 401, 403,
                                     404, 408, 429, 500, 502, 503};
  static const std::vector<std::string>& bodies() {
    static const std::vector<std::string> all = {
        "",
        "{}",
        "<html>",
        R"({"error":"invalid_client"})",
        R"({"error":"invalid_request"})",
        R"({"error":"server_error"})",
        R"({"error":"unknown_thing"})",
        R"({"error":"invalid_grant","error_description":"Incorrect Token type or clientID"})",
        gateway("3200"),
        gateway("3100"),
        service("SystemFault", "10000", "x"),
        service("AuthorizationFault", "120", "x"),
        xml("100", "x"),
        xml("130", "x"),
        R"({"CompanyInfo":{"CompanyName":"Books"}})",
        R"({"token_type":"bearer","access_token":"made-up","refresh_token":"made-up-2","expires_in":60})",
        lifetimes("0"),
        lifetimes("1"),
        lifetimes("1000000000")};
    return all;
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("answers: any status, any code and any body, in any order, end no grant", "[work]") {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    Harness harness;
    Chance chance(seed);
    const auto version = harness.link(60);
    harness.client->answer = [&](const http::ClientRequest&) { return chance.answer(); };
    for (int i = 0; i < 60; ++i) {
      // Once in a while by months, past every end that was stated.
      harness.now_ms +=
          chance.below(300'000) + (chance.below(16) == 0 ? 110 * std::int64_t{86'400'000} : 0);
      (void)harness.driver->take(harness.owner.connection, wire::by_time(), TimeReached{});
      if (chance.below(2) == 0)
        (void)Waiting(*harness.driver, harness.clients).fresh(harness.owner, version);
      else
        (void)async::wait_for(probe(*harness.driver, harness.clients, harness.owner.connection));
      INFO("seed " << seed << ", call " << i);
      REQUIRE(connect::live_grant(harness.state().connect));
    }
    // Well again: it works.
    harness.now_ms += 2 * 3'600'000;
    harness.client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::tokens("access-9", "refresh-9");
    };
    CHECK(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
  }
}

TEST_CASE("answers: under any answers a sign-in ends in its time, and only a yes is one",
          "[work]") {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    Harness harness;
    Chance chance(seed);
    const auto version = harness.begin_exchange();
    ScriptedClient::Answer last;
    harness.client->answer = [&](const http::ClientRequest&) { return last = chance.answer(); };
    const auto began = harness.driver->now();
    for (int steps = 0, attempts = 0;; ++steps) {
      REQUIRE(steps < 300);
      const auto phase = harness.state().connect.phase;
      const bool exchanging = std::holds_alternative<connect::Exchanging>(phase);
      if (!exchanging && !std::holds_alternative<connect::Proving>(phase)) break;
      const Effect effect =
          exchanging ? Effect{ExchangeCode{"attempt", version}} : Effect{ProveCompany{version}};
      const auto again = harness.perform(effect, attempts);
      attempts = again ? attempts + 1 : 0;
      if (again) harness.now_ms = std::max(harness.now_ms.load(), to_ms(*again.at));
      (void)harness.driver->take(harness.owner.connection, wire::by_time(), TimeReached{});
    }
    CHECK(harness.driver->now() - began <=
          connect::exchange_time + connect::proof_time + 3 * refresh::policy::longest_pause);
    CHECK_FALSE(harness.has(sealed_field::code, version));
    if (!connect::revocation(harness.state().connect, version)) continue;
    for (int i = 0; i < 20; ++i) {
      const bool ended = !harness.perform(Revoke{version}, i);
      const bool yes =
          last && oauth::read_revocation_answer(last->status, last->body) == Meaning::grant_ended;
      REQUIRE(ended == yes);
      REQUIRE(harness.has(sealed_field::access_token, version) == !ended);
      if (ended) break;
    }
  }
}

}  // namespace rekey::work::answers_test
