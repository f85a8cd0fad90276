#include "native/work/erase.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "native/async/wait.hpp"
#include "native/store/audit.hpp"
#include "native/store/configurations.hpp"
#include "native/store/idempotency.hpp"
#include "native/store/tenants.hpp"
#include "native/store/webhooks.hpp"
#include "native/work/key_keeper.hpp"
#include "native/work/revocations.hpp"
#include "native/work/webhooks.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::erase_test {

using namespace rekey::work;

namespace {

const std::vector<std::string> nothing;
constexpr const char* firm = "Zugspitze Zithers";
constexpr const char* person = "Zebulon Zapata";
const wire::Actor the_host{wire::Actor::Kind::key, "key_host", "Host"};

std::vector<std::string> rows_of(store::Database& db) {
  std::vector<std::string> tables, out;
  {
    auto row =
        db.query("select tablename::text from pg_tables where schemaname = current_schema()");
    while (row.step()) tables.push_back(row.text(0));
  }
  for (const auto& table : tables) {
    auto row = db.query("select t::text from \"" + table + "\" t");
    while (row.step()) out.push_back(row.text(0));
  }
  return out;
}

/// Whether it stands there, other than in the neighbour's id, "tenant-zeta-2".
bool stands_in(const std::string& text, const std::string& word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
    if (text.compare(at + word.size(), 2, "-2") != 0) return true;
  return false;
}

/// Which of the words stand in the database: in the bytes of its files, or in the rows of a server.
std::vector<std::string> left(Harness& harness, const std::vector<std::string>& words) {
  std::vector<std::string> texts;
  {
    auto db = harness.databases->borrow();
    if (db->dialect() == store::Dialect::postgres) texts = rows_of(*db);
  }
  if (texts.empty())
    for (const auto& each : std::filesystem::directory_iterator(harness.database.folder())) {
      std::ifstream file(each.path(), std::ios::binary);
      texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  std::vector<std::string> out;
  for (const auto& word : words)
    if (std::any_of(texts.begin(), texts.end(),
                    [&](const auto& text) { return stands_in(text, word); }))
      out.push_back(word);
  return out;
}

/// A tenant with everything there can be of it, in so many rows that pages were split and moved.
struct Deleting : Harness {
  Deleting() {
    client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(200, wire::Json::object());
    };
  }

  std::vector<std::string> words() const {
    return {firm, person, "zz@zapata.example", "tenant-zeta", owner.connection, "Zed Zander"};
  }

  void fill(int records) {
    auto db = databases->borrow();
    store::in_transaction(*db, [&] {
      // The harness's tenant by a name that stands out.
      db->run("insert into tenants (id, name, created) values ('tenant-zeta', ?1, 1)",
              std::string(firm));
      db->run("update connections set tenant = 'tenant-zeta' where id = ?1", owner.connection);
      db->run("delete from tenants where id = 'tenant'");
    });
    owner.tenant = "tenant-zeta";
    for (int i = 0; i < records; ++i) {
      const auto id = std::to_string(i * 7919 % 10007);
      const std::string detail(static_cast<std::size_t>(i * 37 % 600), 'z');
      db->run(
          "insert into directory (tenant, section, position, id, name, detail) values "
          "('tenant-zeta', 'customers', ?1, ?2, ?3, ?4)",
          std::int64_t{i}, id, std::string(person), "zz@zapata.example" + detail);
      db->run(
          "insert into imported (connection, realm_id, entity, id, position, run, body) values "
          "(?1, '123', 'Customer', ?2, ?3, 1, ?4)",
          owner.connection, id, std::int64_t{i}, person + detail);
    }
    db->run(
        "insert into configurations (connection, realm_id, revision, at, saved, settings) values "
        "(?1, '123', 1, 1, 1, ?2)",
        owner.connection, std::string(person));
    store::take_snapshot(*db, owner.connection, "123", driver->now());
    db->run(
        "insert into attempts (id, connection, session, state_hash, redirect_uri, expires) "
        "values ('att', ?1, 'session', 'hash', 'https://here.example', 1)",
        owner.connection);
    db->run(
        "insert into page_tokens (hash, tenant, connection, user_id, user_name, return_url, "
        "key_id, expires) values ('t', 'tenant-zeta', ?2, 'u1', 'Zed Zander', '', 'key_host', "
        "?1)",
        now_ms + 1000, owner.connection);
    db->run(
        "insert into page_sessions (hash, id, tenant, connection, user_id, user_name, "
        "return_url, key_id, created, seen, expires) values ('s', 'ses', 'tenant-zeta', ?2, "
        "'u1', 'Zed Zander', '', 'key_host', 1, 1, ?1)",
        now_ms + 1000, owner.connection);
    const wire::Actor zed{wire::Actor::Kind::user, "u1", "Zed Zander"};
    db->run(
        "insert into audit (at, event, actor, tenant, connection, detail) values "
        "(1, 'sign_in', ?1, 'tenant-zeta', ?2, ?3)",
        wire::dump(wire::write(zed)), owner.connection,
        wire::dump({{"user", "Zed Zander"}, {"times", 2}}));
    keep_answer("a", wire::dump({{"id", "tenant-zeta"}, {"name", firm}}));
    keep_answer("b", wire::dump({{"connection", owner.connection}}));
    keep_answer("c", wire::dump({{"detail", "There is no tenant \"tenant-zeta\"."}}));
    keep_answer("d", wire::dump({{"id", "tenant-zeta-2"}}));
  }

  /// Another one of the same tenant, which is linked and has a row in each table.
  Owner add_connection(const std::string& integration) {
    const auto first = owner;
    {
      auto db = databases->borrow();
      owner.connection = store::ensure_connection(*db, owner.tenant, integration, driver->now()).id;
      for (const char* row :
           {"insert into imported (connection, realm_id, entity, id, position, run, body) values "
            "(?1, '123', 'Customer', '1', 1, 1, '{}')",
            "insert into configurations (connection, realm_id, revision, at, saved, settings) "
            "values "
            "(?1, '123', 1, 1, 1, '{}')",
            "insert into attempts (id, connection, session, state_hash, redirect_uri, expires) "
            "values ('att-2', ?1, 'session', 'hash-2', 'https://here.example', 1)",
            "insert into page_sessions (hash, id, tenant, connection, user_id, user_name, "
            "return_url, key_id, created, seen, expires) values ('s-2', 'ses-2', 'tenant-zeta', "
            "?1, 'u2', 'Zoe', '', 'key_host', 1, 1, 9)",
            "insert into audit (at, event, actor, tenant, connection, detail) values "
            "(1, 'sign_in', '{\"type\":\"time\"}', 'tenant-zeta', ?1, '{}')"})
        db->run(row, owner.connection);
      store::take_snapshot(*db, owner.connection, "123", driver->now());
    }
    link(3600);
    client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(200, wire::Json::object());
    };
    return std::exchange(owner, first);
  }

  /// How many rows there are of a connection, by table.
  std::map<std::string, std::int64_t> rows_of_connection(const std::string& id) {
    auto db = databases->borrow();
    std::map<std::string, std::int64_t> out;
    for (const char* table :
         {"imported", "configurations", "snapshots", "attempts", "page_sessions", "audit", "events",
          "grants", "secrets", "data_keys", "jobs", "webhook_messages"}) {
      auto row =
          db->query(std::string("select count(*) from ") + table + " where connection = ?1", id);
      row.step();
      out[table] = row.int64(0);
    }
    return out;
  }

  void keep_answer(const std::string& id, const std::string& body) {
    auto db = databases->borrow();
    (void)store::begin_write(*db, "key", id, "request", driver->now(), Instant{}, Instant{});
    store::end_write(*db, "key", id, 200, "application/json", body);
  }

  void add_endpoint() {
    auto db = databases->borrow();
    endpoint = new_endpoint(driver->secrets(), "https://host.example/hooks", "", driver->now());
    store::put_endpoint(*db, endpoint);
  }

  /// Delivers everything that waits, as far as `status` says; gives the types.
  std::vector<std::string> deliver(int status) {
    std::vector<std::string> out;
    auto db = databases->borrow();
    while (const auto next = store::lease_delivery(*db, driver->now(), later(60))) {
      out.push_back(next->content.type);
      const bool good = status < 300;
      store::end_delivery(*db, *next, good, status, driver->now(),
                          good ? std::nullopt : std::optional(later(30)));
    }
    return out;
  }

  store::Deletion standing(const Erasure& erasure) {
    return store::deletion(*databases->borrow(), erasure.digest()).value();
  }
  std::int64_t count(const std::string& table) {
    auto db = databases->borrow();
    auto row = db->query("select count(*) from " + table);
    row.step();
    return row.int64(0);
  }

  Erasure erase(const ErasureOptions& options = {}) {
    return erase_tenant(*driver, clients, the_host, "tenant-zeta", options);
  }

  store::WebhookEndpoint endpoint;
};

constexpr ErasureOptions at_once{false, Millis{0}};

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
  const auto kept =
      erase_connection(*harness.driver, harness.clients, the_host, harness.owner.connection, keep);
  CHECK(kept.rows.at("page_sessions") == 1);
  CHECK_FALSE(kept.rows.contains("tenants"));
  CHECK(harness.count("directory") == 3);
  CHECK(harness.count("page_sessions") + harness.count("page_tokens") == 0);
  auto db = harness.databases->borrow();
  CHECK(store::find_tenant(*db, "tenant-zeta")->connection.empty());
  const auto again =
      store::ensure_connection(*db, "tenant-zeta", "quickbooks-online", harness.driver->now());
  CHECK(again.id != harness.owner.connection);
  erase_connection(*harness.driver, harness.clients, the_host, again.id, at_once);
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

TEST_CASE("erase: a token that cannot be revoked now is revoked later, and names no tenant",
          "[work]") {
  Deleting harness;
  harness.fill(1);
  harness.link(3600);
  harness.client->answer = [](const http::ClientRequest&) {
    return tl::unexpected(http::TransportError{"no route", false});
  };
  const auto erasure = harness.erase(at_once);
  CHECK(erasure.revocation == "pending");
  CHECK(left(harness, harness.words()) == nothing);
  CHECK(left(harness, {"refresh-1", "access-1"}) == nothing);
  REQUIRE(revoke_next(*harness.driver, harness.clients));
  CHECK_FALSE(revoke_next(*harness.driver, harness.clients));  // it waits now
  CHECK(harness.standing(erasure).revocation == "pending");
  // It is sealed by a key of its own, which moves when the master key changes.
  CHECK(data_keys_by_master_key(*harness.databases->borrow()).size() == 1);
  SECTION("the provider is back") {
    harness.client->answer = [](const http::ClientRequest&) {
      return ScriptedClient::json(200, wire::Json::object());
    };
    harness.now_ms += 3000;
    REQUIRE(revoke_next(*harness.driver, harness.clients));
    CHECK(harness.client->requests().back().body == "token=refresh-1");
    CHECK(harness.standing(erasure).revocation == "revoked");
  }
  SECTION("it is away for longer than a day") {
    int tries = 1;
    for (const auto begun = harness.now_ms.load(); harness.now_ms < begun + 30 * 3'600'000LL;
         harness.now_ms += 60'000)
      while (revoke_next(*harness.driver, harness.clients)) ++tries;
    CHECK(tries == 11);
    CHECK(harness.standing(erasure).revocation == "given_up");
    // Told once, and without a name.
    const auto audited = store::audit_after(*harness.databases->borrow(), 0, {}, 100);
    REQUIRE(std::count_if(audited.begin(), audited.end(), [](const auto& each) {
              return each.event == "revocation_given_up";
            }) == 1);
    CHECK(audited.back().actor == wire::by_time());
    CHECK_FALSE(audited.back().tenant);
    CHECK_FALSE(audited.back().connection);
  }
  CHECK(harness.count("revocations") == 0);
}

TEST_CASE("erase: an answer that comes too late is revoked too", "[work]") {
  Deleting harness;
  harness.fill(1);
  const auto version = harness.begin_exchange();
  harness.client->answer = [&](const http::ClientRequest& request) {
    if (request.url.ends_with("/revoke")) return ScriptedClient::json(200, wire::Json::object());
    harness.erase(at_once);
    return ScriptedClient::tokens("access-late", "refresh-late");
  };
  harness.perform(ExchangeCode{"attempt", version});
  REQUIRE(revoke_next(*harness.driver, harness.clients));
  CHECK(harness.client->requests().back().body == "token=refresh-late");
  CHECK(left(harness, harness.words()) == nothing);
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
  const auto erasure =
      erase_connection(*harness.driver, harness.clients, the_host, first.connection);
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
  (void)erase_connection(*harness.driver, harness.clients, the_host, second.connection);
  CHECK(left(harness, harness.words()) == nothing);
  CHECK(harness.count("tenants") == 0);
}

}  // namespace rekey::erase_test
