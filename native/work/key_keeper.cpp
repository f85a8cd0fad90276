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

struct Rewrapped {
  std::string of;
  store::Blob before, after;
};

// Data keys of connections, those of webhooks' secrets, which belong to the tenant "webhooks", and
// those of tokens that outlived their connection, which belong to the tenant "revocations".
constexpr const char* every_key =
    "(select c.tenant, d.connection, d.id, d.wrapped from data_keys d "
    "join connections c on c.id = d.connection union all "
    "select 'webhooks', id, key_id, wrapped from webhook_endpoints union all "
    "select 'revocations', id, key_id, wrapped from revocations) k";

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
                      " where substr(k.wrapped, 1, cast(?1 as integer)) <> ?2 limit ?3",
                  std::int64_t(header.size()), store::Blob{header}, std::int64_t{most_a_pass});
    while (row.step()) rows.push_back({{row.text(0), row.text(1)}, {row.text(2), row.blob(3)}});
  }
  if (rows.empty()) return 0;
  std::vector<Rewrapped> again;
  for (const auto& [owner, key] : rows) {
    auto wrapped = vault.rewrap(key, owner.tenant, owner.connection);
    if (wrapped)
      again.push_back({owner.connection, {key.blob}, {std::move(wrapped->blob)}});
    else
      log::error("keys.not_moved",
                 {{"connection", owner.connection}, {"what", wrapped.error().hint}});
  }
  const auto moved = store::in_transaction(*db, [&] {
    std::int64_t count = 0;
    for (const auto& [of, before, after] : again) {
      count += db->run("update data_keys set wrapped = ?3 where connection = ?1 and wrapped = ?2",
                       of, before, after);
      count += db->run("update webhook_endpoints set wrapped = ?3 where id = ?1 and wrapped = ?2",
                       of, before, after);
      count += db->run("update revocations set wrapped = ?3 where id = ?1 and wrapped = ?2", of,
                       before, after);
    }
    return count;
  });
  log::info("keys.moved", {{"data_keys", moved}});
  return static_cast<int>(moved);
}

std::map<std::string, std::int64_t> data_keys_by_master_key(store::Database& db) {
  // Format 1 of a blob: version, length of the id, id.
  std::vector<std::string> lengths;
  {
    auto row = db.query(std::string("select distinct substr(k.wrapped, 2, 1) from ") + every_key);
    while (row.step()) lengths.push_back(row.blob(0));
  }
  std::map<std::string, std::int64_t> out;
  for (const auto& length : lengths) {
    if (length.empty()) continue;
    auto row =
        db.query(std::string("select substr(k.wrapped, 3, cast(?1 as integer)), count(*) from ") +
                     every_key + " where substr(k.wrapped, 2, 1) = ?2 group by 1",
                 std::int64_t{static_cast<unsigned char>(length.front())}, store::Blob{length});
    while (row.step()) out[row.blob(0)] += row.int64(1);
  }
  return out;
}

}  // namespace rekey::work
