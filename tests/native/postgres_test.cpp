// What is PostgreSQL's alone: transactions that go on side by side, servers that go away. Run by
// tests/support/postgres.sh.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <set>
#include <thread>

#include "native/store/changes.hpp"
#include "native/store/connections.hpp"
#include "native/store/keys.hpp"
#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::postgres_test {

using namespace rekey::store;
using Catch::Matchers::ContainsSubstring;
using Kind = DatabaseError::Kind;

namespace {

template <class Work>
Kind kind_of(Work work) {
  try {
    work();
  } catch (const DatabaseError& error) {
    return error.kind();
  }
  FAIL("nothing was thrown");
  return Kind::other;
}

/// Every table's columns, with their type and whether they may be null.
std::set<std::string> columns_of(Database& db) {
  auto row = db.query(
      db.dialect() == Dialect::sqlite
          ? "select m.name || '.' || c.name || ' ' || lower(c.type) || "
            "case when c.\"notnull\" = 1 or c.pk > 0 then ' not null' else '' end "
            "from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' "
            "and m.name not like 'sqlite_%'"
          : "select table_name || '.' || column_name || ' ' || case data_type when 'bigint' then "
            "'integer' when 'bytea' then 'blob' else data_type end || "
            "case is_nullable when 'NO' then ' not null' else '' end "
            "from information_schema.columns where table_schema = current_schema()");
  std::set<std::string> out;
  while (row.step()) out.insert(row.text(0));
  return out;
}

std::string subjects(const Changes& changes) {
  std::string out = changes.gap ? "gap " : "";
  for (const auto& each : changes.subjects) out += each + " ";
  return out;
}

void add_key(Database& db, const std::string& id) {
  put_api_key(db, "hash " + id, {id, id, "*", {}, {}, {}});
}

}  // namespace

TEST_CASE("postgres: its tables and columns are SQLite's", "[.][postgres]") {
  const TestDatabase place;
  Database file(place.file()), server(place.name());
  REQUIRE(server.dialect() == Dialect::postgres);
  prepare_schema(file);
  prepare_schema(server);
  auto ours = columns_of(server);
  // What only it needs: how far its tables are, and which transaction a change belongs to.
  CHECK(ours.erase("rekey_schema.version integer not null") == 1);
  CHECK(ours.erase("changes.xid xid8 not null") == 1);
  CHECK(ours == columns_of(file));
  CHECK(tables_with(server, "connection") == tables_with(file, "connection"));
}

TEST_CASE("postgres: many that start at once on an empty database make its tables once",
          "[.][postgres]") {
  const TestDatabase place;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&, i] {
      try {
        Database db(place.name());
        prepare_schema(db);
        add_key(db, std::to_string(i));
      } catch (const std::exception& error) {
        UNSCOPED_INFO(error.what());
        ++failed;
      }
    });
  for (auto& each : threads) each.join();
  CHECK(failed == 0);
  Database db(place.name());
  CHECK(list_api_keys(db).size() == 6);
  db.run("update rekey_schema set version = version + 1");
  CHECK_THROWS_WITH(prepare_schema(db), ContainsSubstring("newer version"));
}

TEST_CASE("postgres: of two transactions that read what the other writes, one is overtaken",
          "[.][postgres]") {
  const TestDatabase place;
  Database one(place.name()), other(place.name());
  one.run_script(
      "create table doctors (name text primary key, on_call bigint not null);"
      "insert into doctors values ('a', 1), ('b', 1)");
  const auto leave = [](Database& db, const char* who) {
    auto row = db.query("select count(*) from doctors where on_call = 1");
    row.step();
    if (row.int64(0) > 1) db.run("update doctors set on_call = 0 where name = ?1", who);
  };
  const auto both_leave = [&] {
    Transaction first(one), second(other);
    leave(one, "a");
    leave(other, "b");
    first.commit();
    second.commit();
  };
  CHECK(kind_of(both_leave) == Kind::overtaken);
  in_transaction(other, [&] { leave(other, "b"); });
  auto row = one.query("select sum(on_call)::bigint from doctors");
  row.step();
  CHECK(row.int64(0) == 1);
}

TEST_CASE("postgres: a transaction in which a statement failed is not taken for stored",
          "[.][postgres]") {
  const TestDatabase place;
  Database db(place.name());
  db.run_script("create table t (n bigint primary key)");
  Transaction transaction(db);
  db.run("insert into t values (1)");
  CHECK(kind_of([&] { db.run("insert into t values (1)"); }) == Kind::unique);
  CHECK_THROWS_WITH(transaction.commit(), ContainsSubstring("undid"));
}

TEST_CASE("postgres: a job that is being leased is passed over, not waited for", "[.][postgres]") {
  const TestDatabase place;
  Database one(place.name()), other(place.name());
  prepare_schema(one);
  put_tenant(one, "tenant", "Tenant", {});
  const auto id = ensure_connection(one, "tenant", "books", {}).id;
  for (int i = 0; i < 2; ++i)
    one.run("insert into jobs (connection, effect, run_at) values (?1, ?2, 0)", id,
            wire::dump(wire::write(Effect{RetireLegacy{}})));
  const auto soon = from_ms(1), later = from_ms(100);
  Transaction transaction(one);
  const auto first = lease_job(one, Lane::person, "a", soon, later);
  const auto second = lease_job(other, Lane::person, "b", soon, later);
  REQUIRE((first && second));
  CHECK(first->id != second->id);
  CHECK_FALSE(lease_job(other, Lane::person, "b", soon, later));
}

TEST_CASE("postgres: a change is seen once it is committed, however late that is",
          "[.][postgres]") {
  const TestDatabase place;
  Database early(place.name()), late(place.name()), watcher(place.name());
  prepare_schema(watcher);
  add_key(watcher, "before");
  auto seen = see(watcher);
  CHECK(subjects(changes_since(watcher, seen)).empty());
  {
    Transaction transaction(early);
    early.run("insert into changes (subject) values ('early')");
    late.run("insert into changes (subject) values ('late')");
    CHECK(subjects(changes_since(watcher, seen)) == "late ");
    CHECK(subjects(changes_since(watcher, seen)).empty());
    transaction.commit();
  }
  CHECK(subjects(changes_since(watcher, seen)) == "early ");
  {
    Transaction undone(early);
    early.run("insert into changes (subject) values ('never')");
  }
  add_key(late, "after");
  CHECK(subjects(changes_since(watcher, seen)) == "api_keys ");
  CHECK(subjects(changes_since(watcher, seen)).empty());
}

TEST_CASE("postgres: who missed what was pruned knows it", "[.][postgres]") {
  const TestDatabase place;
  Database db(place.name());
  prepare_schema(db);
  add_key(db, "1");
  auto seen = see(db);
  for (int i = 2; i < 6; ++i) add_key(db, std::to_string(i));
  auto row = db.query("select max(n) from changes");
  row.step();
  prune_changes(db, row.int64(0) - 1);
  CHECK(changes_since(db, seen).gap);
  add_key(db, "7");
  CHECK_FALSE(changes_since(db, seen).gap);
}

TEST_CASE("postgres: changes that were restored from another cluster are not new for ever",
          "[.][postgres]") {
  const TestDatabase place;
  Database db(place.name());
  prepare_schema(db);
  db.run("insert into changes (subject, xid) values ('restored', '4000000000')");
  auto seen = see(db);
  CHECK(subjects(changes_since(db, seen)).empty());
  add_key(db, "1");
  CHECK(subjects(changes_since(db, seen)) == "gap api_keys ");
}

TEST_CASE("postgres: a connection that was cut is not lent again, in use or idle",
          "[.][postgres]") {
  const TestDatabase place;
  Databases databases(place.name());
  Database operator_(place.name());
  const auto cut = [&](Database& db) {
    auto row = db.query("select pg_backend_pid()");
    row.step();
    auto done =
        operator_.query("select pg_terminate_backend(cast(?1 as integer), 10000)", row.int64(0));
    done.step();
    REQUIRE(done.int64(0) == 1);
  };
  {
    auto in_use = databases.borrow();
    cut(*in_use);
    CHECK(kind_of([&] { in_use->run("select 1"); }) == Kind::unreachable);
    CHECK_FALSE(in_use->is_usable());
  }
  CHECK_NOTHROW(databases.borrow()->run("select 1"));
  {
    auto first = databases.borrow();
    cut(*databases.borrow());  // and it is idle again
    first->run("select 1");
  }
  for (int i = 0; i < 3; ++i) CHECK_NOTHROW(databases.borrow()->run("select 1"));
}

TEST_CASE("postgres: what is wrong with a connection is said, and never its password",
          "[.][postgres]") {
  const std::string server = std::getenv("REKEY_TEST_POSTGRES");
  const auto complaint = [](const std::string& name) -> std::string {
    try {
      Database db(name);
    } catch (const DatabaseError& error) {
      CHECK(error.kind() == Kind::unreachable);
      return error.what();
    }
    return "it was opened";
  };
  const auto with = [&](std::string from, const std::string& to) {
    auto out = server;
    out.replace(out.find(from), from.size(), to);
    return out;
  };
  const auto absent = complaint(with("/postgres?", "/nowhere?"));
  CHECK_THAT(absent, ContainsSubstring("nowhere") && ContainsSubstring("does not exist") &&
                         ContainsSubstring("does not let us in"));
  const auto nobody = complaint(with("rekey@", "stranger:pass-word-1@"));
  CHECK_THAT(nobody, ContainsSubstring("stranger") && !ContainsSubstring("pass-word-1"));
  const auto gone = complaint("postgresql://a:pass-word-2@127.0.0.1:1/books");
  CHECK_THAT(gone, ContainsSubstring("books at 127.0.0.1:1 does not answer") &&
                       !ContainsSubstring("pass-word-2"));
  const auto odd = complaint("postgresql://a:pass%zzword@127.0.0.1/books");
  CHECK_THAT(odd, ContainsSubstring("cannot be read") && !ContainsSubstring("zzword"));
  // Characters that should be written as %40 and %2F make another host, port or name of them.
  for (const auto* raw :
       {"postgresql://a:pass@word@127.0.0.1/books", "postgresql://a:pass/word@127.0.0.1/books",
        "postgresql://a:1/word@127.0.0.1/books"}) {
    const auto said = complaint(raw);
    CHECK_THAT(said, ContainsSubstring("cannot be read") && ContainsSubstring("%40") &&
                         !ContainsSubstring("word@"));
  }
  CHECK(names_postgres("user=a password=b host=c"));
  CHECK_FALSE(names_postgres("a=b.db"));
}

}  // namespace rekey::postgres_test
