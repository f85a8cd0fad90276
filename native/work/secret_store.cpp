#include "native/work/secret_store.hpp"

#include <utility>

#include "native/log.hpp"
#include "native/store/access.hpp"
#include "native/vault/random.hpp"
#include "native/work/key_check.hpp"

namespace rekey::work {

using store::Database;
using store::DatabaseError;

std::string SecretStore::key_fault() const {
  const std::lock_guard lock(mutex_);
  return key_fault_;
}

void SecretStore::set_key_fault(const std::string& sentence) const {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(key_fault_, sentence) == sentence) return;
  }
  if (sentence.empty())
    log::info("keys.right_again");
  else
    log::error("keys.wrong", {{"what", sentence}});
}

void SecretStore::give_up(const Error& error) const {
  const bool missing = error.code == Code::misconfigured;
  if (missing) doubt_ = true;
  throw DatabaseError(error.hint,
                      missing ? DatabaseError::Kind::sealed : DatabaseError::Kind::other);
}

vault::WrappedKey SecretStore::key_of(Database& db, const Owner& owner) const {
  auto row = db.query("select id, wrapped from data_keys where connection = ?1", owner.connection);
  if (row.step()) return {row.text(0), row.blob(1)};
  need_known_key(db, *vault_);
  auto made = vault_->new_data_key(owner.tenant, owner.connection);
  if (!made) give_up(made.error());
  db.run("insert into data_keys (connection, id, wrapped) values (?1, ?2, ?3)", owner.connection,
         made->id, store::Blob{made->blob});
  return std::move(*made);
}

void SecretStore::put(Database& db, const Owner& owner, const char* field, std::int64_t version,
                      const Secret& secret) const {
  const auto sealed =
      vault_->seal(key_of(db, owner), {owner.tenant, owner.connection, field, version}, secret);
  if (!sealed) give_up(sealed.error());
  db.run(
      "insert into secrets (connection, field, version, sealed) values (?1, ?2, ?3, ?4) "
      "on conflict (connection, field, version) do update set sealed = excluded.sealed",
      owner.connection, std::string(field), version, store::Blob{*sealed});
  // The one place that every refresh token passes, so that the same one is known again.
  if (std::string_view(field) == sealed_field::refresh_token)
    store::set_refresh_hash(db, owner.connection, version, vault::sha256_hex(secret.reveal()));
  if (std::string_view(field) == sealed_field::previous_refresh_token)
    store::set_previous_hash(db, owner.connection, version, vault::sha256_hex(secret.reveal()));
}

std::optional<Secret> SecretStore::get(Database& db, const Owner& owner, const char* field,
                                       std::int64_t version) const {
  auto row =
      db.query("select sealed from secrets where connection = ?1 and field = ?2 and version = ?3",
               owner.connection, std::string(field), version);
  if (!row.step()) return {};
  const auto sealed = row.blob(0);
  row.reset();
  auto secret =
      vault_->unseal(key_of(db, owner), {owner.tenant, owner.connection, field, version}, sealed);
  if (!secret) give_up(secret.error());
  return std::move(*secret);
}

void SecretStore::drop(Database& db, const Owner& owner, const char* field,
                       std::int64_t version) const {
  db.run("delete from secrets where connection = ?1 and field = ?2 and version = ?3",
         owner.connection, std::string(field), version);
  if (std::string_view(field) == sealed_field::refresh_token)
    store::set_refresh_hash(db, owner.connection, version, "");
  if (std::string_view(field) == sealed_field::previous_refresh_token)
    store::set_previous_hash(db, owner.connection, version, "");
}

void SecretStore::forget(Database& db, const Owner& owner, std::int64_t version) const {
  db.run("delete from secrets where connection = ?1 and version = ?2", owner.connection, version);
  store::set_refresh_hash(db, owner.connection, version, "");
  store::set_previous_hash(db, owner.connection, version, "");
}

}  // namespace rekey::work
