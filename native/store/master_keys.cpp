#include "native/store/master_keys.hpp"

#include <algorithm>

namespace rekey::store {

std::vector<KnownMasterKey> known_master_keys(Database& db) {
  auto row = db.query("select id, sealed, added from master_keys order by added, id");
  std::vector<KnownMasterKey> out;
  while (row.step()) out.push_back({row.text(0), row.blob(1), from_ms(row.int64(2))});
  return out;
}

void know_master_key(Database& db, const KnownMasterKey& key) {
  // Later than every other, also when a clock is wrong.
  std::int64_t added = to_ms(key.added);
  {
    auto row = db.query("select max(added) from master_keys where id <> ?1", key.id);
    if (row.step() && !row.is_null(0)) added = std::max(added, row.int64(0) + 1);
  }
  db.run(
      "insert into master_keys (id, sealed, added) values (?1, ?2, ?3) "
      "on conflict (id) do update set sealed = excluded.sealed, added = excluded.added",
      key.id, Blob{key.proof}, added);
}

bool forget_master_key(Database& db, const std::string& id) {
  return db.run("delete from master_keys where id = ?1", id) == 1;
}

}  // namespace rekey::store
