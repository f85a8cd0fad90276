// From a delivery of changed records to the rows that were imported.
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "native/store/change_notices.hpp"
#include "native/store/imported.hpp"
#include "native/work/change_intake.hpp"
#include "native/work/change_reader.hpp"
#include "native/work/follow_changes.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::changes_test {

using namespace rekey::work;
using accounting::ChangeDelivery;
using imports::Entity;
using store::ChangedRecord;

namespace {

ChangeDelivery told(std::vector<accounting::ChangeNotice> notices) {
  return {std::move(notices), 0};
}

struct Changes : Harness {
  Intake take(const ChangeDelivery& delivery) {
    return take_in(*driver, "quickbooks-online", delivery);
  }
  std::optional<store::ChangesToRead> claim() {
    auto db = databases->borrow();
    return store::claim_changes(*db, driver->now(), later(300));
  }
  std::int64_t noted() {
    auto db = databases->borrow();
    return store::noted_changes(*db);
  }
  store::List customers() { return {owner.connection, "123", Entity::customer}; }

  /// An import that is over: these customers, each called after its id, and no tax codes.
  void imported(const std::vector<std::string>& ids) {
    const auto run = state().import.run;
    for (const auto each : imports::current_plan())
      (void)driver->take(owner.connection, wire::by_provider(),
                         imports::PageImported{run, each, 0, {}, true});
    REQUIRE(imports::in_use(state().import));
    auto db = databases->borrow();
    std::vector<imports::Row> rows;
    for (const auto& id : ids)
      rows.push_back({id, wire::dump({{"Id", id}, {"DisplayName", "Old " + id}})});
    store::in_transaction(*db, [&] {
      std::vector<store::ListRead> read;
      for (const auto entity : {Entity::customer, Entity::tax_code}) {
        store::begin_list(*db, {owner.connection, "123", entity}, run, driver->now());
        read.push_back({entity, 0});
      }
      store::put_staged(*db, customers(), run, 0, rows, driver->now());
      store::use_staged(*db, owner.connection, "123", read, driver->now());
    });
  }
  /// "Old 1", or what there is instead; "gone", or "none".
  std::string name_of(const std::string& id) {
    auto db = databases->borrow();
    const auto row = store::imported_row(*db, customers(), id);
    if (!row) return "none";
    return row->gone ? "gone" : wire::Json::parse(row->body).value("DisplayName", "");
  }
  /// The provider tells that these customers were changed, to "New", and these are gone.
  static ScriptedClient::Answer changed(const std::vector<std::string>& ids,
                                        const std::vector<std::string>& gone = {}) {
    wire::Json rows = wire::Json::array();
    for (const auto& id : ids) rows.push_back({{"Id", id}, {"DisplayName", "New " + id}});
    for (const auto& id : gone) rows.push_back({{"Id", id}, {"status", "Deleted"}});
    wire::Json block = wire::Json::object();
    block["Customer"] = rows;
    wire::Json response = wire::Json::object();
    response["QueryResponse"] = wire::Json::array({block});
    wire::Json body = wire::Json::object();
    body["CDCResponse"] = wire::Json::array({response});
    body["time"] = "2026-09-21T14:13:21.000-07:00";
    return ScriptedClient::json(200, body);
  }
  accounting::Read<std::int64_t> follow(std::vector<ChangedRecord> records) {
    return async::wait_for(
        follow_changes(*driver, clients, {owner.connection, 0, std::move(records)}));
  }
  static async::Task<accounting::Read<std::int64_t>> refused() {
    co_return tl::unexpected(oauth::Failure{oauth::Meaning::rights_lost});
  }
  template <class F>
  bool until(F&& holds) {
    for (int i = 0; i < 2000; ++i) {
      if (holds()) return true;
      std::this_thread::sleep_for(Millis{5});
    }
    return false;
  }
};

}  // namespace

TEST_CASE("changes: notes are of one record each, due together, and taken by one", "[store]") {
  Changes t;
  auto db = t.databases->borrow();
  const auto& id = t.owner.connection;
  const auto now = t.driver->now();
  store::note_changes(*db, id, {{Entity::customer, "7", now}, {Entity::vendor, "8", now}},
                      t.later(1));
  store::note_changes(*db, id, {{Entity::customer, "7", t.later(1)}}, t.later(9));
  CHECK(store::noted_changes(*db) == 2);
  CHECK(store::next_changes_at(*db) == t.later(1));
  CHECK_FALSE(store::claim_changes(*db, now, t.later(300)));
  const auto taken = store::claim_changes(*db, t.later(1), t.later(300));
  REQUIRE(taken);
  CHECK(taken->attempts == 0);
  CHECK(taken->records == std::vector<ChangedRecord>{{Entity::customer, "7", t.later(1)},
                                                     {Entity::vendor, "8", now}});
  CHECK_FALSE(store::claim_changes(*db, t.later(299), t.later(600)));
  // The one that took them died.
  CHECK(store::claim_changes(*db, t.later(300), t.later(600))->attempts == 1);
}

TEST_CASE("changes: what was noted again while it was read stays", "[store]") {
  Changes t;
  auto db = t.databases->borrow();
  const auto& id = t.owner.connection;
  const auto now = t.driver->now();
  store::note_changes(*db, id, {{Entity::customer, "7", now}, {Entity::customer, "8", now}}, now);
  const auto taken = store::claim_changes(*db, now, t.later(300));
  REQUIRE(taken);
  store::note_changes(*db, id, {{Entity::customer, "8", t.later(1)}}, t.later(2));
  store::changes_are_read(*db, *taken, t.later(3));
  CHECK(store::noted_changes(*db) == 1);
  CHECK(store::next_changes_at(*db) == t.later(3));
  const auto rest = store::claim_changes(*db, t.later(3), t.later(300));
  REQUIRE(rest);
  CHECK(rest->records == std::vector<ChangedRecord>{{Entity::customer, "8", t.later(1)}});
  store::changes_are_read(*db, *rest, t.later(9));
  CHECK_FALSE(store::next_changes_at(*db));
}

TEST_CASE("changes: refused deliveries are counted by why", "[store]") {
  Changes t;
  auto db = t.databases->borrow();
  CHECK(store::refused_deliveries(*db, store::delivery_not_set_up).count == 0);
  store::note_refused_deliveries(*db, store::delivery_not_set_up, 2, t.driver->now());
  store::note_refused_deliveries(*db, store::delivery_not_set_up, 3, t.later(5));
  CHECK(store::refused_deliveries(*db, store::delivery_not_set_up).count == 5);
  CHECK(store::refused_deliveries(*db, store::delivery_not_set_up).at == t.later(5));
}

TEST_CASE("changes: a delivery is noted for connections that live by a grant for its company",
          "[work]") {
  Changes t;
  const auto delivery = told({{"123", Entity::customer, "7"}, {"999", Entity::customer, "7"}});
  CHECK(t.take(delivery).unknown_companies == 2);
  t.link(3600);
  const auto came = t.take(delivery);
  CHECK(came.noted == 1);
  CHECK(came.unknown_companies == 1);
  // Played again, it is the same note.
  CHECK(t.take(delivery).noted == 1);
  CHECK(t.noted() == 1);
  CHECK_FALSE(t.claim());
  t.now_ms += changes_gather.count();
  const auto taken = t.claim();
  REQUIRE(taken);
  CHECK(taken->connection == t.owner.connection);
  CHECK(taken->records.size() == 1);
  CHECK(take_in(*t.driver, "abacus-books", delivery).unknown_companies == 2);
}

TEST_CASE("changes: very many records of a list are noted as the list", "[work]") {
  Changes t;
  t.link(3600);
  std::vector<accounting::ChangeNotice> many;
  for (int i = 0; i < 3000; ++i) many.push_back({"123", Entity::customer, std::to_string(i)});
  many.push_back({"123", Entity::vendor, "1"});
  CHECK(t.take(told(many)).noted == 2);
}

TEST_CASE("changes: a delivery that the database has no time for fails soon", "[work]") {
  Changes t;
  t.link(3600);
  auto other = t.databases->borrow();
  const store::Transaction in_the_way(*other);
  if (other->dialect() == store::Dialect::postgres)
    other->run_script("lock table change_notices in access exclusive mode");
  const auto began = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(t.take(told({{"123", Entity::customer, "7"}})), store::DatabaseError);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{3});
}

TEST_CASE("changes: what changed is read and applied, whatever the delivery says", "[work]") {
  Changes t;
  t.link(3600);
  t.imported({"1", "2", "3"});
  t.client->answer = [](const http::ClientRequest&) { return Changes::changed({"2", "5"}, {"3"}); };
  const auto followed = t.follow({{Entity::customer, "1", t.driver->now()}});
  REQUIRE(followed);
  CHECK(*followed == 3);
  CHECK(t.name_of("1") == "Old 1");
  CHECK(t.name_of("2") == "New 2");
  CHECK(t.name_of("3") == "gone");
  CHECK(t.name_of("5") == "New 5");
  CHECK(imports::in_use(t.state().import));
  CHECK_FALSE(std::holds_alternative<imports::Running>(t.state().import.phase));
}

TEST_CASE("changes: a list that is not told one by one is imported again, once", "[work]") {
  Changes t;
  t.link(3600);
  t.imported({"1"});
  t.client->answer = [](const http::ClientRequest&) { return Changes::changed({}); };
  const std::vector<ChangedRecord> told = {{Entity::tax_code, "4", t.driver->now()}};
  CHECK(t.follow(told));
  CHECK(std::holds_alternative<imports::Running>(t.state().import.phase));
  // Another one while that is under way waits for its end.
  const auto again = t.follow(told);
  REQUIRE_FALSE(again);
  CHECK(oauth::passes(again.error().meaning));
  CHECK(again.error().retry_after);
}

TEST_CASE("changes: without a grant nothing is asked, and an outage changes nothing", "[work]") {
  Changes t;
  const std::vector<ChangedRecord> records = {{Entity::customer, "1", t.driver->now()}};
  CHECK(t.follow(records) == 0);
  CHECK(t.client->requests().empty());
  t.link(3600);
  t.imported({"1"});
  t.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  const auto down = t.follow(records);
  REQUIRE_FALSE(down);
  CHECK(down.error().meaning == oauth::Meaning::unavailable);
  CHECK(t.name_of("1") == "Old 1");
}

TEST_CASE("changes: they are read when they are due, and again after an outage", "[work]") {
  Changes t;
  t.link(3600);
  t.imported({"1"});
  std::atomic<bool> down{true};
  t.client->answer = [&](const http::ClientRequest&) {
    return down ? ScriptedClient::json(503, {}) : Changes::changed({"1"});
  };
  ChangeReader reader(*t.driver, t.clients.pool, [&t](store::ChangesToRead told) {
    return follow_changes(*t.driver, t.clients, std::move(told));
  });
  const auto asked = [&] { return t.client->requests().size(); };
  const auto before = asked();
  t.take(told({{"123", Entity::customer, "1"}}));
  t.now_ms += changes_gather.count();
  t.driver->wake_workers();
  REQUIRE(t.until([&] { return asked() > before; }));
  CHECK(t.name_of("1") == "Old 1");
  down = false;
  // The pause after the first failure passes.
  CHECK(t.until([&] {
    t.now_ms += 100;
    t.driver->wake_workers();
    return t.name_of("1") == "New 1";
  }));
  CHECK(t.until([&] { return t.noted() == 0; }));
}

TEST_CASE("changes: what trying again cannot mend is forgotten, with its connection's other notes",
          "[work]") {
  Changes t;
  t.link(3600);
  ChangeReader reader(*t.driver, t.clients.pool,
                      [](store::ChangesToRead) { return Changes::refused(); });
  t.take(told({{"123", Entity::customer, "1"}, {"123", Entity::vendor, "2"}}));
  CHECK(t.noted() == 2);
  t.now_ms += changes_gather.count();
  t.driver->wake_workers();
  CHECK(t.until([&] { return t.noted() == 0; }));
}

}  // namespace rekey::changes_test
