#include "native/work/safe.hpp"

#include "native/store/access.hpp"
#include "native/vault/random.hpp"

namespace rekey::work {

using store::Database;
using store::DatabaseError;

vault::WrappedKey Safe::key_of(Database& db, const Owner& owner) const {
  auto row = db.query("select id, wrapped from data_keys where connection = ?1", owner.connection);
  if (row.step()) return {row.text(0), row.blob(1)};
  auto made = vault_->new_data_key(owner.tenant, owner.connection);
  if (!made) throw DatabaseError(made.error().hint);
  db.run("insert into data_keys (connection, id, wrapped) values (?1, ?2, ?3)", owner.connection,
         made->id, store::Blob{made->blob});
  return std::move(*made);
}

void Safe::put(Database& db, const Owner& owner, const char* field, std::int64_t version,
               const Secret& secret) const {
  const auto sealed =
      vault_->seal(key_of(db, owner), {owner.tenant, owner.connection, field, version}, secret);
  if (!sealed) throw DatabaseError(sealed.error().hint);
  db.run(
      "insert into secrets (connection, field, version, sealed) values (?1, ?2, ?3, ?4) "
      "on conflict (connection, field, version) do update set sealed = excluded.sealed",
      owner.connection, std::string(field), version, store::Blob{*sealed});
  // The one place that every refresh token passes, so that the same one is known again.
  if (std::string_view(field) == sealed_field::refresh_token)
    store::set_refresh_hash(db, owner.connection, version, vault::sha256_hex(secret.reveal()));
}

std::optional<Secret> Safe::get(Database& db, const Owner& owner, const char* field,
                                std::int64_t version) const {
  auto row =
      db.query("select sealed from secrets where connection = ?1 and field = ?2 and version = ?3",
               owner.connection, std::string(field), version);
  if (!row.step()) return {};
  const auto sealed = row.blob(0);
  row.reset();
  auto secret =
      vault_->unseal(key_of(db, owner), {owner.tenant, owner.connection, field, version}, sealed);
  if (!secret) throw DatabaseError(secret.error().hint);
  return std::move(*secret);
}

void Safe::drop(Database& db, const Owner& owner, const char* field, std::int64_t version) const {
  db.run("delete from secrets where connection = ?1 and field = ?2 and version = ?3",
         owner.connection, std::string(field), version);
}

void Safe::forget(Database& db, const Owner& owner, std::int64_t version) const {
  db.run("delete from secrets where connection = ?1 and version = ?2", owner.connection, version);
}

}  // namespace rekey::work
