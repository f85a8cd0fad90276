#include "native/store/access.hpp"

namespace rekey::store {

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
  if (!row.step()) return {};
  return Attempt{row.text(0), row.text(1), row.text(2), row.text(3), from_ms(row.int64(4))};
}

void hand_over_attempts(Database& db, const std::string& connection, const std::string& from,
                        const std::string& to) {
  db.run("update attempts set session = ?3 where connection = ?1 and session = ?2", connection,
         from, to);
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

void set_refresh_hash(Database& db, const std::string& connection, std::int64_t version,
                      const std::string& hash) {
  db.run(
      "update grants set refresh_hash = ?3 where connection = ?1 and version = ?2 "
      "and refresh_hash <> ?3",
      connection, version, hash);
}

void set_previous_hash(Database& db, const std::string& connection, std::int64_t version,
                       const std::string& hash) {
  db.run(
      "update grants set previous_hash = ?3 where connection = ?1 and version = ?2 "
      "and previous_hash <> ?3",
      connection, version, hash);
}

bool is_refresh_token_elsewhere(Database& db, const std::string& tenant, const std::string& hash) {
  // Two halves, so that each has its index.
  auto row = db.query(
      "select 1 from grants g join connections c on c.id = g.connection "
      "where g.refresh_hash = ?1 and g.refresh_hash <> '' and c.tenant <> ?2 "
      "union all select 1 from grants g join connections c on c.id = g.connection "
      "where g.previous_hash = ?1 and g.previous_hash <> '' and c.tenant <> ?2",
      hash, tenant);
  return row.step();
}

}  // namespace rekey::store
