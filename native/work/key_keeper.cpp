#include "native/work/key_keeper.hpp"

#include <algorithm>

#include "native/log.hpp"
#include "native/vault/blob.hpp"

namespace rekey::work {

namespace {

constexpr int most_a_pass = 200;
constexpr Millis look_at_keys_every = std::chrono::minutes{10};

struct Row {
  Owner owner;
  vault::WrappedKey key;
};

// Data keys of connections, and those of webhooks' secrets, which belong to the tenant "webhooks".
constexpr const char* every_key =
    "(select c.tenant, d.connection, d.id, d.wrapped from data_keys d "
    "join connections c on c.id = d.connection union all "
    "select 'webhooks', id, key_id, wrapped from webhook_endpoints) k";

}  // namespace

bool KeyKeeper::pass() {
  const auto changed = driver_.safe().vault().notice_new_keys();
  if (!changed)
    log::error("keys.not_read", {{"what", changed.error().hint}});
  else if (*changed)
    log::info("keys.changed", {{"in_use", driver_.safe().vault().master_key_ids().front()}});
  const auto now = driver_.now();
  if (changed.value_or(false) || now >= look_again_ || look_again_ - now > look_at_keys_every)
    look_ = true;
  if (!look_) return false;
  look_again_ = now + look_at_keys_every;
  look_ = rewrap_some() == most_a_pass;
  return look_;
}

int KeyKeeper::rewrap_some() {
  const auto& vault = driver_.safe().vault();
  const auto header = vault::blob_header(vault.master_key_ids().front());
  auto db = driver_.databases().borrow();
  std::vector<Row> rows;
  {
    auto row =
        db->query(std::string("select k.tenant, k.connection, k.id, k.wrapped from ") + every_key +
                      " where substr(k.wrapped, 1, ?1) <> ?2 limit ?3",
                  std::int64_t(header.size()), store::Blob{header}, std::int64_t{most_a_pass});
    while (row.step()) rows.push_back({{row.text(0), row.text(1)}, {row.text(2), row.blob(3)}});
  }
  if (rows.empty()) return 0;
  int moved = 0;
  store::Transaction transaction(*db);
  for (const auto& [owner, key] : rows) {
    const auto again = vault.rewrap(key, owner.tenant, owner.connection);
    if (!again) {
      log::error("keys.not_moved",
                 {{"connection", owner.connection}, {"what", again.error().hint}});
      continue;
    }
    moved += static_cast<int>(
        db->run("update data_keys set wrapped = ?3 where connection = ?1 and wrapped = ?2",
                owner.connection, store::Blob{key.blob}, store::Blob{again->blob}));
    moved += static_cast<int>(
        db->run("update webhook_endpoints set wrapped = ?3 where id = ?1 and wrapped = ?2",
                owner.connection, store::Blob{key.blob}, store::Blob{again->blob}));
  }
  transaction.commit();
  log::info("keys.moved", {{"data_keys", moved}});
  return moved;
}

std::map<std::string, std::int64_t> data_keys_by_master_key(store::Database& db) {
  // Format 1 of a blob: version, length of the id, id.
  auto row = db.query(
      std::string("select cast(substr(k.wrapped, 3, unicode(cast(substr(k.wrapped, 2, 1) as "
                  "text))) as text), count(*) from ") +
      every_key + " group by 1");
  std::map<std::string, std::int64_t> out;
  while (row.step()) out[row.text(0)] = row.int64(1);
  return out;
}

}  // namespace rekey::work
