// From a delivery of changed records to the rows that were imported.
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "core/oauth/authorization.hpp"
#include "native/store/change_notices.hpp"
#include "native/store/imported.hpp"
#include "native/work/change_intake.hpp"
#include "native/work/change_reader.hpp"
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

  /// An import that is over: these customers, each called after its id.
  void imported(const std::vector<std::string>& ids) {
    auto db = databases->borrow();
    std::vector<imports::Row> rows;
    for (const auto& id : ids)
      rows.push_back({id, wire::dump({{"Id", id}, {"DisplayName", "Old " + id}})});
    store::in_transaction(*db, [&] {
      store::begin_list(*db, customers(), 1, {});
      store::put_staged(*db, customers(), 1, 0, rows, driver->now());
      const store::ListRead read{Entity::customer, static_cast<std::int64_t>(rows.size())};
      store::use_staged(*db, owner.connection, "123", std::span(&read, 1), driver->now());
    });
  }
  /// "Old 1", or what there is instead; "gone", or "none".
  std::string name_of(const std::string& id) {
    auto db = databases->borrow();
    const auto row = store::imported_row(*db, customers(), id);
    if (!row) return "none";
    return row->gone ? "gone" : wire::Json::parse(row->body).value("DisplayName", "");
  }
  /// The provider has these customers, called "New"; it answers at most `most` of those asked for.
  void provider_has(std::vector<std::string> ids, std::size_t most = 100) {
    client->answer = [ids = std::move(ids), most](const http::ClientRequest& request) {
      const auto query = oauth::decode(request.url);
      wire::Json rows = wire::Json::array();
      for (const auto& id : ids)
        if (query.find("'" + id + "'") != query.npos && rows.size() < most)
          rows.push_back({{"Id", id}, {"DisplayName", "New " + id}});
      wire::Json response = wire::Json::object();
      if (!rows.empty()) response["Customer"] = rows;
      return ScriptedClient::json(200, {{"QueryResponse", response}});
    };
  }
  ChangesRead read(std::vector<ChangedRecord> records) {
    return async::wait_for(
        read_changes(*driver, clients, {owner.connection, 0, std::move(records)}));
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

TEST_CASE("changes: records are read by their ids, and what is not there is gone", "[work]") {
  Changes t;
  t.link(3600);
  t.imported({"1", "2", "3", "4"});
  t.provider_has({"1", "2", "5"});
  const auto now = t.driver->now();
  const auto read = t.read({{Entity::customer, "2", now},
                            {Entity::customer, "3", now},
                            {Entity::customer, "5", now},
                            {Entity::term, "1", now}});
  REQUIRE(read);
  CHECK(*read == 3);
  CHECK(t.name_of("1") == "Old 1");
  CHECK(t.name_of("2") == "New 2");
  CHECK(t.name_of("3") == "gone");
  CHECK(t.name_of("4") == "Old 4");
  CHECK(t.name_of("5") == "New 5");
  // A list that was never imported is not asked for.
  for (const auto& each : t.client->requests())
    CHECK(oauth::decode(each.url).find("from Term") == std::string::npos);
}

TEST_CASE("changes: an answer that is shorter than what was asked for loses no record", "[work]") {
  Changes t;
  t.link(3600);
  t.imported({"1", "2", "3", "4"});
  t.provider_has({"1", "2", "3", "4"}, 1);
  const auto now = t.driver->now();
  REQUIRE(t.read({{Entity::customer, "1", now},
                  {Entity::customer, "2", now},
                  {Entity::customer, "3", now},
                  {Entity::customer, "4", now}}));
  for (const char* id : {"1", "2", "3", "4"}) CHECK(t.name_of(id) == std::string("New ") + id);
}

TEST_CASE("changes: without a grant nothing is asked, and an outage changes nothing", "[work]") {
  Changes t;
  const std::vector<ChangedRecord> records = {{Entity::customer, "1", t.driver->now()}};
  const auto none = t.read(records);
  REQUIRE_FALSE(none);
  CHECK(none.error().meaning == oauth::Meaning::grant_ended);
  t.link(3600);
  t.imported({"1"});
  t.client->answer = [](const http::ClientRequest&) { return ScriptedClient::json(503, {}); };
  const auto down = t.read(records);
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
    if (down) return ScriptedClient::json(503, {});
    return ScriptedClient::json(
        200, {{"QueryResponse", {{"Customer", {{{"Id", "1"}, {"DisplayName", "New 1"}}}}}}});
  };
  ChangeReader reader(*t.driver, t.clients.pool, [&t](store::ChangesToRead changes) {
    return read_changes(*t.driver, t.clients, std::move(changes));
  });
  const auto asked = [&] { return t.client->requests().size(); };
  const auto before = asked();
  t.take(told({{"123", Entity::customer, "1"}}));
  t.now_ms += changes_gather.count();
  t.driver->wake_workers();
  REQUIRE(t.until([&] { return asked() > before; }));
  CHECK(t.name_of("1") == "Old 1");
  down = false;
  // The pause after the first failure is over.
  CHECK(t.until([&] {
    t.now_ms += 1000;
    t.driver->wake_workers();
    return t.name_of("1") == "New 1";
  }));
  CHECK(t.until([&] { return t.noted() == 0; }));
}

}  // namespace rekey::changes_test
