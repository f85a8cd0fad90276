#include "native/store/access.hpp"

namespace rekey::store {

namespace {

std::optional<Attempt> attempt_of(Statement& row) {
  if (!row.step()) return {};
  return Attempt{row.text(0), row.text(1), row.text(2), row.text(3), from_ms(row.int64(4))};
}

}  // namespace

void put_page_token(Database& db, const std::string& hash, const std::string& tenant,
                    Instant expires) {
  db.run(
      "insert into page_tokens (hash, tenant, user_id, user_name, return_url, key_id, expires) "
      "values (?1, ?2, '', '', '', '', ?3)",
      hash, tenant, to_ms(expires));
}

std::optional<std::string> use_page_token(Database& db, const std::string& hash, Instant now) {
  db.run("delete from page_tokens where expires <= ?1", to_ms(now));
  auto row = db.query(
      "update page_tokens set used = 1 where hash = ?1 and used = 0 and "
      "expires > ?2 returning tenant",
      hash, to_ms(now));
  if (!row.step()) return {};
  auto tenant = row.text(0);
  while (row.step()) {
  }
  return tenant;
}

void put_page_session(Database& db, const std::string& hash, const std::string& tenant,
                      Instant expires) {
  db.run(
      "insert into page_sessions (hash, id, tenant, user_id, user_name, return_url, key_id, "
      "created, "
      "seen, expires) values (?1, ?1, ?2, '', '', '', '', 0, 0, ?3)",
      hash, tenant, to_ms(expires));
}

std::optional<std::string> page_session(Database& db, const std::string& hash, Instant now) {
  auto row = db.query("select tenant from page_sessions where hash = ?1 and expires > ?2", hash,
                      to_ms(now));
  if (!row.step()) return {};
  return row.text(0);
}

void put_attempt(Database& db, const Attempt& attempt, const std::string& state_hash) {
  db.run(
      "insert into attempts (id, connection, session, state_hash, redirect_uri, expires) "
      "values (?1, ?2, ?3, ?4, ?5, ?6)",
      attempt.id, attempt.connection, attempt.session, state_hash, attempt.redirect_uri,
      to_ms(attempt.expires));
}

std::optional<Attempt> attempt_by_state(Database& db, const std::string& state_hash) {
  auto row = db.query(
      "select id, connection, session, redirect_uri, expires from attempts "
      "where state_hash = ?1",
      state_hash);
  return attempt_of(row);
}

std::optional<Attempt> attempt_by_id(Database& db, const std::string& id) {
  auto row = db.query(
      "select id, connection, session, redirect_uri, expires from attempts where id = ?1", id);
  return attempt_of(row);
}

void put_grant(Database& db, const std::string& connection, std::int64_t version,
               const Grant& grant) {
  db.run(
      "insert into grants (connection, version, realm_id, redirect_uri, access_expires) "
      "values (?1, ?2, ?3, ?4, ?5)",
      connection, version, grant.realm_id, grant.redirect_uri, to_ms(grant.access_expires));
}

std::optional<Grant> grant(Database& db, const std::string& connection, std::int64_t version) {
  auto row = db.query(
      "select realm_id, redirect_uri, access_expires, revision, access_life from grants "
      "where connection = ?1 and version = ?2",
      connection, version);
  if (!row.step()) return {};
  return Grant{row.text(0), row.text(1), from_ms(row.int64(2)), row.int64(3), Millis{row.int64(4)}};
}

std::string grant_scope(Database& db, const std::string& connection, std::int64_t version) {
  auto row = db.query("select scope from grants where connection = ?1 and version = ?2", connection,
                      version);
  return row.step() ? row.text(0) : std::string();
}

void set_grant_scope(Database& db, const std::string& connection, std::int64_t version,
                     const std::string& scope) {
  db.run("update grants set scope = ?3 where connection = ?1 and version = ?2", connection, version,
         scope);
}

void set_grant_company(Database& db, const std::string& connection, std::int64_t version,
                       const std::string& realm_id) {
  db.run("update grants set realm_id = ?3 where connection = ?1 and version = ?2", connection,
         version, realm_id);
}

}  // namespace rekey::store
