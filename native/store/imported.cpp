#include "native/store/imported.hpp"

#include <map>

#include "native/store/matching.hpp"

namespace rekey::store {

namespace {

constexpr int page_rows = 1000;

std::string list_name(const List& list) {
  return std::string(wire::name_of(list.entity));
}

std::optional<Instant> time_in(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return from_ms(row.int64(column));
}

std::optional<std::int64_t> in_ms(std::optional<Instant> at) {
  if (!at) return {};
  return to_ms(*at);
}

constexpr const char* list_columns =
    "select entity, run, row_count, counted, read_at, changed_to, set_aside, mended, staged, "
    "staged_from, staged_mended, staged_walk from lists where connection = ?1 and realm_id = ?2";

/// None: a list that this version does not know.
std::optional<ListState> list_state_of(const Statement& row) {
  const auto entity = wire::enumerator_of<imports::Entity>(row.text(0));
  if (!entity) return {};
  ListState out{*entity,         row.int64(1), row.int64(2), row.int64(3), from_ms(row.int64(4)),
                time_in(row, 5), row.int64(6), row.int64(7)};
  if (!row.is_null(8)) out.staged = row.int64(8);
  out.staged_from = time_in(row, 9);
  out.staged_mended = row.int64(10);
  const auto json = wire::parse(row.text(11), "A stored walk");
  if (auto walk = json ? wire::read_as<imports::Walk>(*json, "A stored walk")
                       : tl::unexpected(json.error()))
    out.walk = std::move(*walk);
  return out;
}

std::int64_t run_in_use(Database& db, const List& list) {
  auto row =
      db.query("select run from lists where connection = ?1 and realm_id = ?2 and entity = ?3",
               list.connection, list.realm_id, list_name(list));
  return row.step() ? row.int64(0) : 0;
}

ImportedRow imported_row_of(const Statement& row) {
  return {row.text(0), row.text(1), from_ms(row.int64(2)), row.int64(3) != 0};
}

/// Makes a row of a run what it is now; gives whether it is another one than before.
bool apply_change(Database& db, const List& list, std::int64_t run, const ListChange& change,
                  Instant now) {
  if (!change.body)
    return db.run(
               "update imported set gone = 1, changed = ?6 where connection = ?1 and "
               "realm_id = ?2 and entity = ?3 and run = ?4 and id = ?5 and gone = 0",
               list.connection, list.realm_id, list_name(list), run, change.id, to_ms(now)) > 0;
  // `position`: behind all others.
  return db.run(
             "insert into imported (connection, realm_id, entity, run, id, position, body, "
             "changed, gone) values (?1, ?2, ?3, ?4, ?5, ?8, ?6, ?7, 0) on conflict (connection, "
             "realm_id, entity, run, id) do update set body = excluded.body, "
             "changed = excluded.changed, gone = 0 where imported.body <> excluded.body or "
             "imported.gone <> 0",
             list.connection, list.realm_id, list_name(list), run, change.id, *change.body,
             to_ms(now), std::int64_t{1} << 40) > 0;
}

}  // namespace

std::optional<ListState> list_state(Database& db, const List& list) {
  auto row = db.query(std::string(list_columns) + " and entity = ?3", list.connection,
                      list.realm_id, list_name(list));
  if (!row.step()) return {};
  return list_state_of(row);
}

std::vector<ListState> list_states(Database& db, const std::string& connection,
                                   const std::string& realm_id) {
  auto row = db.query(std::string(list_columns) + " order by entity", connection, realm_id);
  std::vector<ListState> out;
  while (row.step())
    if (const auto state = list_state_of(row)) out.push_back(*state);
  return out;
}

std::vector<ImportedRow> imported_page(Database& db, const List& list, const ImportedAfter& after,
                                       std::optional<Instant> changed_since, int most) {
  const auto run = run_in_use(db, list);
  constexpr const char* by_id =
      "select id, body, changed, gone from imported where connection = ?1 and realm_id = ?2 and "
      "entity = ?3 and run = ?4 and id > ?5 and gone = 0 order by id limit ?6";
  // From `changed_since` on for the first page, from the last row on for the others.
  constexpr const char* by_change =
      "select id, body, changed, gone from imported where connection = ?1 and realm_id = ?2 and "
      "entity = ?3 and run = ?4 and (changed, id) > (?5, ?6) order by changed, id limit ?7";
  std::vector<ImportedRow> out;
  if (run == 0) return out;
  const auto collect = [&](Statement row) {
    while (row.step()) out.push_back(imported_row_of(row));
  };
  if (!changed_since) {
    collect(db.query(by_id, list.connection, list.realm_id, list_name(list), run, after.id, most));
    return out;
  }
  const auto from = after.id.empty() ? *changed_since : after.changed;
  collect(db.query(by_change, list.connection, list.realm_id, list_name(list), run, to_ms(from),
                   after.id, most));
  return out;
}

void each_imported(Database& db, const List& list,
                   const std::function<bool(const ImportedRow&)>& each) {
  for (ImportedAfter after;;) {
    const auto rows = imported_page(db, list, after, {}, page_rows);
    for (const auto& row : rows)
      if (!each(row)) return;
    if (rows.size() < page_rows) return;
    after.id = rows.back().id;
  }
}

std::optional<ImportedRow> imported_row(Database& db, const List& list, const std::string& id) {
  auto row = db.query(
      "select id, body, changed, gone from imported where connection = ?1 and realm_id = ?2 and "
      "entity = ?3 and run = ?4 and id = ?5",
      list.connection, list.realm_id, list_name(list), run_in_use(db, list), id);
  if (!row.step()) return {};
  return imported_row_of(row);
}

std::vector<mapping::Record> imported_list(Database& db, const List& list,
                                           const RecordOf& record_of) {
  // As the provider put them in order, as far as that is known.
  auto row = db.query(
      "select id, body from imported where connection = ?1 and realm_id = ?2 and entity = ?3 and "
      "run = ?4 and gone = 0 order by position, id",
      list.connection, list.realm_id, list_name(list), run_in_use(db, list));
  std::vector<mapping::Record> out;
  while (row.step()) {
    const auto json = wire::parse(row.text(1), "An imported row");
    if (!json) continue;
    // The id that it is kept by, however the row has it.
    out.push_back(record_of(list.entity, *json));
    out.back().id = row.text(0);
  }
  return out;
}

std::vector<SetAside> set_aside_page(Database& db, const List& list, std::int64_t after, int most) {
  auto row = db.query(
      "select position, id, reason, name from set_aside where connection = ?1 and realm_id = ?2 "
      "and "
      "entity = ?3 and run = ?4 and position > ?5 order by position limit ?6",
      list.connection, list.realm_id, list_name(list), run_in_use(db, list), after, most);
  std::vector<SetAside> out;
  while (row.step()) out.push_back({row.int64(0), row.text(1), row.text(2), row.text(3)});
  return out;
}

void begin_list(Database& db, const List& list, std::int64_t run, std::optional<Instant> from) {
  db.run(
      "insert into lists (connection, realm_id, entity, staged, staged_from) values (?1, ?2, ?3, "
      "?4, ?5) on conflict (connection, realm_id, entity) do update set staged = excluded.staged, "
      "staged_from = excluded.staged_from, staged_mended = 0, staged_walk = ''",
      list.connection, list.realm_id, list_name(list), run, in_ms(from));
}

namespace {

/// The same where each statement is a way to a server and back: all rows in one, as JSON.
std::int64_t put_staged_at_once(Database& db, const List& list, std::int64_t staged,
                                std::int64_t from, std::span<const imports::Row> rows,
                                Instant now) {
  // Of rows of one id the last counts: a statement cannot write one twice.
  std::map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < rows.size(); ++i) last[rows[i].id] = i;
  wire::Json all = wire::Json::array();
  for (const auto& [id, i] : last)
    all.push_back(wire::Json::array({from + static_cast<std::int64_t>(i) + 1, id, rows[i].body}));
  auto row = db.query(
      "insert into imported (connection, realm_id, entity, run, id, position, body, changed, gone) "
      "select ?1, ?2, ?3, ?4, n.id, n.position, n.body, coalesce(o.changed, ?7), 0 from "
      "(select r ->> 1 as id, cast(r ->> 0 as bigint) as position, r ->> 2 as body from "
      "json_array_elements(cast(?5 as json)) r) n left join imported o on o.connection = ?1 and "
      "o.realm_id = ?2 and o.entity = ?3 and o.run = ?6 and o.id = n.id and o.gone = 0 and "
      "o.body = n.body on conflict (connection, realm_id, entity, run, id) do update set "
      "position = excluded.position, body = excluded.body, changed = excluded.changed, gone = 0 "
      "returning case when xmax = 0 then 1 else 0 end",
      list.connection, list.realm_id, list_name(list), staged, wire::dump(all),
      run_in_use(db, list), to_ms(now));
  std::int64_t fresh = 0;
  while (row.step()) fresh += row.int64(0);
  return fresh;
}

}  // namespace

std::int64_t put_staged(Database& db, const List& list, std::int64_t staged, std::int64_t from,
                        std::span<const imports::Row> rows, Instant now) {
  if (db.dialect() == Dialect::postgres)
    return put_staged_at_once(db, list, staged, from, rows, now);
  const auto name = list_name(list);
  const auto in_use = run_in_use(db, list);
  // As it was in use: then it has changed when it did. (The first time there is nothing to look
  // at.)
  constexpr const char* since =
      "case when ?8 = 0 then ?9 else coalesce((select o.changed from imported o where "
      "o.connection = ?1 and o.realm_id = ?2 and o.entity = ?3 and o.run = ?8 and o.id = ?5 and "
      "o.gone = 0 and o.body = ?7), ?9) end";
  const auto insert =
      std::string(
          "insert into imported (connection, realm_id, entity, run, id, position, body, changed, "
          "gone) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ") +
      since + ", 0) on conflict do nothing";
  const auto replace = std::string("update imported set position = ?6, body = ?7, changed = ") +
                       since +
                       ", gone = 0 where connection = ?1 and realm_id = ?2 and entity = ?3 and "
                       "run = ?4 and id = ?5";
  std::int64_t fresh = 0;
  for (const auto& each : rows) {
    const auto put = [&](const std::string& sql) {
      return db.run(sql, list.connection, list.realm_id, name, staged, each.id, from + 1, each.body,
                    in_use, to_ms(now));
    };
    if (put(insert) > 0)
      ++fresh;
    else
      put(replace);
    ++from;
  }
  return fresh;
}

void put_set_aside(Database& db, const List& list, std::int64_t staged,
                   std::span<const SetAside> records) {
  for (const auto& each : records)
    db.run(
        "insert into set_aside (connection, realm_id, entity, run, position, id, reason, name) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict (connection, realm_id, entity, run, "
        "position) do update set id = excluded.id, reason = excluded.reason, name = excluded.name",
        list.connection, list.realm_id, list_name(list), staged, each.position, each.id,
        each.reason, each.name);
}

std::int64_t count_set_aside(Database& db, const List& list, std::int64_t staged) {
  auto row = db.query(
      "select count(*) from set_aside where connection = ?1 and realm_id = ?2 and entity = ?3 and "
      "run = ?4",
      list.connection, list.realm_id, list_name(list), staged);
  row.step();
  return row.int64(0);
}

void forget_set_aside(Database& db, const List& list, std::int64_t staged) {
  db.run(
      "delete from set_aside where connection = ?1 and realm_id = ?2 and entity = ?3 and run = ?4",
      list.connection, list.realm_id, list_name(list), staged);
  db.run(
      "update lists set staged_mended = 0 where connection = ?1 and realm_id = ?2 and entity = ?3",
      list.connection, list.realm_id, list_name(list));
}

void add_mended(Database& db, const List& list, std::int64_t count) {
  if (count == 0) return;
  db.run(
      "update lists set staged_mended = staged_mended + ?4 where connection = ?1 and "
      "realm_id = ?2 and entity = ?3",
      list.connection, list.realm_id, list_name(list), count);
}

void put_walk(Database& db, const List& list, const imports::Walk& walk) {
  db.run(
      "update lists set staged_walk = ?4 where connection = ?1 and realm_id = ?2 and entity = ?3",
      list.connection, list.realm_id, list_name(list), wire::text_of(walk));
}

Staged count_staged(Database& db, const List& list, std::int64_t staged) {
  auto row = db.query(
      "select (select count(*) from imported where connection = ?1 and realm_id = ?2 and "
      "entity = ?3 and run = ?4 and gone = 0), (select count(*) from set_aside where "
      "connection = ?1 and realm_id = ?2 and entity = ?3 and run = ?4)",
      list.connection, list.realm_id, list_name(list), staged);
  row.step();
  return {row.int64(0), row.int64(1)};
}

std::optional<std::string> carry_gone(Database& db, const List& list, std::int64_t staged,
                                      const std::string& after, Instant now, int most) {
  const auto name = list_name(list);
  const auto in_use = run_in_use(db, list);
  if (in_use == 0 || in_use == staged) return {};
  std::string last;
  {
    auto row = db.query(
        "select max(id), count(*) from (select id from imported where connection = ?1 and "
        "realm_id = ?2 and entity = ?3 and run = ?4 and id > ?5 order by id limit ?6) looked_at",
        list.connection, list.realm_id, name, in_use, after, most);
    if (!row.step() || row.int64(1) == 0) return {};
    last = row.text(0);
  }
  db.run(
      "insert into imported (connection, realm_id, entity, run, id, position, body, changed, gone) "
      "select o.connection, o.realm_id, o.entity, ?5, o.id, o.position, o.body, case when "
      "o.gone = 0 then ?8 else o.changed end, 1 from imported o where o.connection = ?1 and "
      "o.realm_id = ?2 and o.entity = ?3 and o.run = ?4 and o.id > ?6 and o.id <= ?7 and "
      "(o.gone = 0 or o.changed > ?9) and not exists (select 1 from imported n where "
      "n.connection = ?1 and n.realm_id = ?2 and n.entity = ?3 and n.run = ?5 and n.id = o.id) "
      "on conflict do nothing",
      list.connection, list.realm_id, name, in_use, staged, after, last, to_ms(now),
      to_ms(now - gone_kept));
  return last;
}

void use_staged(Database& db, const std::string& connection, const std::string& realm_id,
                std::span<const ListRead> lists, Instant now) {
  for (const auto& each : lists) {
    const List list{connection, realm_id, each.entity};
    const auto state = list_state(db, list);
    if (!state || !state->staged) continue;
    const auto rows = each.rows ? *each.rows : count_staged(db, list, *state->staged).rows;
    const auto set_aside = count_set_aside(db, list, *state->staged);
    db.run(
        "update lists set run = staged, row_count = ?4, counted = ?5, read_at = ?6, "
        "changed_to = staged_from, set_aside = ?7, mended = staged_mended, staged = null, "
        "staged_from = null, staged_mended = 0, staged_walk = '' where connection = ?1 and "
        "realm_id = ?2 and entity = ?3",
        connection, realm_id, list_name(list), rows, each.counted, to_ms(now), set_aside);
  }
}

void drop_staged(Database& db, const std::string& connection) {
  db.run(
      "update lists set staged = null, staged_from = null, staged_mended = 0, staged_walk = '' "
      "where "
      "connection = ?1 and staged is not null",
      connection);
}

void drop_staged(Database& db, const List& list) {
  db.run(
      "update lists set staged = null, staged_from = null, staged_mended = 0, staged_walk = '' "
      "where "
      "connection = ?1 and realm_id = ?2 and entity = ?3",
      list.connection, list.realm_id, list_name(list));
}

std::int64_t rows_after(Database& db, const List& list, std::span<const ListChange> changes) {
  const auto state = list_state(db, list);
  if (!state) return 0;
  auto rows = state->rows;
  for (const auto& each : changes) {
    const auto row = imported_row(db, list, each.id);
    const bool is_there = row && !row->gone;
    if (each.body && !is_there) ++rows;
    if (!each.body && is_there) --rows;
  }
  return rows;
}

std::int64_t apply_changes(Database& db, const List& list, std::span<const ListChange> changes,
                           std::optional<Instant> changed_to, Instant now) {
  const auto state = list_state(db, list);
  if (!state) return 0;
  // Another reader knows later ones already, and has applied them.
  if (changed_to && state->changed_to && *changed_to < *state->changed_to) return 0;
  std::int64_t others = 0;
  for (const auto& each : changes) {
    if (state->run != 0 && apply_change(db, list, state->run, each, now)) ++others;
    if (state->staged) (void)apply_change(db, list, *state->staged, each, now);
  }
  if (state->run == 0) return 0;
  db.run(
      "update lists set row_count = ?4, changed_to = coalesce(?5, changed_to) where "
      "connection = ?1 and realm_id = ?2 and entity = ?3",
      list.connection, list.realm_id, list_name(list), count_staged(db, list, state->run).rows,
      in_ms(changed_to));
  if (others > 0) ask_matching(db, list.connection, now);
  return others;
}

}  // namespace rekey::store
