#include "native/store/changes.hpp"

#include <algorithm>

namespace rekey::store {

namespace {

/// A number that is another one whenever some other connection to the file, of this process or of
/// another, has committed since.
std::int64_t data_version(Database& db) {
  auto row = db.query("pragma data_version");
  row.step();
  return row.int64(0);
}

std::int64_t newest_change(Database& db) {
  auto row = db.query("select coalesce(max(n), 0) from changes");
  row.step();
  return row.int64(0);
}

Changes changes_of_file(Database& db, Seen& seen) {
  Changes out;
  const auto version = data_version(db);
  if (version == seen.version) return out;
  auto row = db.query("select n, subject from changes where n > ?1 order by n", seen.newest);
  auto newest = seen.newest;
  while (row.step()) {
    // Numbers are given without gaps, so one that is missing was pruned.
    if (row.int64(0) != newest + 1) out.gap = true;
    newest = row.int64(0);
    out.subjects.push_back(row.text(1));
  }
  seen.newest = newest;
  seen.version = version;
  return out;
}

// A change gets its number before it is committed, so numbers say nothing about what has been seen:
// 7 may come to light after 8, or never. What is new is what was written by transactions that had
// not ended in the snapshot of the last look, and have in this one's. One statement sees one
// snapshot.
Changes changes_on_server(Database& db, Seen& seen) {
  Changes out;
  auto row = db.query(
      "select pg_current_snapshot()::text, (select coalesce(min(n), 0) from changes), c.n, "
      "c.subject from (select 1) as look left join changes c on c.xid >= "
      "pg_snapshot_xmin(cast(?1 as pg_snapshot)) "
      "and not pg_visible_in_snapshot(c.xid, cast(?1 as pg_snapshot)) order by c.n",
      seen.snapshot);
  const auto before = seen.newest;
  while (row.step()) {
    seen.snapshot = row.text(0);
    if (row.is_null(2)) break;
    // Pruning begins at the oldest: while one is there that was seen, all newer ones are.
    if (row.int64(1) > before + 1) out.gap = true;
    seen.newest = std::max(seen.newest, row.int64(2));
    out.subjects.push_back(row.text(3));
  }
  return out;
}

}  // namespace

Seen see(Database& db) {
  Seen seen;
  if (db.dialect() == Dialect::sqlite) {
    // First the version: what comes between the two is then looked at again.
    seen.version = data_version(db);
    seen.newest = newest_change(db);
    return seen;
  }
  // Restored into another cluster, changes bear numbers of transactions that are still to come
  // there, and would be new for ever.
  db.run("delete from changes where xid >= pg_snapshot_xmax(pg_current_snapshot())");
  auto row =
      db.query("select pg_current_snapshot()::text, (select coalesce(max(n), 0) from changes)");
  row.step();
  seen.snapshot = row.text(0);
  seen.newest = row.int64(1);
  return seen;
}

Changes changes_since(Database& db, Seen& seen) {
  return db.dialect() == Dialect::sqlite ? changes_of_file(db, seen) : changes_on_server(db, seen);
}

void prune_changes(Database& db, std::int64_t up_to) {
  db.run("delete from changes where n <= ?1", up_to);
}

}  // namespace rekey::store
