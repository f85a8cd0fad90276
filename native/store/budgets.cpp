#include "native/store/budgets.hpp"

#include "core/wire/json.hpp"
#include "native/vault/random.hpp"

namespace rekey::store {

std::string budget_key(const std::string& integration, const std::string& realm_id) {
  return vault::sha256_hex(integration + "\n" + realm_id).substr(0, 32);
}

budget::State read_budget(Database& db, const std::string& key) {
  auto row = db.query(
      "select next_at, paused_until, slow_until, used from budgets where company = ?1", key);
  budget::State out;
  if (!row.step()) return out;
  out.next = from_ms(row.int64(0));
  out.paused_until = from_ms(row.int64(1));
  out.slow_until = from_ms(row.int64(2));
  const auto json = wire::parse(row.text(3), "A stored budget");
  if (!json) return out;
  if (auto used = wire::read_as<budget::Used>(*json, "A stored budget")) out.used = *used;
  return out;
}

void put_budget(Database& db, const std::string& key, const budget::State& state, Instant now) {
  db.run(
      "insert into budgets (company, next_at, paused_until, slow_until, used, seen) values (?1, "
      "?2, ?3, ?4, ?5, ?6) on conflict (company) do update set next_at = excluded.next_at, "
      "paused_until = excluded.paused_until, slow_until = excluded.slow_until, "
      "used = excluded.used, seen = excluded.seen",
      key, to_ms(state.next), to_ms(state.paused_until), to_ms(state.slow_until),
      wire::text_of(state.used), to_ms(now));
}

}  // namespace rekey::store
