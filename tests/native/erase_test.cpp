#include "native/work/erase.hpp"

#include <sqlite3.h>

#include <thread>

#include "native/store/audit.hpp"
#include "native/store/schema.hpp"
#include "native/work/revocations.hpp"
#include "tests/native/erase_harness.hpp"

namespace rekey::erase_test {

namespace {

/// Another program that reads the file and does not stop.
class Reader {
 public:
  explicit Reader(const std::string& file) {
    REQUIRE(sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle_, "begin; select count(*) from sqlite_master", nullptr, nullptr,
                         nullptr) == SQLITE_OK);
  }
  ~Reader() { sqlite3_close(handle_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace

TEST_CASE("erase: no byte of a deleted tenant is left, and the proof counts what there was",
          "[work]") {
  Deleting harness;
  harness.fill(2000);
  harness.link(3600);
  REQUIRE(left(harness, harness.words()).size() == harness.words().size());
  const Revoker revoker(*harness.driver, harness.clients);
  const auto erasure = harness.erase();
  CHECK(left(harness, harness.words()) == nothing);
  CHECK(erasure.revocation == "revoked");
  CHECK(erasure.connections == std::vector{harness.owner.connection});
  for (const auto& [table, rows] : store::Rows{{"tenants", 1},
                                               {"connections", 1},
                                               {"directory", 2000},
                                               {"imported", 2000},
                                               {"page_sessions", 1},
                                               {"page_tokens", 1},
                                               {"attempts", 1},
                                               {"configurations", 1},
                                               {"snapshots", 1},
                                               {"idempotency", 3}}) {
    INFO(table);
    CHECK(erasure.rows.at(table) == rows);
  }
  CHECK(erasure.rows.at("events") >= 4);
  CHECK_FALSE(harness.standing(erasure).log);
  // Another tenant whose id only begins alike keeps its answer.
  CHECK(harness.count("idempotency") == 1);
  CHECK(harness.count("webhook_messages") == 0);
  CHECK_THROWS_AS(harness.erase(), work::NotFound);
}

TEST_CASE("erase: what happened stays in the audit, but not to whom or by which person", "[work]") {
  Deleting harness;
  harness.fill(1);
  harness.erase(at_once);
  auto db = harness.databases->borrow();
  auto row = db->query("select event, actor, tenant, connection, detail from audit");
  REQUIRE(row.step());
  CHECK(row.text(0) == "sign_in");
  CHECK(wire::parse(row.text(1), "actor").value() ==
        wire::Json{{"type", "user"}, {"id", ""}, {"name", ""}});
  CHECK(row.is_null(2));
  CHECK(row.is_null(3));
  CHECK(row.text(4) == R"({"times":2})");
}

TEST_CASE("erase: a connection takes its tenant along, unless that is to be kept", "[work]") {
  Deleting harness;
  harness.fill(3);
  ErasureOptions keep = at_once;
  keep.keep_tenant = true;
  const auto kept = async::wait_for(
      erase_connection(*harness.driver, harness.clients, the_host, harness.owner.connection, keep));
  CHECK(kept.rows.at("page_sessions") == 1);
  CHECK_FALSE(kept.rows.contains("tenants"));
  CHECK(harness.count("directory") == 3);
  CHECK(harness.count("page_sessions") + harness.count("page_tokens") == 0);
  auto db = harness.databases->borrow();
  CHECK(store::find_tenant(*db, "tenant-zeta")->connection.empty());
  const auto again =
      store::ensure_connection(*db, "tenant-zeta", "quickbooks-online", harness.driver->now());
  CHECK(again.id != harness.owner.connection);
  async::wait_for(erase_connection(*harness.driver, harness.clients, the_host, again.id, at_once));
  CHECK(harness.count("tenants") == 0);
  CHECK(left(harness, harness.words()) == nothing);
}

TEST_CASE("erase: what is told of it outlives it until it was told", "[work]") {
  Deleting harness;
  harness.add_endpoint();
  harness.fill(1);
  harness.link(3600);
  harness.deliver(200);
  REQUIRE(harness.count("webhook_messages") > 0);
  const Revoker revoker(*harness.driver, harness.clients);
  const auto erasure = harness.erase();
  CHECK(harness.standing(erasure).messages_wait);
  CHECK(left(harness, {firm, person}) == nothing);
  // The endpoint is down.
  CHECK(harness.deliver(500) ==
        std::vector<std::string>{"connection.disconnected", "connection.deleted"});
  {
    auto db = harness.databases->borrow();
    (void)store::finish_deletions(*db, store::Effort::whole);
    CHECK(store::replay(*db, harness.endpoint.id, Instant{}, harness.later(9), harness.later(9)) ==
          0);
  }
  CHECK(harness.standing(erasure).messages_wait);
  harness.now_ms += 60'000;
  CHECK(harness.deliver(200).size() == 2);
  (void)store::finish_deletions(*harness.databases->borrow(), store::Effort::whole);
  CHECK_FALSE(harness.standing(erasure).messages_wait);
  CHECK_FALSE(harness.standing(erasure).log);
  CHECK(left(harness, harness.words()) == nothing);
}

TEST_CASE("erase: an endpoint that is turned off or removed keeps nothing", "[work]") {
  Deleting harness;
  harness.add_endpoint();
  harness.fill(1);
  const auto erasure = harness.erase(at_once);
  CHECK(harness.standing(erasure).messages_wait);
  auto db = harness.databases->borrow();
  SECTION("turned off") {
    store::set_endpoint_disabled(*db, harness.endpoint.id, harness.driver->now());
  }
  SECTION("removed") {
    store::delete_endpoint(*db, harness.endpoint.id);
  }
  (void)store::finish_deletions(*db, store::Effort::whole);
  CHECK(harness.count("webhook_messages") == 0);
  CHECK(left(harness, harness.words()) == nothing);
}

TEST_CASE("erase: the answer to a write that ends when its tenant is gone is not kept", "[work]") {
  Deleting harness;
  harness.fill(1);
  auto db = harness.databases->borrow();
  const auto begin = [&] {
    return store::begin_write(*db, "key", "late", "request", harness.driver->now(), Instant{},
                              Instant{});
  };
  CHECK_FALSE(begin());
  harness.erase(at_once);
  store::end_write(*db, "key", "late", 200, "application/json", "{\"tenant\":\"tenant-zeta\"}");
  CHECK(left(harness, {"tenant-zeta"}) == nothing);
  CHECK_FALSE(begin());
  store::end_write(*db, "key", "late", 200, "application/json", "{}");
  CHECK(begin()->status == 200);
}

TEST_CASE("erase: of several who delete at once one gets the proof", "[work]") {
  Deleting harness;
  harness.fill(50);
  harness.link(3600);
  const Revoker revoker(*harness.driver, harness.clients);
  std::atomic<int> proofs{0}, gone{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      try {
        harness.erase();
        ++proofs;
      } catch (const work::NotFound&) {
        ++gone;
      }
    });
  for (auto& each : threads) each.join();
  CHECK(proofs == 1);
  CHECK(gone == 3);
  CHECK(left(harness, harness.words()) == nothing);
}

TEST_CASE("erase: while another program reads the file it is not called finished, and then it is",
          "[work][sqlite]") {
  Deleting harness;
  harness.fill(20);
  auto reader = std::make_unique<Reader>(harness.database.file());
  const auto erasure = harness.erase(at_once);
  CHECK(harness.standing(erasure).log);
  CHECK_FALSE(left(harness, harness.words()).empty());
  (void)store::finish_deletions(*harness.databases->borrow(), store::Effort::whole);
  CHECK(harness.standing(erasure).log);
  reader.reset();
  (void)store::finish_deletions(*harness.databases->borrow(), store::Effort::whole);
  CHECK_FALSE(harness.standing(erasure).log);
  CHECK(left(harness, harness.words()) == nothing);
}

TEST_CASE("erase: a large file waits to be written anew, until nobody writes", "[work][sqlite]") {
  Deleting harness;
  harness.fill(20);
  constexpr store::RewriteSizes none{0, 0};
  ErasureOptions options = at_once;
  options.rewrite = none;
  const auto erasure = harness.erase(options);
  CHECK_FALSE(harness.standing(erasure).log);
  CHECK(harness.standing(erasure).file);
  (void)store::finish_deletions(*harness.databases->borrow(), store::Effort::whole, none);
  CHECK(harness.standing(erasure).file);
  SECTION("then it is done by itself") {
    const Eraser eraser(*harness.driver, std::chrono::milliseconds{50}, none);
    for (int i = 0; i < 1000 && harness.standing(erasure).file; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    CHECK_FALSE(harness.standing(erasure).file);
    CHECK(left(harness, harness.words()) == nothing);
  }
  SECTION("what is written meanwhile is seen") {
    auto db = harness.databases->borrow();
    REQUIRE(store::overwrite_deleted(*db));
    CHECK(store::log_size(*db) == 0);
    store::put_tenant(*harness.databases->borrow(), "another", "Another", harness.driver->now());
    CHECK(store::log_size(*db) > 0);
  }
}

TEST_CASE("erase: a name counts as mentioned when it stands by itself", "[store]") {
  CHECK(store::mentions(R"({"id":"t-1"})", "t-1"));
  CHECK(store::mentions("tenant t-1.", "t-1"));
  CHECK_FALSE(store::mentions(R"({"id":"t-17"})", "t-1"));
  CHECK_FALSE(store::mentions(R"({"id":"at-1"})", "t-1"));
  CHECK(store::mentions(R"({"id":"t-17","other":"t-1"})", "t-1"));
  CHECK_FALSE(store::mentions("", "t-1"));
}

TEST_CASE("erase: of several connections of a tenant one goes, and the other stays whole",
          "[work]") {
  Deleting harness;
  harness.fill(40);
  harness.link(3600);
  const auto first = harness.owner;
  const auto second = harness.add_connection("other-books");
  const auto before = harness.rows_of_connection(second.connection);
  const auto tokens_ended = [&] {
    std::int64_t out = 0;
    for (const auto& each : harness.client->requests())
      out += each.url.find("/revoke") != each.url.npos ? 1 : 0;
    return out;
  };

  const Revoker revoker(*harness.driver, harness.clients);
  const auto erasure = async::wait_for(
      erase_connection(*harness.driver, harness.clients, the_host, first.connection));
  CHECK(erasure.revocation == "revoked");
  CHECK(tokens_ended() == 1);
  CHECK(left(harness, {first.connection}) == nothing);
  CHECK(harness.rows_of_connection(second.connection) == before);
  CHECK(erasure.rows.count("tenants") + erasure.rows.count("directory") == 0);
  CHECK(harness.count("tenants") == 1);
  CHECK(harness.count("directory") == 40);
  // What was answered about the tenant is the other's too; what named the first is gone.
  CHECK(harness.count("idempotency") == 3);
  Tokens tokens(*harness.driver, harness.clients);
  const auto token = async::wait_for(tokens.fresh(second, 1));
  REQUIRE(token);
  CHECK(token->value.same_as("access-1"));

  // The tenant goes with the last of them.
  (void)async::wait_for(
      erase_connection(*harness.driver, harness.clients, the_host, second.connection));
  CHECK(left(harness, harness.words()) == nothing);
  CHECK(harness.count("tenants") == 0);
}

}  // namespace rekey::erase_test
