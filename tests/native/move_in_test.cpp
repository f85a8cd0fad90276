#include <catch2/catch_test_macros.hpp>

#include "native/work/move_in.hpp"
#include "tests/native/work_harness.hpp"

// Grants from elsewhere: whose client they are of, and that none is taken for two tenants.

namespace rekey::move_in_test {

using namespace rekey::work;

namespace {

LineOutcome moved_in(Harness& harness, const std::string& line) {
  MoveIn moving(*harness.driver, "quickbooks-online", "client", wire::by_operator(), false);
  const std::string text = line + "\n";
  LineReader lines(source_of(text), {});
  auto out = moving.take(lines);
  REQUIRE(out.size() == 1);
  return std::move(out.front());
}

std::string grant_line(const std::string& tenant, const std::string& refresh_token,
                       const std::string& more = {}) {
  return R"({"tenant":")" + tenant + R"(","realm_id":"9","refresh_token":")" + refresh_token +
         "\"" + more + "}";
}

}  // namespace

TEST_CASE("moving in: a grant is of the configured client, or of the one that is named", "[work]") {
  Harness harness;
  const auto client_of = [&](const LineOutcome& of) {
    INFO(of.reason);
    REQUIRE(of.outcome == "imported");
    auto db = harness.databases->borrow();
    return store::client_of(*db, {of.connection, 1});
  };
  CHECK(client_of(moved_in(harness, grant_line("one", "RT-1"))) == "client");
  CHECK(client_of(moved_in(harness, grant_line("two", "RT-2", R"(,"client_id":"another")"))) ==
        "another");
  for (const std::string none : {"", "with space", "with\\u0000zero"}) {
    const auto refused =
        moved_in(harness, grant_line("three", "RT-3", ",\"client_id\":\"" + none + "\""));
    CHECK(refused.outcome == "refused");
    CHECK(refused.reason.find("client_id") != std::string::npos);
  }
  // It is not spent under another client.
  const auto other = moved_in(harness, grant_line("two", "RT-2"));
  CHECK(other.outcome == "unchanged");
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  const auto token = Waiting(*harness.driver, harness.clients).fresh({"two", other.connection}, 1);
  REQUIRE_FALSE(token);
  CHECK(token.error() == NoToken::misconfigured);
  CHECK(harness.client->requests().empty());
}

TEST_CASE("moving in: another tenant's refresh token is known, the one before it too", "[work]") {
  Harness harness;
  const auto version = harness.link(60);
  harness.now_ms += 120'000;
  harness.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::tokens("access-2", "refresh-2");
  };
  REQUIRE(Waiting(*harness.driver, harness.clients).fresh(harness.owner, version));
  for (const auto* token : {"refresh-2", "refresh-1"}) {
    INFO(token);
    const auto refused = moved_in(harness, grant_line("thief", token));
    CHECK(refused.outcome == "refused");
    CHECK(refused.reason.find("another tenant's") != std::string::npos);
  }
  CHECK(moved_in(harness, grant_line("thief", "refresh-3")).outcome == "imported");
}

}  // namespace rekey::move_in_test
