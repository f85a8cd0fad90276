#include "native/store/matching.hpp"

namespace rekey::store {

// One that is in hand keeps its time: who holds it looks at `asked` when it is done.
void ask_matching(Database& db, const std::string& connection, Instant now) {
  db.run(
      "insert into matching (connection, asked, run_at) values (?1, 1, ?2) "
      "on conflict (connection) do update set asked = matching.asked + 1",
      connection, to_ms(now));
}

void ask_matching_of_tenant(Database& db, const std::string& tenant, Instant now) {
  db.run(
      "insert into matching (connection, asked, run_at) "
      "select id, 1, ?2 from connections where tenant = ?1 "
      "on conflict (connection) do update set asked = matching.asked + 1",
      tenant, to_ms(now));
}

bool is_to_be_matched(Database& db, const std::string& connection) {
  auto row = db.query("select 1 from matching where connection = ?1", connection);
  return row.step();
}

std::optional<Matching> lease_matching(Database& db, Instant now, Instant until) {
  {
    // A look takes no lock.
    auto row = db.query("select 1 from matching where run_at <= ?1 limit 1", to_ms(now));
    if (!row.step()) return {};
  }
  return in_transaction(db, [&]() -> std::optional<Matching> {
    Matching out;
    {
      auto row = db.query(
          "select m.connection, m.asked from matching m where m.run_at <= ?1 "
          "order by m.run_at, m.connection limit 1" +
              passing_over_taken(db, "m"),
          to_ms(now));
      if (!row.step()) return {};
      out = {row.text(0), row.int64(1)};
    }
    db.run("update matching set run_at = ?2 where connection = ?1", out.connection, to_ms(until));
    return out;
  });
}

void renew_matching(Database& db, const Matching& matching, Instant until) {
  db.run("update matching set run_at = ?2 where connection = ?1", matching.connection,
         to_ms(until));
}

void finish_matching(Database& db, const Matching& matching, Instant now) {
  const auto done = db.run("delete from matching where connection = ?1 and asked = ?2",
                           matching.connection, matching.asked);
  if (done == 0)
    db.run("update matching set run_at = ?2 where connection = ?1", matching.connection,
           to_ms(now));
}

}  // namespace rekey::store
