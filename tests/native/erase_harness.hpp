// A tenant of whom everything is there, to be deleted.
#pragma once

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "native/async/wait.hpp"
#include "native/store/configurations.hpp"
#include "native/store/idempotency.hpp"
#include "native/store/tenants.hpp"
#include "native/store/webhooks.hpp"
#include "native/work/erase.hpp"
#include "native/work/webhooks.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::erase_test {

using namespace rekey::work;

inline const std::vector<std::string> nothing;
constexpr const char* firm = "Zugspitze Zithers";
constexpr const char* person = "Zebulon Zapata";
inline const wire::Actor the_host{wire::Actor::Kind::key, "key_host", "Host"};

inline std::vector<std::string> rows_of(store::Database& db) {
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
inline bool stands_in(const std::string& text, const std::string& word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
    if (text.compare(at + word.size(), 2, "-2") != 0) return true;
  return false;
}

/// Which of the words stand in the database: in the bytes of its files, or in the rows of a server.
inline std::vector<std::string> left(Harness& harness, const std::vector<std::string>& words) {
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

  /// An OAuth 1.0a connection, which the provider ends at this address; empty: nowhere.
  void add_legacy(const std::string& disconnect) {
    clients.provider.legacy_disconnect = disconnect;
    clients.accounting =
        std::make_shared<intuit::Accounting>(clients.provider, client, [this] { return later(0); });
    auto db = databases->borrow();
    driver->secrets().put(*db, owner, sealed_field::legacy, 0,
                          Secret(wire::dump({{"consumer_key", "ck"},
                                             {"consumer_secret", "cs"},
                                             {"token", "legacy-token"},
                                             {"token_secret", "ts"}})));
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
    return async::wait_for(erase_tenant(*driver, clients, the_host, "tenant-zeta", options));
  }

  store::WebhookEndpoint endpoint;
};

constexpr ErasureOptions at_once{false, Millis{0}};

}  // namespace rekey::erase_test
