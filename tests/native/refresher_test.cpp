#include "native/work/refresher.hpp"

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "native/work/health.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::refresher_test {

using namespace rekey::work;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day = 24 * 60 * minute;

struct Background : Harness {
  Refresher refresher{*driver, clients};

  bool pass() {
    return refresher.pass([] { return false; });
  }
  std::size_t asked() const {
    std::size_t count = 0;
    for (const auto& each : client->requests())
      count += each.body.find("grant_type=refresh_token") != std::string::npos;
    return count;
  }
  /// Answers with good tokens, and tells the end of the grant if `hard_s` is not 0.
  void provide(std::int64_t hard_s = 0) {
    client->answer = [hard_s](const http::ClientRequest&) {
      wire::Json body{{"token_type", "bearer"},
                      {"access_token", "access-2"},
                      {"refresh_token", "refresh-2"},
                      {"expires_in", 3600},
                      {"x_refresh_token_expires_in", 8726400}};
      if (hard_s != 0) body["x_refresh_token_hard_expires_in"] = hard_s;
      return ScriptedClient::json(200, body);
    };
  }
  Health health() {
    const auto connection = driver->read(owner.connection);
    auto db = databases->borrow();
    return health_of(*db, connection, driver->now());
  }
  /// Time is told to this connection, as an earlier version left it to be.
  bool due_now() {
    auto db = databases->borrow();
    return !store::due_connections(*db, driver->now(), 1).empty();
  }
  long told(const std::string& detail) {
    auto db = databases->borrow();
    const auto all = store::newest_notices(*db, owner.connection, 50);
    return std::count_if(all.begin(), all.end(), [&](const wire::Notice& each) {
      return each.note == Note::grant_at_risk && each.detail == detail;
    });
  }
};

std::optional<Probe> probed(Background& back) {
  return async::wait_for(probe(*back.driver, back.clients, back.owner.connection));
}

}  // namespace

TEST_CASE("refresher: a connection in use is renewed before anybody meets its end", "[work]") {
  Background back;
  const auto version = back.link(3600);
  REQUIRE(Waiting(*back.driver, back.clients).fresh(back.owner, version));
  back.provide();
  back.now_ms += 40 * minute;
  back.pass();
  CHECK(back.asked() == 0);
  back.now_ms += 10 * minute;  // ten minutes are left
  back.pass();
  CHECK(back.asked() == 1);
  // Used no more, it is left alone.
  back.now_ms += 120 * minute;
  back.pass();
  CHECK(back.asked() == 1);
}

TEST_CASE("refresher: an idle connection is kept from the end of its refresh token", "[work]") {
  Background back;
  back.link(3600);
  back.provide();
  // A year without anybody asking: looked at every day, renewed a few times, never lost.
  for (int i = 0; i < 365; ++i) {
    back.now_ms += day;
    back.pass();
    (void)back.driver->take(back.owner.connection, wire::by_provider(), TimeReached{});
    REQUIRE(std::holds_alternative<connect::Linked>(back.state().connect.phase));
  }
  CHECK(back.asked() >= 10);
  CHECK(back.asked() <= 15);
}

TEST_CASE("probe: under another client id it says so, and writes, tells and sends nothing",
          "[work]") {
  Background back;
  const auto version = back.link(60);
  back.now_ms += 2 * minute;
  {
    auto db = back.databases->borrow();
    store::set_refresh_client(*db, {back.owner.connection, version}, "the client before");
  }
  const auto before = back.refreshing(version);
  const auto seq = back.driver->read(back.owner.connection).seq;
  const auto sent = back.client->requests().size();
  const auto told = probed(back);
  REQUIRE(told);
  CHECK_FALSE(told->works);
  CHECK(told->reason == "misconfigured");
  CHECK(back.refreshing(version) == before);
  CHECK(back.driver->read(back.owner.connection).seq == seq);
  CHECK(back.client->requests().size() == sent);
}

TEST_CASE("probe: how long the provider asks to wait is told", "[work]") {
  Background back;
  back.link(3600);
  back.client->answer = [](const http::ClientRequest&) {
    return http::ClientResponse{429, {{"Retry-After", "600"}}, ""};
  };
  const auto told = probed(back);
  REQUIRE(told);
  CHECK(told->reason == "throttled");
  CHECK(told->retry_after == std::chrono::seconds{600});
}

TEST_CASE("refresher: a clock that is 101 days ahead for a while ends nothing", "[work]") {
  Background back;
  const auto version = back.link(3600);
  back.provide();
  back.now_ms += 101 * day + minute;
  (void)back.driver->take(back.owner.connection, wire::by_time(), TimeReached{});  // of the import
  {
    auto db = back.databases->borrow();
    db->run("update connections set due = ?1", back.now_ms.load() - minute);
  }
  CHECK(back.due_now());
  CHECK_FALSE(back.driver->take(back.owner.connection, wire::by_time(), TimeReached{}).has_value());
  // What an earlier version had stored of when it ends is put right.
  CHECK_FALSE(back.due_now());
  CHECK(back.health().reason == "expired");
  CHECK(back.health().usable);
  CHECK(back.has(sealed_field::refresh_token, version));
  back.pass();
  CHECK(back.asked() == 1);
  CHECK(back.health().standing == Standing::linked);
  back.now_ms -= 101 * day;
  CHECK(Waiting(*back.driver, back.clients).fresh(back.owner, version)->value.reveal() ==
        "access-2");
}

TEST_CASE("refresher: our client refused past the stated end: it lives until the provider's word",
          "[work]") {
  Background back;
  const auto version = back.link(3600);
  for (const auto* error : {"invalid_client", "invalid_grant"}) {
    back.client->answer = [error](const http::ClientRequest&) {
      return ScriptedClient::json(400, {{"error", error}});
    };
    back.now_ms += 102 * day;
    (void)back.driver->take(back.owner.connection, wire::by_time(), TimeReached{});
    back.pass();
    CHECK(back.has(sealed_field::refresh_token, version));
    const auto* live = connect::live_grant(back.state().connect);
    CHECK((live != nullptr) == (error == std::string("invalid_client")));
  }
  CHECK(std::get<connect::Broken>(back.state().connect.phase).reason == connect::Ended::expired);
  CHECK(connect::kept_grant(back.state().connect));
}

TEST_CASE("refresher: a refresh token stated to live for no time at all lives on", "[work]") {
  Background back;
  const auto version = back.link(60);
  back.now_ms += 2 * minute;
  back.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(200, {{"token_type", "bearer"},
                                      {"access_token", "access-2"},
                                      {"refresh_token", "refresh-2"},
                                      {"expires_in", 3600},
                                      {"x_refresh_token_expires_in", 0}});
  };
  REQUIRE(Waiting(*back.driver, back.clients).fresh(back.owner, version));
  (void)back.driver->take(back.owner.connection, wire::by_time(), TimeReached{});
  CHECK(back.health().standing == Standing::linked);
  CHECK_FALSE(back.due_now());
  const auto asked = back.asked();
  back.pass();
  CHECK(back.asked() == asked);
}

TEST_CASE("refresher: the end after five years is told 90, 30 and 7 days before, once each",
          "[work]") {
  Background back;
  const auto version = back.link(60);
  constexpr std::int64_t left = 200;  // days
  const auto end = back.now_ms.load() + left * day;
  const auto provide = [&] { back.provide((end - back.now_ms.load()) / 1000); };
  back.now_ms += 2 * minute;
  provide();
  REQUIRE(Waiting(*back.driver, back.clients).fresh(back.owner, version));
  std::vector<std::int64_t> days;
  for (std::int64_t i = left - 1; i > 0; --i) {
    back.now_ms = end - i * day;
    provide();
    const auto before = back.told("expired");
    back.pass();
    back.pass();
    if (back.told("expired") > before) days.push_back(i);
    if (i == 100) CHECK(back.health().standing == Standing::linked);
    if (i == 80) {
      CHECK(back.health().standing == Standing::at_risk);
      CHECK(back.health().reason == "expired");
      CHECK(to_ms(*back.health().until) / 1000 == end / 1000);
    }
  }
  CHECK(days == std::vector<std::int64_t>{90, 30, 7});
  CHECK(back.told("expired") == 3);
}

TEST_CASE("refresher: a provider that is down is asked ever more rarely, for one connection",
          "[work]") {
  Background back;
  back.link(3600);
  // More connections that are due with it.
  for (int i = 0; i < 30; ++i) {
    const auto tenant = "tenant-" + std::to_string(i);
    auto db = back.databases->borrow();
    store::put_tenant(*db, tenant, tenant, back.driver->now());
    back.owner = {
        tenant, store::ensure_connection(*db, tenant, "quickbooks-online", back.driver->now()).id};
    db.reset();
    back.link(3600);
  }
  back.now_ms += 60 * day;
  back.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  back.pass();
  const auto first = back.asked();
  CHECK(first == 31);
  for (int second = 0; second < 60; ++second) {
    back.now_ms += 1000;
    back.pass();
  }
  CHECK(back.asked() - first <= 6);
  back.provide();
  for (int i = 0; i < 20; ++i) {
    back.now_ms += minute;
    back.pass();
  }
  auto db = back.databases->borrow();
  CHECK(store::due_refreshes(*db, back.driver->now(), 100).empty());
}

TEST_CASE("refresher: what is dead is told at the end of its access token, though nobody asks",
          "[work]") {
  Background back;
  const auto version = back.link(3600);
  REQUIRE(Waiting(*back.driver, back.clients).fresh(back.owner, version));
  back.client->answer = [](const http::ClientRequest&) {
    return ScriptedClient::json(400, {{"error", "invalid_grant"}});
  };
  back.pass();
  back.now_ms += 50 * minute;
  back.pass();
  const auto risk = back.health();
  CHECK(risk.standing == Standing::at_risk);
  CHECK(risk.reason == "refused");
  CHECK(*risk.until == from_ms(1'790'000'000'000 + 60 * minute));
  CHECK(risk.what_to_do.find("Connect") != std::string::npos);
  back.now_ms += 11 * minute;
  back.pass();
  const auto health = back.health();
  CHECK(health.standing == Standing::broken);
  CHECK(health.reason == "refused");
  CHECK(*health.since == back.driver->now());
  auto db = back.databases->borrow();
  CHECK(store::due_refreshes(*db, back.driver->now() + std::chrono::hours{10'000}, 10).empty());
}

TEST_CASE("refresher: a connection that cannot be read keeps no other from being renewed",
          "[work]") {
  Background back;
  back.link(3600);
  const auto unreadable = back.owner.connection;
  {
    auto db = back.databases->borrow();
    store::put_tenant(*db, "other", "Another tenant", back.driver->now());
    back.owner = {
        "other",
        store::ensure_connection(*db, "other", "quickbooks-online", back.driver->now()).id};
  }
  back.link(3600);
  {
    auto db = back.databases->borrow();
    db->run("update grants set refresh_due = 1");
    db->run("update grants set warn_due = 1 where connection = ?1", unreadable);
    db->run("update connections set state = '{}' where id = ?1", unreadable);
  }
  back.provide();
  back.pass();
  CHECK(back.asked() == 1);
}

TEST_CASE("refresher: two processes renew what is due once", "[work]") {
  Background back;
  back.link(3600);
  back.now_ms += 60 * day;
  back.provide();
  auto clients = back.clients;
  clients.owner = "other";
  clients.refreshing = std::make_shared<RefreshShare>();
  Refresher other(*back.driver, clients);
  std::thread beside([&] { other.pass([] { return false; }); });
  back.pass();
  beside.join();
  CHECK(back.asked() == 1);
}

TEST_CASE("health: a fault of ours and a provider in trouble are told apart", "[work]") {
  Background back;
  const auto version = back.link(3600);
  CHECK(back.health().standing == Standing::linked);
  back.now_ms += 58 * minute;
  const auto since = back.driver->now();
  int status = 503;
  wire::Json body = wire::Json::object();
  back.client->answer = [&](const http::ClientRequest&) {
    return ScriptedClient::json(status, body);
  };
  Waiting tokens(*back.driver, back.clients);
  REQUIRE(tokens.fresh(back.owner, version));
  CHECK(back.health().reason == "unavailable");
  CHECK(back.health().what_to_do.starts_with("Wait"));
  CHECK(back.health().since == since);
  CHECK(*back.health().retry_at > since);
  back.now_ms += minute;
  status = 401;
  body = {{"error", "invalid_client"}};
  REQUIRE(tokens.fresh(back.owner, version));
  CHECK(back.health().reason == "misconfigured");
  CHECK(back.health().since == since);
  CHECK(back.health().what_to_do.find("client secret") != std::string::npos);
}

TEST_CASE("health: a probe asks the provider, renews once, and ends nothing but what has ended",
          "[work]") {
  Background back;
  back.link(3600);
  bool ended = false;
  int status = 200;
  back.client->answer = [&](const http::ClientRequest& request) -> ScriptedClient::Answer {
    if (request.method == "POST" && ended)
      return ScriptedClient::json(400, {{"error", "invalid_grant"}});
    if (request.method == "POST") return ScriptedClient::tokens("access-2", "refresh-1");
    if (status != 200) return ScriptedClient::json(status, {});
    return ScriptedClient::json(200, {{"CompanyInfo", {{"Id", "1"}, {"CompanyName", "Books"}}}});
  };
  const auto good = probed(back);
  REQUIRE((good && good->works));
  CHECK(good->company.name == "Books");
  status = 503;
  const auto down = probed(back);
  REQUIRE(down);
  CHECK_FALSE(down->works);
  CHECK(down->reason == "unavailable");
  CHECK(back.health().standing == Standing::linked);
  status = 401;
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(probed(back)->works);
    CHECK(back.asked() == 1);
    CHECK(back.health().standing == Standing::at_risk);
    CHECK(back.health().reason == "access_refused");
  }
  // Looked at again by itself; what is well again is told.
  status = 200;
  back.now_ms += 10 * minute;
  back.pass();
  CHECK(back.health().standing == Standing::linked);
  // Disconnected from inside QuickBooks: that is for the token endpoint to say.
  status = 401;
  ended = true;
  CHECK_FALSE(probed(back)->works);
  CHECK(back.health().standing == Standing::broken);
  CHECK(back.health().reason == "revoked_outside");
  CHECK_FALSE(probed(back));
}

TEST_CASE("refresher: a caller who meets a renewal that time began gets its new token, not the old",
          "[work]") {
  Background back;
  const auto version = back.link(60);
  back.now_ms += 2 * minute;
  back.provide();
  // Another process has the turn, and shows life; the pass leaves it to that one.
  REQUIRE(back.take_turn(version, "other"));
  back.databases->borrow()->run("update grants set refresh_due = 1");
  back.clients.refreshing->times.look_every = Millis{5};
  Tokens tokens(*back.driver, back.clients);
  std::thread pass([&] { (void)async::wait_for(tokens.renew_if_due(back.owner, version)); });
  const store::GrantKey grant{back.owner.connection, version};
  std::thread other([&] {
    // Life is something that shows over time: the pass must see it change.
    for (int i = 0; i < 20; ++i) {
      auto db = back.databases->borrow();
      store::show_life(*db, grant, "other");
      db.reset();
      std::this_thread::sleep_for(Millis{5});
    }
    const auto now = back.driver->now();
    (void)GrantKeeper(*back.driver, back.clients)
        .move(grant, refresh::Renewed{"other", {now + std::chrono::hours{1}, {}, {}}, false, 0});
  });
  const auto token = Waiting(*back.driver, back.clients).fresh(back.owner, version);
  pass.join();
  other.join();
  REQUIRE(token);
  CHECK(token->revision == 2);
  CHECK(back.asked() == 0);
}

}  // namespace rekey::refresher_test
