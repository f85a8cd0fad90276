#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "native/server/return_url.hpp"
#include "native/server/session_keeper.hpp"
#include "native/store/keys.hpp"
#include "native/store/sessions.hpp"
#include "native/work/move_in.hpp"
#include "native/work/retention.hpp"
#include "native/work/shared_company.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::sessions_test {

using namespace rekey::store;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A tenant with a connection, and what is needed to sign somebody in to its page.
struct Page : work::Harness {
  PageVisit visit(const std::string& key = {}) {
    return {owner.tenant, owner.connection, {"u-1", "Ida Brook"}, {}, key};
  }
  void begin(const std::string& hash, int seen = 0, const std::string& key = {}) {
    auto db = databases->borrow();
    put_page_session(*db, hash, {"ses_" + hash, visit(key), later(seen), later(seen), later(3600)});
  }
  bool lives(const std::string& hash, int idle = 600) {
    auto db = databases->borrow();
    return page_session(*db, hash, driver->now(), later(-idle)).has_value();
  }
};

}  // namespace

TEST_CASE("page sessions: over at their time, after resting, and when they are ended", "[store]") {
  Page page;
  page.begin("a");
  page.begin("b", -599);
  page.begin("c", -600);
  CHECK(page.lives("a"));
  CHECK(page.lives("b"));
  CHECK_FALSE(page.lives("c"));
  {
    auto db = page.databases->borrow();
    note_page_session_seen(*db, "c", page.driver->now());
  }
  CHECK(page.lives("c"));
  {
    auto db = page.databases->borrow();
    CHECK(end_page_session(*db, "c", page.driver->now()) == 1);
    CHECK(end_page_session(*db, "c", page.driver->now()) == 0);
    REQUIRE(page_visit_by_id(*db, "ses_b"));
    CHECK(page_visit_by_id(*db, "ses_b")->tenant == page.owner.tenant);
    CHECK(end_page_session_by_id(*db, "ses_b", page.driver->now()) == 1);
    CHECK_FALSE(page_visit_by_id(*db, "ses_b"));
  }
  CHECK_FALSE(page.lives("c"));
  CHECK_FALSE(page.lives("b"));
  page.now_ms += 3'600'000;
  CHECK_FALSE(page.lives("a", 36'000));
  auto db = page.databases->borrow();
  CHECK(end_page_sessions_over(*db, page.driver->now(), page.later(-36'000)) == 1);
  CHECK(end_page_sessions_over(*db, page.driver->now(), page.later(-36'000)) == 0);
}

TEST_CASE("page sessions: end with the key that minted them, as do its links", "[store]") {
  Page page;
  auto db = page.databases->borrow();
  put_api_key(*db, "key-hash", {"key_1", "one", "*", {}, {}, page.driver->now()});
  page.begin("a", 0, "key_1");
  page.begin("b");
  put_page_token(*db, "token", page.visit("key_1"), page.later(300));
  CHECK(page.lives("a"));
  CHECK(page_token(*db, "token"));
  SECTION("by the command") {
    CHECK(revoke_api_key(*db, "key_1"));
  }
  SECTION("when the key is taken away") {
    db->run("delete from api_keys where id = 'key_1'");
  }
  CHECK_FALSE(page.lives("a"));
  CHECK_FALSE(page_token(*db, "token"));
  CHECK(page.lives("b"));
}

TEST_CASE("page sessions: the one that rested longest makes room", "[store]") {
  Page page;
  page.begin("old", -30);
  page.begin("oldest", -40);
  page.begin("new", -10);
  auto db = page.databases->borrow();
  CHECK(end_idlest_page_sessions(*db, page.owner.tenant, 2, page.driver->now()) == 1);
  CHECK_FALSE(page.lives("oldest"));
  CHECK(page.lives("old"));
  CHECK(end_idlest_page_sessions(*db, "another", 0, page.driver->now()) == 0);
}

TEST_CASE("page sessions: one that is over still says, for a day, where it led back to",
          "[store]") {
  Page page;
  auto db = page.databases->borrow();
  const auto begin = [&](const std::string& hash, const std::string& return_url) {
    auto visit = page.visit();
    visit.return_url = return_url;
    put_page_session(*db, hash,
                     {"ses_" + hash, visit, page.later(0), page.later(0), page.later(3600)});
  };
  const auto back = [&](const std::string& hash) {
    return ended_return_url(*db, hash, page.owner.connection);
  };
  for (const char* each : {"ended", "named", "all"}) begin(each, "https://app.example.com/");
  begin("without", "");
  put_page_token(*db, "link", page.visit(), page.later(300));
  const auto now = page.driver->now();
  CHECK(end_page_session(*db, "ended", now) == 1);
  CHECK(end_page_session_by_id(*db, "ses_named", now) == 1);
  CHECK(end_page_sessions_of(*db, page.owner.tenant, now) == 2);
  for (const char* each : {"ended", "named", "all"}) {
    INFO(each);
    CHECK_FALSE(page.lives(each));
    CHECK(back(each) == "https://app.example.com/");
    CHECK_FALSE(ended_return_url(*db, each, "con_another"));
    // It signs no one in, and says nothing of the person.
    REQUIRE(page_token(*db, each));
    CHECK(page_token(*db, each)->used);
    CHECK(page_token(*db, each)->visit.user.name.empty());
  }
  CHECK_FALSE(back("without"));
  REQUIRE(page_token(*db, "link"));
  CHECK(page_token(*db, "link")->used);
  CHECK(page_token(*db, "link")->visit.user.id.empty());
  const auto stop = [] { return false; };
  page.now_ms += 23 * 3'600'000;
  work::Retention::pass(*page.driver, stop);
  CHECK(back("ended"));
  page.now_ms += 2 * 3'600'000;
  work::Retention::pass(*page.driver, stop);
  CHECK_FALSE(back("ended"));
}

TEST_CASE("page sessions: what a revoked key said of the way back is not repeated", "[store]") {
  Page page;
  auto db = page.databases->borrow();
  put_api_key(*db, "key-hash", {"key_1", "one", "*", {}, {}, page.driver->now()});
  auto visit = page.visit("key_1");
  visit.return_url = "https://app.example.com/";
  put_page_session(*db, "a", {"ses_a", visit, page.later(0), page.later(0), page.later(3600)});
  put_page_session(*db, "b", {"ses_b", visit, page.later(0), page.later(0), page.later(3600)});
  CHECK(end_page_session(*db, "a", page.driver->now()) == 1);
  CHECK(ended_return_url(*db, "a", page.owner.connection));
  db->run("delete from api_keys where id = 'key_1'");
  CHECK_FALSE(ended_return_url(*db, "a", page.owner.connection));
  CHECK_FALSE(ended_return_url(*db, "b", page.owner.connection));
}

TEST_CASE("page tokens: used once, and still known afterwards by where they lead back", "[store]") {
  Page page;
  auto db = page.databases->borrow();
  auto visit = page.visit();
  visit.return_url = "https://app.example.com/";
  put_page_token(*db, "token", visit, page.later(300));
  CHECK(use_page_token(*db, "token"));
  CHECK_FALSE(use_page_token(*db, "token"));
  CHECK_FALSE(use_page_token(*db, "none"));
  const auto known = page_token(*db, "token");
  REQUIRE(known);
  CHECK(known->used);
  CHECK(known->visit.return_url == "https://app.example.com/");
  CHECK(known->visit.user.name.empty());
}

TEST_CASE("page sessions: the watcher of one hears of its end once, and of no other's", "[work]") {
  Page page;
  page.begin("a");
  page.begin("b");
  server::SessionKeeper keeper(*page.driver, std::chrono::minutes{10});
  std::atomic<int> ended_a{0}, ended_b{0};
  const auto a = keeper.watch("a", [&] { ++ended_a; });
  const auto b = keeper.watch("b", [&] { ++ended_b; });
  {
    auto db = page.databases->borrow();
    end_page_session(*db, "a", page.driver->now());
  }
  page.driver->hub().tell("page_sessions");
  for (int i = 0; i < 200 && ended_a == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  CHECK(ended_a == 1);
  CHECK(ended_b == 0);
  page.now_ms += 601'000;
  for (int i = 0; i < 200 && ended_b == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  CHECK(ended_b == 1);
  CHECK(ended_a == 1);
}

TEST_CASE("page sessions: so many deeds a minute, each session for itself", "[work]") {
  Page page;
  server::SessionKeeper keeper(*page.driver, std::chrono::minutes{10});
  for (int i = 0; i < 60; ++i) CHECK_FALSE(keeper.spend("a", server::Deed::act));
  const auto wait = keeper.spend("a", server::Deed::act);
  REQUIRE(wait);
  CHECK(wait->count() >= 1);
  CHECK_FALSE(keeper.spend("b", server::Deed::act));
  CHECK_FALSE(keeper.spend("a", server::Deed::write));
}

TEST_CASE("attempts: are handed over to the session that takes the place of another", "[store]") {
  Page page;
  auto db = page.databases->borrow();
  put_attempt(*db,
              {"att_1", page.owner.connection, "old", "https://here.example/", page.later(600)},
              "state-1");
  put_attempt(*db,
              {"att_2", page.owner.connection, "other", "https://here.example/", page.later(600)},
              "state-2");
  hand_over_attempts(*db, page.owner.connection, "old", "new");
  CHECK(attempt_by_state(*db, "state-1")->session == "new");
  CHECK(attempt_by_state(*db, "state-2")->session == "other");
}

TEST_CASE("grants: a refresh token is known again for as long as it is kept", "[work]") {
  Page page;
  const auto version = page.link(3600);
  auto db = page.databases->borrow();
  const auto hash = vault::sha256_hex("refresh-1");
  CHECK(is_refresh_token_elsewhere(*db, "another", hash));
  CHECK_FALSE(is_refresh_token_elsewhere(*db, page.owner.tenant, hash));
  CHECK_FALSE(is_refresh_token_elsewhere(*db, "another", ""));
  page.driver->secrets().put(*db, page.owner, work::sealed_field::refresh_token, version,
                             Secret(std::string("refresh-2")));
  CHECK_FALSE(is_refresh_token_elsewhere(*db, "another", hash));
  CHECK(is_refresh_token_elsewhere(*db, "another", vault::sha256_hex("refresh-2")));
  page.driver->secrets().forget(*db, page.owner, version);
  CHECK_FALSE(is_refresh_token_elsewhere(*db, "another", vault::sha256_hex("refresh-2")));
}

TEST_CASE("companies: another tenant's live grant is seen, and no dead one", "[work]") {
  Page page;
  const auto version = page.link(3600);
  auto db = page.databases->borrow();
  CHECK(work::company_is_elsewhere(*db, "another", "123"));
  CHECK_FALSE(work::company_is_elsewhere(*db, page.owner.tenant, "123"));
  CHECK_FALSE(work::company_is_elsewhere(*db, "another", "124"));
  CHECK_FALSE(work::company_is_elsewhere(*db, "another", ""));
  (void)page.driver->take(page.owner.connection, wire::by_provider(),
                          connect::GrantEnded{version, connect::Ended::refused});
  CHECK_FALSE(work::company_is_elsewhere(*db, "another", "123"));
}

TEST_CASE("companies: one whose code waits while its customer is told counts, a stopped one not",
          "[work]") {
  Page page;
  (void)page.begin_exchange(page.later(5));
  auto db = page.databases->borrow();
  CHECK(work::company_is_elsewhere(*db, "another", "123"));
  (void)page.driver->take(page.owner.connection, wire::by_provider(), connect::CancelPressed{});
  CHECK_FALSE(work::company_is_elsewhere(*db, "another", "123"));
}

TEST_CASE("companies: the host is told once for an attempt", "[work]") {
  Page page;
  auto db = page.databases->borrow();
  const auto connection = page.driver->read(page.owner.connection);
  for (const char* attempt : {"att_1", "att_1", "att_2"})
    work::tell_company_shared(*db, connection, {"123", {}}, attempt, wire::by_provider(), false,
                              page.driver->now());
  auto row = db->query("select count(*), min(type), min(body) from webhook_messages");
  REQUIRE(row.step());
  CHECK(row.int64(0) == 2);
  CHECK(row.text(1) == "connection.company_shared");
  CHECK_THAT(row.text(2), ContainsSubstring("\"realm_id\":\"123\""));
}

TEST_CASE("companies: one that is moved in for a second tenant is told of, or refused", "[work]") {
  Page page;
  (void)page.link(3600);
  const auto take = [&](const std::string& tenant, bool forbid) {
    work::MoveIn moving(*page.driver, "quickbooks-online", "client", wire::by_operator(), forbid);
    const std::string text =
        R"({"tenant":")" + tenant + R"(","realm_id":"123","refresh_token":"RT-)" + tenant + "\"}\n";
    work::LineReader lines(work::source_of(text), {});
    const auto out = moving.take(lines);
    REQUIRE(out.size() == 1);
    return out.front();
  };
  const auto count = [&](const std::string& of) {
    auto db = page.databases->borrow();
    auto row = db->query("select count(*) from " + of);
    REQUIRE(row.step());
    return row.int64(0);
  };
  const auto tenants = count("tenants");
  const auto refused = take("second", true);
  CHECK(refused.outcome == "refused");
  CHECK_THAT(refused.reason, ContainsSubstring("shared-company"));
  CHECK_THAT(refused.reason, !ContainsSubstring(page.owner.connection));
  CHECK(count("tenants") == tenants);
  CHECK(count("webhook_messages where type = 'connection.company_shared'") == 0);
  CHECK(take("second", false).outcome == "imported");
  CHECK(count("webhook_messages where type = 'connection.company_shared'") == 1);
  // The same line again changes nothing, whatever was decided since.
  CHECK(take("second", false).outcome == "unchanged");
  CHECK(take("second", true).outcome == "unchanged");
  CHECK(count("webhook_messages where type = 'connection.company_shared'") == 1);
}

TEST_CASE("companies: where the proof tells the company, it is refused there if two are forbidden",
          "[work]") {
  Page page;
  (void)page.link(3600);
  std::string other;
  {
    auto db = page.databases->borrow();
    put_tenant(*db, "another", "Another", page.driver->now());
    other = ensure_connection(*db, "another", "quickbooks-online", page.driver->now()).id;
  }
  CHECK_FALSE(work::is_forbidden_company(*page.driver, other, {"123", "Books"}, false));
  CHECK(work::is_forbidden_company(*page.driver, other, {"123", "Books"}, true));
  CHECK_FALSE(work::is_forbidden_company(*page.driver, other, {"124", "Books"}, true));
  CHECK_FALSE(
      work::is_forbidden_company(*page.driver, page.owner.connection, {"123", "Books"}, true));
}

TEST_CASE("return_url: only where the operator allows, and only what no reader sees in two ways",
          "[server]") {
  const std::vector<std::string> hosts = {"app.example.com", "127.0.0.1", "[::1]:3000",
                                          "books.example.com:8443"};
  for (const char* good :
       {"https://app.example.com", "https://APP.example.com/x?y#z", "HTTPS://app.example.com:444/",
        "http://127.0.0.1:3000/", "http://[::1]:3000/", "https://books.example.com:8443"})
    CHECK(server::check_return_url(good, hosts));
  for (const char* bad : {"http://app.example.com/",
                          "https://evil.example/",
                          "https://app.example.com.evil.example/",
                          "https://app.example.com@evil.example/",
                          "https://x@app.example.com/",
                          "javascript:alert(1)//app.example.com",
                          "//app.example.com/",
                          "https:/app.example.com/",
                          "https://evil.example\\.app.example.com/",
                          "https://app.example.com\n/",
                          "https://app.example.com:x/",
                          "https://app.example.com:443443/",
                          "https://books.example.com/",
                          "http://[::1]/",
                          "https://",
                          "app.example.com",
                          "http://127.0.0.1.evil.example/",
                          "https://evil.example/app.example.com",
                          "https://evil.example#app.example.com",
                          ""})
    CHECK_FALSE(server::check_return_url(bad, hosts));
  const auto none = server::check_return_url("https://app.example.com/", {});
  REQUIRE_FALSE(none);
  CHECK_THAT(none.error().hint, ContainsSubstring("return-hosts"));
}

}  // namespace rekey::sessions_test
