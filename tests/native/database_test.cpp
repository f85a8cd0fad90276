#include "native/store/database.hpp"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "native/store/bounded_wait.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::database_test {

using namespace rekey::store;
using Catch::Matchers::ContainsSubstring;
using Kind = DatabaseError::Kind;

namespace {

// Something to write into.
void make_tables(Database& db) {
  const bool sqlite = db.dialect() == Dialect::sqlite;
  db.run_script((std::string("create table people (id bigint primary key, name text not null "
                             "unique, note text, picture ") +
                 (sqlite ? "blob" : "bytea") +
                 ", age bigint check (age >= 0));"
                 "create table notes (person bigint not null references people(id), body text not "
                 "null);")
                    .c_str());
}

Kind kind_of_failure(Database& db, const std::string& sql) {
  try {
    db.run(sql);
  } catch (const DatabaseError& error) {
    return error.kind();
  }
  FAIL("the statement was accepted: " << sql);
  return Kind::other;
}

std::int64_t number(Database& db, const std::string& sql) {
  auto row = db.query(sql);
  REQUIRE(row.step());
  return row.int64(0);
}

}  // namespace

TEST_CASE("database: values come back as they were stored", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  const std::string name("Zo\xc3\xab 'x' \xe6\x9d\x8e");
  const std::string picture("\0\xff\x80'\0", 5);
  CHECK(db.run("insert into people values (?1, ?2, ?3, ?4, ?5)", std::int64_t{1} << 40, name,
               std::nullopt, Blob{picture}, std::optional<std::int64_t>{41}) == 1);
  CHECK(db.run("insert into people values (?1, ?2, ?3, ?4, ?5)", 2, "", std::string(), Blob{},
               std::optional<std::int64_t>{}) == 1);
  auto row = db.query("select id, name, note, picture, age from people order by id desc");
  REQUIRE(row.step());
  CHECK(row.int64(0) == std::int64_t{1} << 40);
  CHECK(row.text(1) == name);
  CHECK(row.is_null(2));
  CHECK(row.text(2).empty());
  CHECK(row.blob(3) == picture);
  CHECK(row.int64(4) == 41);
  REQUIRE(row.step());
  CHECK_FALSE(row.is_null(1));
  CHECK_FALSE(row.is_null(2));
  CHECK(row.blob(3).empty());
  CHECK(row.is_null(4));
  CHECK_FALSE(row.step());
  CHECK_FALSE(row.step());
}

TEST_CASE("database: a text that is none is stored as it is, or refused as unfit", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  std::int64_t id = 0;
  for (const auto& odd : {std::string("a\0b", 3), std::string("\xff")}) {
    try {
      db.run("insert into people (id, name) values (?1, ?2)", ++id, odd);
      auto row = db.query("select name from people where name = ?1", odd);
      REQUIRE(row.step());
      CHECK(row.text(0) == odd);
    } catch (const DatabaseError& error) {
      CHECK(error.kind() == Kind::unfit);
      CHECK(db.dialect() == Dialect::postgres);
    }
  }
}

TEST_CASE("database: a null of any type is one, whatever was bound there before", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  const std::string sql = "insert into people values (?1, ?2, ?3, ?4, ?5)";
  db.run(sql, 1, "a", "note", Blob{"x"}, 1);
  db.run(sql, 2, "b", std::optional<std::string>(), std::optional<Blob>(),
         std::optional<std::int64_t>());
  db.run(sql, 3, "c", std::nullopt, std::nullopt, std::nullopt);
  CHECK(number(db,
               "select count(*) from people where note is null and picture is null and age is "
               "null") == 2);
  // One that is not in the statement has a type all the same.
  auto row = db.query("select id from people where id = ?1 and ?3 = 7", 2,
                      std::optional<std::string>(), 7);
  CHECK(row.step());
}

TEST_CASE("database: what is overtaken is tried again until it is done, and nothing else is",
          "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  int times = 0;
  const auto work = [&] {
    db.run("insert into people (id, name) values (1, 'a')");
    if (++times < 4) throw DatabaseError("in the way", Kind::overtaken);
    return times;
  };
  CHECK(in_transaction(db, work) == 4);
  CHECK(number(db, "select count(*) from people") == 1);
  CHECK_THROWS_AS(in_transaction(db, work), DatabaseError);  // the key is there
  CHECK(times == 4);
  CHECK_FALSE(db.in_transaction());
}

TEST_CASE("database: a value that looks like SQL is stored as a value", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  const std::string name = "'); drop table people; --";
  db.run("insert into people (id, name) values (1, ?1)", name);
  auto row = db.query("select id from people where name = ?1", name);
  CHECK(row.step());
}

TEST_CASE("database: the number of changed rows is told, and a reading statement changes none",
          "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  CHECK(db.run("insert into people (id, name) values (1, 'a'), (2, 'b'), (3, 'c')") == 3);
  CHECK(db.run("select * from people") == 0);
  CHECK(db.run("insert into people (id, name) values (1, 'x') on conflict do nothing") == 0);
  CHECK(db.run("update people set note = 'n' where id > ?1", 1) == 2);
  CHECK(db.run("delete from people where id = ?1", 7) == 0);
}

TEST_CASE("database: a file is durable, in write-ahead mode, and its owner's alone",
          "[store][sqlite]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  auto mode = db.query("pragma journal_mode");
  REQUIRE(mode.step());
  CHECK(mode.text(0) == "wal");
  CHECK(number(db, "pragma synchronous") == 2);
  CHECK(number(db, "pragma foreign_keys") == 1);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    CAPTURE(suffix);
    struct stat status {};
    REQUIRE(::stat((place.file() + suffix).c_str(), &status) == 0);
    CHECK((status.st_mode & 077) == 0);
  }
}

TEST_CASE("database: each kind of broken rule is told apart", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  db.run("insert into people (id, name) values (1, 'a')");
  CHECK(kind_of_failure(db, "insert into people (id, name) values (1, 'b')") == Kind::unique);
  CHECK(kind_of_failure(db, "insert into people (id, name) values (2, 'a')") == Kind::unique);
  CHECK(kind_of_failure(db, "insert into notes values (9, 'x')") == Kind::foreign);
  CHECK(kind_of_failure(db, "insert into people (id, name) values (2, null)") == Kind::check);
  CHECK(kind_of_failure(db, "insert into people values (2, 'b', '', '', -1)") == Kind::check);
  CHECK(kind_of_failure(db, "insert into nowhere values (1)") == Kind::other);
  CHECK(DatabaseError("x", Kind::unique).is_constraint());
  CHECK(DatabaseError("x", Kind::check).is_constraint());
  CHECK_FALSE(DatabaseError("x", Kind::busy).is_constraint());
  // And the database goes on.
  CHECK(db.run("insert into people (id, name) values (2, 'b')") == 1);
}

TEST_CASE("database: a failed statement can be used again", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  const std::string sql = "insert into people (id, name) values (?1, ?2)";
  db.run(sql, 1, "a");
  CHECK_THROWS_AS(db.run(sql, 1, "b"), DatabaseError);
  CHECK(db.run(sql, 2, "b") == 1);
}

TEST_CASE("database: two statements of the same text go through their rows side by side",
          "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  db.run("insert into people (id, name) values (1, 'a'), (2, 'b')");
  const std::string sql = "select id from people where id >= ?1 order by id";
  auto outer = db.query(sql, 1);
  std::string seen;
  while (outer.step()) {
    auto inner = db.query(sql, 2);
    while (inner.step())
      seen += std::to_string(outer.int64(0)) + std::to_string(inner.int64(0)) + " ";
  }
  CHECK(seen == "12 22 ");
}

TEST_CASE("database: a statement can be bound and stepped through again after a reset", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  auto row = db.query("select ?1, ?2", 1, "x");
  REQUIRE(row.step());
  row.reset();
  row.bind(1, 2);
  REQUIRE(row.step());
  CHECK(row.int64(0) == 2);
  CHECK(row.is_null(1));  // the parameters of before are forgotten
}

TEST_CASE("database: a transaction without a commit changes nothing", "[store]") {
  const TestDatabase place;
  Database db(place.name());
  make_tables(db);
  {
    Transaction transaction(db);
    db.run("insert into people (id, name) values (1, 'a')");
    CHECK(db.in_transaction());
  }
  CHECK_FALSE(db.in_transaction());
  CHECK(number(db, "select count(*) from people") == 0);
  {
    Transaction transaction(db);
    db.run("insert into people (id, name) values (1, 'a')");
    transaction.commit();
  }
  CHECK(number(db, "select count(*) from people") == 1);
  const auto attempt = [&db] {
    Transaction transaction(db);
    db.run("delete from people");
    db.run("insert into notes values (9, 'x')");
    transaction.commit();
  };
  CHECK_THROWS_AS(attempt(), DatabaseError);
  CHECK(number(db, "select count(*) from people") == 1);
}

TEST_CASE("database: writers of several threads wait for each other, and none is lost", "[store]") {
  const TestDatabase place;
  Databases databases(place.name());
  databases.borrow()->run_script(
      "create table counter (n integer); insert into counter values (0)");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&databases] {
      for (int round = 0; round < 25; ++round) {
        auto db = databases.borrow();
        in_transaction(*db, [&] {
          auto row = db->query("select n from counter");
          row.step();  // outside of an assertion, which would keep what it throws
          db->run("update counter set n = ?1", row.int64(0) + 1);
        });
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(number(*databases.borrow(), "select n from counter") == 100);
}

TEST_CASE("databases: writers go in the order in which they came, and none is overtaken",
          "[store][sqlite]") {
  const TestDatabase place;
  Databases databases(place.name());
  auto mine = databases.borrow();
  std::vector<std::string> order;
  std::mutex mutex;
  const auto write = [&](Database& db, const char* who) {
    Transaction transaction(db);
    const std::lock_guard lock(mutex);
    order.emplace_back(who);
    transaction.commit();
  };
  std::vector<std::thread> others;
  {
    const Transaction held(*mine);
    for (const char* who : {"second", "third", "fourth"}) {
      const auto waiting = databases.pool().waiting;
      others.emplace_back([&, who] {
        auto db = databases.borrow();
        write(*db, who);
      });
      while (databases.pool().waiting == waiting) std::this_thread::yield();
    }
  }
  // Who comes again at once does not go before those who waited.
  write(*mine, "again");
  for (auto& each : others) each.join();
  CHECK(order.front() == "second");
  std::erase(order, "again");
  CHECK(order == std::vector<std::string>{"second", "third", "fourth"});
}

TEST_CASE("databases: one that is writing does not wait for its own turn", "[store][sqlite]") {
  const TestDatabase place;
  Databases databases(place.name());
  auto db = databases.borrow();
  db->run_script("create table seen (who text)");
  const BoundedWait wait(*db, std::chrono::milliseconds(20));
  auto row = db->query("insert into seen (who) values ('a'), ('b') returning who");
  REQUIRE(row.step());
  CHECK(db->run("insert into seen (who) values ('c')") == 1);
  CHECK(row.step());
  CHECK_FALSE(row.step());
  CHECK(number(*db, "select count(*) from seen") == 3);
}

TEST_CASE("databases: the turn to write is waited for no longer than was said", "[store][sqlite]") {
  const TestDatabase place;
  Databases databases(place.name());
  auto mine = databases.borrow(), other = databases.borrow();
  mine->run_script("create table seen (who text)");
  {
    const Transaction held(*mine);
    const BoundedWait wait(*other, std::chrono::milliseconds(20));
    CHECK(kind_of_failure(*other, "insert into seen (who) values ('x')") == Kind::busy);
    CHECK_THROWS_AS(Transaction(*other), DatabaseError);
  }
  CHECK(other->run("insert into seen (who) values ('x')") == 1);
}

TEST_CASE("database: a reader goes on while another writes, and sees it after the commit",
          "[store]") {
  const TestDatabase place;
  Databases databases(place.name());
  auto writer = databases.borrow();
  auto reader = databases.borrow();
  make_tables(*writer);
  Transaction transaction(*writer);
  writer->run("insert into people (id, name) values (1, 'a')");
  CHECK(number(*reader, "select count(*) from people") == 0);
  transaction.commit();
  CHECK(number(*reader, "select count(*) from people") == 1);
}

TEST_CASE("databases: the one given back is lent again, unless it was left in a transaction",
          "[store]") {
  const TestDatabase place;
  Databases databases(place.name());
  Database* first = databases.borrow().get();
  CHECK(databases.borrow().get() == first);
  {
    auto left = databases.borrow();
    left->run_script("begin");
  }
  auto next = databases.borrow();
  CHECK_FALSE(next->in_transaction());
  next->run_script("create table free (n integer)");
}

TEST_CASE("database: what cannot be opened is said in a sentence", "[store][sqlite]") {
  const TestDatabase place;
  CHECK_THROWS_WITH(Database(place.folder() / "absent" / "x.db"),
                    ContainsSubstring("cannot be opened") && ContainsSubstring("folder"));
  CHECK_THROWS_WITH(Database(place.folder().string()), ContainsSubstring("cannot be opened"));
  { std::ofstream(place.folder() / "letter.db") << std::string(4096, 'x'); }
  std::filesystem::permissions(place.folder() / "letter.db", std::filesystem::perms::owner_all);
  CHECK_THROWS_WITH(Database(place.folder() / "letter.db"), ContainsSubstring("not a database"));
}

// Run as a process of its own by the test after it.
TEST_CASE("database: the one that is named is opened and closed", "[.][other-process]") {
  const char* path = std::getenv("REKEY_TEST_DATABASE");
  REQUIRE(path != nullptr);
  Database other(path);
}

TEST_CASE("database: another process that closes it takes nothing from the connections of this one",
          "[store][sqlite]") {
  const TestDatabase place;
  Databases databases(place.name());
  auto first = databases.borrow();
  first->run_script("create table t (a integer)");
  {
    const auto second = databases.borrow();  // opened while the first is in use
    second->run("insert into t values (1)");
  }
  const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto command =
      "REKEY_TEST_DATABASE='" + place.file() + "' '" + program + "' '[other-process]' > /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(std::filesystem::exists(place.file() + "-wal"));
  first->run("insert into t values (2)");
  Database after(place.file());
  auto row = after.query("select count(*) from t");
  row.step();
  CHECK(row.int64(0) == 2);
}

}  // namespace rekey::database_test
