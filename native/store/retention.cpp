#include "native/store/retention.hpp"

namespace rekey::store {

namespace {

using std::chrono::hours;

constexpr Millis day = hours{24};

// Each of `of` has an index. Links and sessions still say for a while where they led back to.
constexpr Keeping by_age[] = {
    {"attempts", day, "expires", "id"},        {"page_tokens", day, "expires", "hash"},
    {"page_sessions", day, "expires", "hash"}, {"idempotency", day, "at", "key, id"},
    {"webhook_messages", 30 * day, "at", "n"}, {"audit", 400 * day, "at", "n"},
    {"budgets", day, "seen", "company"},
};

}  // namespace

std::span<const Keeping> kept_by_age() {
  return by_age;
}

std::int64_t remove_old(Database& db, const Keeping& keeping, Instant now, int most) {
  const std::string table = keeping.what, key = keeping.key, of = keeping.of;
  return db.run("delete from " + table + " where (" + key + ") in (select " + key + " from " +
                    table + " where " + of + " < ?1 order by " + of + " limit ?2)",
                to_ms(now - keeping.age), std::int64_t{most});
}

std::vector<ToThin> connections_to_thin(Database& db, const std::string& after, int most) {
  auto row = db.query("select id, thinned from connections where id > ?1 order by id limit ?2",
                      after, std::int64_t{most});
  std::vector<ToThin> out;
  while (row.step()) out.push_back({row.text(0), row.int64(1)});
  return out;
}

std::vector<RawEvent> raw_events(Database& db, const std::string& connection, std::int64_t from,
                                 Instant before, int most) {
  auto row = db.query(
      "select seq, at, event, state, notices from events where connection = ?1 and seq >= ?2 and "
      "at < ?3 order by seq limit ?4",
      connection, from, to_ms(before), std::int64_t{most});
  std::vector<RawEvent> out;
  while (row.step())
    out.push_back({row.int64(0), from_ms(row.int64(1)), row.text(2), row.text(3), row.text(4)});
  return out;
}

std::int64_t remove_events(Database& db, const std::string& connection, std::int64_t first,
                           std::int64_t last) {
  return db.run("delete from events where connection = ?1 and seq >= ?2 and seq <= ?3", connection,
                first, last);
}

void set_thinned(Database& db, const std::string& connection, std::int64_t seq) {
  db.run("update connections set thinned = ?2 where id = ?1", connection, seq);
}

}  // namespace rekey::store
