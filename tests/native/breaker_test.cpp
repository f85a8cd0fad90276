#include <catch2/catch_test_macros.hpp>

#include "tests/native/work_harness.hpp"

// How many grants may end at once: what counts as alive, and what as ending.

namespace rekey::breaker_test {

using namespace rekey::work;

namespace {

constexpr std::int64_t a_minute = 60'000;

/// Several connections of tenants of their own, whose grants are asked one by one.
struct Many : Harness {
  explicit Many(int count) {
    for (int i = 0; i < count; ++i) {
      const auto tenant = "tenant-" + std::to_string(i);
      auto db = databases->borrow();
      store::put_tenant(*db, tenant, tenant, driver->now());
      owner = {tenant,
               store::ensure_connection(*db, tenant, "quickbooks-online", driver->now()).id};
      db.reset();
      link(3600);
      all.push_back(owner);
    }
  }

  const connect::Linked* live(const Owner& of) {
    last = driver->read(of.connection).state;
    return connect::live_grant(last.connect);
  }
  /// The provider says that this one has ended.
  void refuse(const Owner& of) {
    client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(400, {{"error", "invalid_grant"}});
    };
    (void)Waiting(*driver, clients).fresh(of, live(of)->version);
  }
  bool is_held(const Owner& of) {
    const auto* known = live(of);
    if (!known) return false;
    auto db = databases->borrow();
    const auto row = store::refresh_row(*db, {of.connection, known->version});
    return refresh::standing<refresh::HeldBack>(row->state.phase) != nullptr;
  }
  /// The customer signs in again, as far as the proof of the company.
  std::int64_t begin_again(const Owner& of) {
    owner = of;
    const auto attempt = "attempt-" + std::to_string(++attempts);
    REQUIRE(driver->take(of.connection, wire::by_provider(),
                         connect::ConnectPressed{attempt, later(600)}));
    REQUIRE(driver->take(
        of.connection, wire::by_provider(), connect::CallbackArrived{attempt},
        [&](store::Database& db, const store::StoredConnection&, const Step& taken) {
          const auto version = taken.next.connect.versions;
          driver->secrets().put(db, of, sealed_field::code, version, Secret(std::string("code")));
          store::put_grant(db, of.connection, version,
                           {"123", "https://here.example/callback", {}, 0});
        }));
    const auto version = driver->read(of.connection).state.connect.versions;
    client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::tokens("access-new", "refresh-new");
    };
    perform(ExchangeCode{attempt, version});
    return version;
  }
  void reconnect(const Owner& of) {
    const auto version = begin_again(of);
    REQUIRE(driver->take(of.connection, wire::by_provider(),
                         connect::CompanyProved{version, {"123", "Books"}}));
  }

  std::vector<Owner> all;
  State last;
  int attempts = 0;
};

}  // namespace

TEST_CASE("breaker: what was held back and is replaced counts no more", "[work]") {
  Many many(8);
  many.clients.ends_at_most = 1;
  many.now_ms += 60 * a_minute;
  many.refuse(many.all[0]);
  CHECK_FALSE(many.live(many.all[0]));
  for (int i = 1; i < 7; ++i) {
    many.refuse(many.all[i]);
    CHECK(many.is_held(many.all[i]));
  }
  for (int i = 1; i < 7; ++i) many.reconnect(many.all[i]);
  many.now_ms += 60 * a_minute;
  many.refuse(many.all[7]);
  CHECK_FALSE(many.live(many.all[7]));
}

TEST_CASE("breaker: the share is of the grants that live, not of all there ever were", "[work]") {
  Many many(4);
  for (int round = 0; round < 5; ++round)
    for (const auto& each : many.all) many.reconnect(each);
  CHECK(store::living_grants(*many.databases->borrow()) == 4);
  many.clients.ends_at_most = 1;
  many.clients.ends_percent = 25;
  many.now_ms += 60 * a_minute;
  many.refuse(many.all[0]);
  CHECK_FALSE(many.live(many.all[0]));
  // Two of four, where one may end: of the 24 rows there are it would be one in twelve.
  many.refuse(many.all[1]);
  CHECK(many.is_held(many.all[1]));
  many.clients.ends_at_most = 0;
  many.now_ms += 60 * a_minute;
  many.refuse(many.all[2]);
  CHECK_FALSE(many.live(many.all[2]));
}

TEST_CASE("breaker: a disconnected grant is none that lives", "[work]") {
  Many many(2);
  REQUIRE(
      many.driver->take(many.all[0].connection, wire::by_provider(), connect::DisconnectPressed{}));
  CHECK(store::living_grants(*many.databases->borrow()) == 1);
}

TEST_CASE("at risk: after a sign-in that failed, it is the live grant that is counted", "[work]") {
  Many many(1);
  many.now_ms += 60 * a_minute;
  many.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  (void)Waiting(*many.driver, many.clients).fresh(many.all[0], many.live(many.all[0])->version);
  const std::map<std::string, std::int64_t> one = {{"unavailable", 1}};
  CHECK(store::grants_at_risk(*many.databases->borrow()) == one);
  const auto version = many.begin_again(many.all[0]);
  REQUIRE(many.driver->take(many.all[0].connection, wire::by_provider(),
                            connect::ProofFailed{version, connect::Failed::company_refused}));
  REQUIRE(many.live(many.all[0])->version < version);
  CHECK(store::grants_at_risk(*many.databases->borrow()) == one);
}

}  // namespace rekey::breaker_test
