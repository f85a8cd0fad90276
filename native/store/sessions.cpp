#include "native/store/sessions.hpp"

namespace rekey::store {

namespace {

constexpr const char* session_columns =
    "select id, tenant, connection, user_id, user_name, return_url, key_id, created, seen, expires "
    "from page_sessions ";
// A key that was revoked takes its sessions along, in whichever process it was revoked.
constexpr const char* key_lives =
    " and (key_id = '' or exists (select 1 from api_keys where api_keys.id = key_id))";

PageVisit visit_of(const Statement& row, int first) {
  return {row.text(first),
          row.text(first + 1),
          {row.text(first + 2), row.text(first + 3)},
          row.text(first + 4),
          row.text(first + 5)};
}

PageSession page_session_of(const Statement& row) {
  return {row.text(0), visit_of(row, 1), from_ms(row.int64(7)), from_ms(row.int64(8)),
          from_ms(row.int64(9))};
}

/// Ends the sessions that a condition picks out, in which `?1` is the time. Where one led back to
/// is kept beside the used links, for as long as those are, and without its person. What comes
/// between the two statements is ended without that.
template <class... Values>
std::int64_t end_where(Database& db, const std::string& condition, Instant now,
                       const Values&... values) {
  db.run(
      "insert into page_tokens (hash, tenant, connection, user_id, user_name, return_url, key_id, "
      "expires, used) select hash, tenant, connection, '', '', return_url, key_id, ?1, 1 "
      "from page_sessions where return_url <> '' and (" +
          condition + ") on conflict do nothing",
      to_ms(now), values...);
  return db.run("delete from page_sessions where " + condition, to_ms(now), values...);
}

}  // namespace

void put_page_token(Database& db, const std::string& hash, const PageVisit& visit,
                    Instant expires) {
  db.run(
      "insert into page_tokens (hash, tenant, connection, user_id, user_name, return_url, key_id, "
      "expires) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      hash, visit.tenant, visit.connection, visit.user.id, visit.user.name, visit.return_url,
      visit.key_id, to_ms(expires));
}

std::optional<PageToken> page_token(Database& db, const std::string& hash) {
  auto row = db.query(
      std::string("select tenant, connection, user_id, user_name, return_url, key_id, expires, "
                  "used from page_tokens where hash = ?1") +
          key_lives,
      hash);
  if (!row.step()) return {};
  return PageToken{visit_of(row, 0), from_ms(row.int64(6)), row.int64(7) != 0};
}

bool use_page_token(Database& db, const std::string& hash) {
  return db.run(
             "update page_tokens set used = 1, user_id = '', user_name = '' "
             "where hash = ?1 and used = 0",
             hash) == 1;
}

void put_page_session(Database& db, const std::string& hash, const PageSession& session) {
  const auto& visit = session.visit;
  db.run(
      "insert into page_sessions (hash, id, tenant, connection, user_id, user_name, return_url, "
      "key_id, created, seen, expires) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      hash, session.id, visit.tenant, visit.connection, visit.user.id, visit.user.name,
      visit.return_url, visit.key_id, to_ms(session.created), to_ms(session.seen),
      to_ms(session.expires));
}

std::optional<PageSession> page_session(Database& db, const std::string& hash, Instant now,
                                        Instant seen_after) {
  auto row = db.query(
      std::string(session_columns) + "where hash = ?1 and expires > ?2 and seen > ?3" + key_lives,
      hash, to_ms(now), to_ms(seen_after));
  if (!row.step()) return {};
  return page_session_of(row);
}

std::optional<PageVisit> page_visit_by_id(Database& db, const std::string& id) {
  auto row = db.query(std::string(session_columns) + "where id = ?1", id);
  if (!row.step()) return {};
  return page_session_of(row).visit;
}

void note_page_session_seen(Database& db, const std::string& hash, Instant now) {
  db.run("update page_sessions set seen = ?2 where hash = ?1", hash, to_ms(now));
}

std::vector<PageSession> list_page_sessions(Database& db, const std::optional<std::string>& tenant,
                                            const std::string& after, Instant now,
                                            Instant seen_after, int most) {
  std::string sql =
      std::string(session_columns) + "where id > ?1 and expires > ?2 and seen > ?3" + key_lives;
  if (tenant) sql += " and tenant = ?4";
  auto row = db.query(sql + " order by id limit ?5", after, to_ms(now), to_ms(seen_after), tenant,
                      std::int64_t{most});
  std::vector<PageSession> out;
  while (row.step()) out.push_back(page_session_of(row));
  return out;
}

std::optional<std::string> ended_return_url(Database& db, const std::string& hash,
                                            const std::string& connection) {
  // One whose time is over may not have been taken away yet.
  for (const std::string table : {"page_tokens", "page_sessions"}) {
    auto row = db.query(
        "select return_url from " + table + " where hash = ?1 and connection = ?2" + key_lives,
        hash, connection);
    if (row.step()) return row.text(0);
  }
  return {};
}

std::int64_t end_page_session(Database& db, const std::string& hash, Instant now) {
  return end_where(db, "hash = ?2", now, hash);
}

std::int64_t end_page_session_by_id(Database& db, const std::string& id, Instant now) {
  return end_where(db, "id = ?2", now, id);
}

std::int64_t end_page_sessions_of(Database& db, const std::string& tenant, Instant now) {
  db.run("update page_tokens set used = 1, user_id = '', user_name = '' where tenant = ?1", tenant);
  return end_where(db, "tenant = ?2", now, tenant);
}

std::int64_t end_page_sessions_by(Database& db, const std::string& key_id) {
  db.run("delete from page_tokens where key_id = ?1", key_id);
  return db.run("delete from page_sessions where key_id = ?1", key_id);
}

std::int64_t end_page_sessions_over(Database& db, Instant now, Instant seen_after) {
  {
    // Most looks find none, and a look takes no lock.
    auto over = db.query(
        "select exists (select 1 from page_sessions where expires <= ?1) or "
        "exists (select 1 from page_sessions where seen <= ?2)",
        to_ms(now), to_ms(seen_after));
    if (!over.step() || over.int64(0) == 0) return 0;
  }
  return end_where(db, "expires <= ?1 or seen <= ?2", now, to_ms(seen_after));
}

std::int64_t end_idlest_page_sessions(Database& db, const std::string& tenant, std::int64_t most,
                                      Instant now) {
  return end_where(db,
                   "hash in (select hash from page_sessions where tenant = ?2 "
                   "order by seen desc, created desc, hash limit 10000 offset ?3)",
                   now, tenant, most);
}

}  // namespace rekey::store
