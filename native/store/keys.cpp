#include "native/store/keys.hpp"

#include "native/store/sessions.hpp"

namespace rekey::store {

namespace {

constexpr const char* columns = "select id, name, scopes, rate, burst, created from api_keys ";

std::optional<std::int64_t> number(const Statement& row, int column) {
  if (row.is_null(column)) return {};
  return row.int64(column);
}

ApiKey key_of(const Statement& row) {
  return {row.text(0),    row.text(1),    row.text(2),
          number(row, 3), number(row, 4), from_ms(row.int64(5))};
}

}  // namespace

void put_api_key(Database& db, const std::string& hash, const ApiKey& key) {
  db.run(
      "insert into api_keys (hash, id, name, scopes, rate, burst, created) "
      "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      hash, key.id, key.name, key.scopes, key.rate, key.burst, to_ms(key.created));
}

std::optional<ApiKey> api_key(Database& db, const std::string& hash) {
  auto row = db.query(std::string(columns) + "where hash = ?1", hash);
  if (!row.step()) return {};
  return key_of(row);
}

std::vector<ApiKey> list_api_keys(Database& db) {
  auto row = db.query(std::string(columns) + "order by created, id");
  std::vector<ApiKey> out;
  while (row.step()) out.push_back(key_of(row));
  return out;
}

bool revoke_api_key(Database& db, const std::string& id) {
  const bool known = db.run("delete from api_keys where id = ?1", id) == 1;
  end_page_sessions_by(db, id);
  return known;
}

}  // namespace rekey::store
