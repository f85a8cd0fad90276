#include "native/store/change_notices.hpp"

#include "core/wire/fields.hpp"

namespace rekey::store {

namespace {

std::vector<ChangedRecord> records_of(Database& db, const std::string& connection) {
  std::vector<ChangedRecord> out;
  auto row = db.query(
      "select entity, id, at from change_notices where connection = ?1 order by entity, id",
      connection);
  while (row.step())
    // A kind that only another version knows is passed over, and goes when the rest was read.
    for (const auto entity : wire::all_of<imports::Entity>)
      if (wire::name_of(entity) == row.text(0))
        out.push_back({entity, row.text(1), from_ms(row.int64(2))});
  return out;
}

}  // namespace

std::vector<GrantOfCompany> grants_of_company(Database& db, const std::string& integration,
                                              const std::string& realm_id) {
  std::vector<GrantOfCompany> out;
  auto row = db.query(
      "select g.connection, g.version from grants g join connections c on c.id = g.connection "
      "where g.realm_id = ?1 and c.integration = ?2 order by g.connection, g.version desc",
      realm_id, integration);
  while (row.step()) out.push_back({row.text(0), row.int64(1)});
  return out;
}

void note_changes(Database& db, const std::string& connection,
                  const std::vector<ChangedRecord>& records, Instant due) {
  for (const auto& each : records)
    db.run(
        "insert into change_notices (connection, entity, id, at) values (?1, ?2, ?3, ?4) "
        "on conflict (connection, entity, id) do update set at = excluded.at",
        connection, std::string(wire::name_of(each.entity)), each.id, to_ms(each.at));
  db.run(
      "insert into change_reads (connection, due_at) values (?1, ?2) "
      "on conflict (connection) do nothing",
      connection, to_ms(due));
}

std::optional<ChangesToRead> claim_changes(Database& db, Instant now, Instant until) {
  ChangesToRead out;
  std::int64_t due = 0;
  {
    auto row = db.query(
        "select connection, due_at, attempts from change_reads where due_at <= ?1 "
        "order by due_at limit 1",
        to_ms(now));
    if (!row.step()) return {};
    out.connection = row.text(0);
    due = row.int64(1);
    out.attempts = row.int64(2);
  }
  // Another process may have taken it at the same time; then its turn has another end.
  if (db.run("update change_reads set due_at = ?3, attempts = attempts + 1 "
             "where connection = ?1 and due_at = ?2",
             out.connection, due, to_ms(until)) == 0)
    return {};
  out.records = records_of(db, out.connection);
  return out;
}

std::optional<Instant> next_changes_at(Database& db) {
  auto row = db.query("select min(due_at) from change_reads");
  if (!row.step() || row.is_null(0)) return {};
  return from_ms(row.int64(0));
}

void changes_are_read(Database& db, const ChangesToRead& read, Instant due) {
  for (const auto& each : read.records)
    db.run(
        "delete from change_notices where connection = ?1 and entity = ?2 and id = ?3 and at <= ?4",
        read.connection, std::string(wire::name_of(each.entity)), each.id, to_ms(each.at));
  if (records_of(db, read.connection).empty()) return forget_changes(db, read.connection);
  db.run("update change_reads set due_at = ?2, attempts = 0 where connection = ?1", read.connection,
         to_ms(due));
}

void postpone_changes(Database& db, const ChangesToRead& read, Instant due) {
  db.run("update change_reads set due_at = ?2 where connection = ?1", read.connection, to_ms(due));
}

void forget_changes(Database& db, const std::string& connection) {
  db.run("delete from change_notices where connection = ?1", connection);
  db.run("delete from change_reads where connection = ?1", connection);
}

std::int64_t noted_changes(Database& db) {
  auto row = db.query("select count(*) from change_notices");
  return row.step() ? row.int64(0) : 0;
}

void note_refused_deliveries(Database& db, const std::string& reason, std::int64_t count,
                             Instant now) {
  db.run(
      "insert into refused_deliveries (reason, count, at) values (?1, ?2, ?3) "
      "on conflict (reason) do update set count = refused_deliveries.count + excluded.count, "
      "at = excluded.at",
      reason, count, to_ms(now));
}

RefusedDeliveries refused_deliveries(Database& db, const std::string& reason) {
  auto row = db.query("select count, at from refused_deliveries where reason = ?1", reason);
  if (!row.step()) return {};
  return {row.int64(0), from_ms(row.int64(1))};
}

}  // namespace rekey::store
