// What was imported, in the store: the run in use, the one that is being read, and what changed.
#include "native/store/imported.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "native/store/budgets.hpp"
#include "native/store/connections.hpp"
#include "native/store/schema.hpp"
#include "tests/native/test_database.hpp"

namespace rekey::store::imported_test {

namespace {

using imports::Entity;

struct Company {
  Company() {
    prepare_schema(db);
    put_tenant(db, "acme", "acme", from_ms(0));
    list.connection = ensure_connection(db, "acme", "books", from_ms(0)).id;
  }
  /// Reads a list as a run and puts it into use.
  void import(std::int64_t run, const std::vector<imports::Row>& rows, Instant now) {
    begin_list(db, list, run, now);
    put_staged(db, list, run, 0, rows, now);
    carry(run, now);
    const ListRead read{list.entity, static_cast<std::int64_t>(rows.size())};
    use_staged(db, list.connection, list.realm_id, std::span(&read, 1), now);
  }
  void carry(std::int64_t run, Instant now) {
    for (std::optional<std::string> after = ""; after;)
      after = carry_gone(db, list, run, *after, now, 2);
  }
  std::vector<std::string> ids(std::optional<Instant> since = {}) {
    std::vector<std::string> out;
    ImportedAfter after;
    for (;;) {
      const auto page = imported_page(db, list, after, since, 2);
      for (const auto& each : page) out.push_back(each.id + (each.gone ? " gone" : ""));
      if (page.size() < 2) return out;
      after = {page.back().changed, page.back().id};
    }
  }
  std::int64_t count(const std::string& table) {
    auto row = db.query("select count(*) from " + table);
    row.step();
    return row.int64(0);
  }

  TestDatabase file;
  Database db{file.name()};
  List list{"", "r1", Entity::customer};
};

std::vector<imports::Row> rows(std::initializer_list<std::pair<const char*, const char*>> all) {
  std::vector<imports::Row> out;
  for (const auto& [id, body] : all) out.push_back({id, body});
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("imported: rows of a new run are seen when all of it is there, and not before",
          "[store]") {
  Company company;
  auto& db = company.db;
  company.import(1, rows({{"1", "a"}, {"2", "b"}}), from_ms(10));
  begin_list(db, company.list, 2, {});
  CHECK(put_staged(db, company.list, 2, 0, rows({{"1", "x"}, {"3", "c"}}), from_ms(20)) == 2);
  CHECK(put_staged(db, company.list, 2, 1, rows({{"3", "c"}}), from_ms(20)) == 0);
  CHECK(company.ids() == Ids{"1", "2"});
  CHECK(imported_row(db, company.list, "1")->body == "a");
  CHECK(count_staged(db, company.list, 2).rows == 2);
  company.carry(2, from_ms(20));
  CHECK(count_staged(db, company.list, 2).rows == 2);
  CHECK(company.ids() == Ids{"1", "2"});
  const ListRead read{Entity::customer, 2};
  use_staged(db, company.list.connection, "r1", std::span(&read, 1), from_ms(30));
  CHECK(company.ids() == Ids{"1", "3"});
  const auto state = list_state(db, company.list);
  REQUIRE(state);
  CHECK(state->run == 2);
  CHECK(state->rows == 2);
  CHECK(state->read_at == from_ms(30));
  CHECK_FALSE(state->staged);
}

TEST_CASE("imported: what changed, what is new and what is gone is told by time", "[store]") {
  Company company;
  company.import(1, rows({{"1", "a"}, {"2", "b"}, {"3", "c"}}), from_ms(10));
  CHECK(company.ids(from_ms(10)) == Ids{"1", "2", "3"});
  CHECK(company.ids(from_ms(11)).empty());
  company.import(2, rows({{"1", "a"}, {"2", "B"}, {"4", "d"}}), from_ms(20));
  CHECK(company.ids(from_ms(11)) == Ids{"2", "3 gone", "4"});
  CHECK(company.ids() == Ids{"1", "2", "4"});
  // It is still told when nothing changes any more, with the time when it was.
  company.import(3, rows({{"1", "a"}, {"2", "B"}, {"4", "d"}}), from_ms(30));
  CHECK(company.ids(from_ms(11)) == Ids{"2", "3 gone", "4"});
  CHECK(company.ids(from_ms(21)).empty());
  // And one that is back is a change.
  company.import(4, rows({{"1", "a"}, {"2", "B"}, {"3", "c"}, {"4", "d"}}), from_ms(40));
  CHECK(company.ids(from_ms(31)) == Ids{"3"});
  // For long enough, and then no more.
  company.import(5, rows({{"1", "a"}}), from_ms(50));
  company.import(6, rows({{"1", "a"}}), from_ms(51) + gone_kept);
  CHECK(company.ids(from_ms(0)) == Ids{"1"});
}

TEST_CASE("imported: rows of runs that are over go bit by bit, and no others", "[store]") {
  Company company;
  auto& db = company.db;
  company.import(1, rows({{"1", "a"}, {"2", "b"}, {"3", "c"}}), from_ms(10));
  company.import(2, rows({{"1", "a"}, {"2", "b"}}), from_ms(20));
  begin_list(db, company.list, 3, {});
  put_staged(db, company.list, 3, 0, rows({{"1", "a"}}), from_ms(30));
  const SetAside aside{2, "", "no_id"};
  put_set_aside(db, company.list, 3, std::span(&aside, 1));
  CHECK(company.count("imported") == 7);
  CHECK(sweep_imported(db, company.list.connection, 2) == 2);
  CHECK(sweep_imported(db, company.list.connection, 2) == 1);
  CHECK(sweep_imported(db, company.list.connection, 2) == 0);
  CHECK(company.ids() == Ids{"1", "2"});
  CHECK(count_staged(db, company.list, 3).rows == 1);
  // What was being read is dropped: it goes too.
  drop_staged(db, company.list.connection);
  CHECK(sweep_imported(db, company.list.connection, 100) == 1);
  CHECK(company.count("set_aside") == 0);
  CHECK(company.ids() == Ids{"1", "2"});
}

TEST_CASE("imported: records that are no rows are noted by their place, once", "[store]") {
  Company company;
  auto& db = company.db;
  begin_list(db, company.list, 1, {});
  const std::vector<SetAside> aside{{3, "", "no_id"}, {7, "", "no_object"}};
  put_set_aside(db, company.list, 1, aside);
  put_set_aside(db, company.list, 1, aside);
  add_mended(db, company.list, 2);
  put_staged(db, company.list, 1, 0, rows({{"1", "a"}}), from_ms(1));
  CHECK(count_staged(db, company.list, 1).set_aside == 2);
  const ListRead read{Entity::customer, 3};
  use_staged(db, company.list.connection, "r1", std::span(&read, 1), from_ms(2));
  const auto state = list_state(db, company.list);
  CHECK(state->set_aside == 2);
  CHECK(state->mended == 2);
  CHECK(state->counted == 3);
  const auto page = set_aside_page(db, company.list, 3, 10);
  REQUIRE(page.size() == 1);
  CHECK(page.front().reason == "no_object");
}

TEST_CASE("imported: changes reach the rows in use and those that are being read", "[store]") {
  Company company;
  auto& db = company.db;
  company.import(1, rows({{"1", "a"}, {"2", "b"}}), from_ms(10));
  begin_list(db, company.list, 2, {});
  put_staged(db, company.list, 2, 0, rows({{"1", "a"}, {"2", "b"}}), from_ms(15));
  const std::vector<ListChange> changes{{"1", "A"}, {"2", {}}, {"3", "c"}, {"9", {}}};
  CHECK(rows_after(db, company.list, changes) == 2);
  CHECK(apply_changes(db, company.list, changes, from_ms(19), from_ms(20)) == 3);
  CHECK(apply_changes(db, company.list, changes, from_ms(19), from_ms(21)) == 0);
  CHECK(company.ids() == Ids{"1", "3"});
  CHECK(company.ids(from_ms(11)) == Ids{"1", "2 gone", "3"});
  CHECK(list_state(db, company.list)->changed_to == from_ms(19));
  CHECK(list_state(db, company.list)->rows == 2);
  CHECK(count_staged(db, company.list, 2).rows == 2);
  // What was read before, and comes late, does not undo what was read after it.
  CHECK(apply_changes(db, company.list, std::vector<ListChange>{{"1", "a"}, {"3", {}}}, from_ms(18),
                      from_ms(22)) == 0);
  CHECK(company.ids() == Ids{"1", "3"});
  CHECK(list_state(db, company.list)->changed_to == from_ms(19));
}

TEST_CASE("imported: a walk is kept with its rows, and begins anew with them", "[store]") {
  Company company;
  auto& db = company.db;
  begin_list(db, company.list, 1, from_ms(5));
  CHECK(list_state(db, company.list)->staged_from == from_ms(5));
  imports::Walk walk;
  walk.next = 301;
  walk.last = "300";
  put_walk(db, company.list, walk);
  CHECK(list_state(db, company.list)->walk == walk);
  begin_list(db, company.list, 2, {});
  CHECK_FALSE(list_state(db, company.list)->walk);
  CHECK(list_states(db, company.list.connection, "r1").size() == 1);
}

TEST_CASE("imported: each row is given once, whatever a page holds", "[store]") {
  Company company;
  std::vector<imports::Row> many;
  for (int i = 0; i < 2500; ++i) many.push_back({std::to_string(i), "{}"});
  company.import(1, many, from_ms(10));
  std::set<std::string> seen;
  each_imported(company.db, company.list, [&](const ImportedRow& row) {
    CHECK(seen.insert(row.id).second);
    return seen.size() < 2400;
  });
  CHECK(seen.size() == 2400);
}

TEST_CASE("jobs: those of a process that died are given back, and that is no try", "[store]") {
  Company company;
  auto& db = company.db;
  db.run("insert into jobs (connection, effect, run_at, lane) values (?1, ?2, 0, 1)",
         company.list.connection, wire::text_of(Effect(RunImport{1, 1})));
  REQUIRE(lease_job(db, Lane::lengthy, "first", from_ms(10), from_ms(1000)));
  CHECK(job_owners(db, from_ms(20)) == std::vector<std::string>{"first"});
  CHECK_FALSE(lease_job(db, Lane::lengthy, "second", from_ms(20), from_ms(1000)));
  CHECK(free_jobs_of(db, "first") == 1);
  CHECK(lease_job(db, Lane::lengthy, "second", from_ms(20), from_ms(1000))->attempts == 0);
  // Nor is a lease that ran out.
  CHECK(lease_job(db, Lane::lengthy, "third", from_ms(2000), from_ms(3000))->attempts == 0);
  const auto job = lease_job(db, Lane::lengthy, "fourth", from_ms(4000), from_ms(5000));
  postpone_job(db, job->id, from_ms(4500));
  CHECK(lease_job(db, Lane::lengthy, "fifth", from_ms(4600), from_ms(5000))->attempts == 1);
}

TEST_CASE("budgets: what one process has spent another does not have", "[store]") {
  Company company;
  auto& db = company.db;
  const std::string key = "company";
  auto state = read_budget(db, key);
  (void)budget::take(state, {10, 500}, from_ms(1'000'000), 5);
  put_budget(db, key, state, from_ms(1'000'000));
  auto other = read_budget(db, key);
  CHECK(other.next == state.next);
  CHECK(other.used == state.used);
  CHECK(budget::take(other, {10, 500}, from_ms(1'000'000), 1).at.front() == state.next);
}

}  // namespace rekey::store::imported_test
