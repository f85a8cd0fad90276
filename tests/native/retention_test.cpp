// What goes by its age, and what must not.
#include <catch2/catch_test_macros.hpp>

#include "native/store/configurations.hpp"
#include "native/store/retention.hpp"
#include "native/work/retention.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::retention_test {

using namespace rekey::work;

namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;
// Half as many as there would be; still more, in the days below, than are removed at once.
constexpr int renewals_a_day = 12;

std::int64_t rows(Harness& harness, const std::string& table) {
  auto db = harness.databases->borrow();
  auto row = db->query("select count(*) from " + table);
  row.step();
  return row.int64(0);
}

std::int64_t pass(Harness& harness) {
  return Retention::pass(*harness.driver, [] { return false; });
}

/// The renewals of some days, as of a connection in use.
void renew_for(Harness& harness, std::int64_t version, int days) {
  for (int i = 0; i < renewals_a_day * days; ++i) {
    harness.now_ms += day_ms / renewals_a_day;
    REQUIRE(harness.driver->take(
        harness.owner.connection, wire::by_provider(),
        connect::GrantRefreshed{version, {harness.later(3600), harness.later(8'726'400), {}}}));
  }
}

std::vector<store::RawEvent> rows_of(Harness& harness) {
  auto db = harness.databases->borrow();
  return store::raw_events(*db, harness.owner.connection, 0, harness.later(1), 100'000);
}

/// Whether stepping through the history gives each stored state again, byte for byte.
bool replays(Harness& harness) {
  State state;
  for (const auto& row : rows_of(harness)) {
    const auto event = wire::read_as<Event>(*wire::parse(row.event, "event"), "event");
    REQUIRE(event);
    state = step(state, *event, row.at).next;
    if (wire::dump(wire::write(state)) != row.state) return false;
  }
  return state == harness.state();
}

}  // namespace

TEST_CASE("retention: what is over goes a day later, what is not stays", "[work]") {
  Harness harness;
  harness.begin_exchange();
  {
    auto db = harness.databases->borrow();
    store::put_attempt(*db, {"old", harness.owner.connection, "s", "r", harness.later(600)}, "h");
    db->run(
        "insert into idempotency (key, id, request, at, status) values ('k', 'i', 'r', ?1, 200)",
        harness.now_ms.load());
    db->run("insert into audit (at, event, actor, detail) values (?1, 'x', '', '')",
            harness.now_ms.load());
  }
  CHECK(pass(harness) == 0);
  harness.now_ms += day_ms + 601'000;
  CHECK(pass(harness) == 2);
  CHECK(rows(harness, "attempts") == 0);
  CHECK(rows(harness, "idempotency") == 0);
  CHECK(rows(harness, "audit") == 1);
  harness.now_ms += 400 * day_ms;
  CHECK(pass(harness) == 1);
  CHECK(rows(harness, "audit") == 0);
}

TEST_CASE("retention: more rows than one bite go in one pass", "[work]") {
  Harness harness;
  {
    auto db = harness.databases->borrow();
    store::in_transaction(*db, [&] {
      for (int i = 0; i < 1700; ++i)
        store::put_attempt(
            *db, {std::to_string(i), harness.owner.connection, "s", "r", harness.later(600)},
            std::to_string(i));
    });
  }
  harness.now_ms += 2 * day_ms;
  CHECK(pass(harness) == 1700);
}

TEST_CASE("retention: it ends early when it is told to", "[work]") {
  Harness harness;
  CHECK(Retention::pass(*harness.driver, [] { return true; }) == 0);
}

TEST_CASE("retention: of old renewals in a row the newest stays, and the history still replays",
          "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  renew_for(harness, version, 40);
  // Something else happens, and splits them: the first import is given up.
  REQUIRE(harness.driver->take(harness.owner.connection, wire::by_time(), TimeReached{}));
  renew_for(harness, version, 40);
  const auto before = rows_of(harness);
  REQUIRE(replays(harness));
  // Those of the first forty days, and of ten after, are older than thirty.
  CHECK(pass(harness) > renewals_a_day * 49);
  const auto after = rows_of(harness);
  CHECK(replays(harness));
  CHECK(after.back().state == before.back().state);
  const auto recent = [&](const std::vector<store::RawEvent>& all) {
    std::size_t count = 0;
    for (const auto& each : all) count += each.at >= harness.driver->now() - renewals_kept;
    return count;
  };
  CHECK(recent(after) == recent(before));
  // Everything but renewals is there.
  CHECK(after.size() < recent(after) + 12);
  CHECK(pass(harness) == 0);
}

TEST_CASE("retention: year in, year out, a history of renewals stays as long as a month's",
          "[work][slow]") {
  Harness harness;
  const auto version = harness.link(3600);
  std::size_t most = 0;
  for (int week = 0; week < 12; ++week) {
    renew_for(harness, version, 7);
    pass(harness);
    if (week > 6) most = std::max(most, rows_of(harness).size());
  }
  CHECK(most < renewals_a_day * (30 + 7 + 2) + 10);
  CHECK(replays(harness));
}

TEST_CASE("retention: a renewal that changed more than the next one would stays", "[work]") {
  Harness harness;
  const auto version = harness.link(3600);
  // The first names the end of the grant, those after do not: without it, that would be lost.
  harness.now_ms += hour_ms;
  const Instant end = harness.later(86400 * 900);
  REQUIRE(harness.driver->take(
      harness.owner.connection, wire::by_provider(),
      connect::GrantRefreshed{version, {harness.later(3600), harness.later(8'726'400), end}}));
  renew_for(harness, version, 40);
  const auto before = rows_of(harness).size();
  pass(harness);
  CHECK(replays(harness));
  CHECK(connect::live_grant(harness.state().connect)->hard_expires == end);
  CHECK(rows_of(harness).size() <= before);
}

TEST_CASE("retention: of saved configurations the newest hundred stay, of snapshots twenty",
          "[work]") {
  Harness harness;
  auto db = harness.databases->borrow();
  const auto& connection = harness.owner.connection;
  for (int i = 1; i <= 130; ++i) {
    const auto now = harness.later(i);
    store::put_draft(*db, connection, "123", i, {}, now);
    CHECK(store::mark_saved(*db, connection, i) == (i > 100 ? 1 : 0));
    CHECK(store::mark_saved(*db, connection, i) == 0);
    store::take_snapshot(*db, connection, "123", now);
  }
  CHECK_FALSE(store::mark_saved(*db, connection, 131));
  store::put_draft(*db, connection, "456", 131, {}, harness.later(200));
  CHECK(rows(harness, "configurations where saved = 1") == 100);
  CHECK(rows(harness, "configurations where saved = 0") == 1);
  CHECK(rows(harness, "snapshots") == 20);
  CHECK(store::newest_configuration(*db, connection, "123", true)->revision == 130);
}

TEST_CASE("retention: choices that were never saved go after ninety days, saved ones stay",
          "[work]") {
  Harness harness;
  const auto& connection = harness.owner.connection;
  {
    auto db = harness.databases->borrow();
    store::put_draft(*db, connection, "123", 1, {}, harness.driver->now());
    CHECK(store::mark_saved(*db, connection, 1));
    store::put_draft(*db, connection, "123", 2, {}, harness.driver->now());
  }
  harness.now_ms += 89 * day_ms;
  pass(harness);
  CHECK(rows(harness, "configurations") == 2);
  harness.now_ms += 2 * day_ms;
  CHECK(pass(harness) == 1);
  auto db = harness.databases->borrow();
  const auto left = store::newest_configuration(*db, connection, "123", false);
  REQUIRE(left);
  CHECK(left->saved);
  CHECK(left->revision == 1);
}

}  // namespace rekey::retention_test
