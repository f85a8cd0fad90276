#include "native/store/changes.hpp"

namespace rekey::store {

std::int64_t data_version(Database& db) {
  auto row = db.query("pragma data_version");
  row.step();
  return row.int64(0);
}

Changes changes_after(Database& db, std::int64_t after) {
  Changes out;
  out.newest = after;
  auto row = db.query("select n, subject from changes where n > ?1 order by n", after);
  while (row.step()) {
    // Numbers are given without gaps, so one that is missing was pruned.
    if (row.int64(0) != out.newest + 1) out.gap = true;
    out.newest = row.int64(0);
    out.subjects.push_back(row.text(1));
  }
  return out;
}

std::int64_t newest_change(Database& db) {
  auto row = db.query("select coalesce(max(n), 0) from changes");
  row.step();
  return row.int64(0);
}

void prune_changes(Database& db, std::int64_t up_to) {
  db.run("delete from changes where n <= ?1", up_to);
}

}  // namespace rekey::store
