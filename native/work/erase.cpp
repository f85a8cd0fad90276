#include "native/work/erase.hpp"

#include <vector>

#include "native/log.hpp"
#include "native/vault/random.hpp"

namespace rekey::work {

namespace {

/// The newest token of each grant there is, which ends the grant when it is revoked.
std::vector<Secret> tokens_of(Driver& driver, const Owner& owner) {
  auto db = driver.databases().borrow();
  std::vector<std::int64_t> versions;
  {
    auto row =
        db->query("select distinct version from secrets where connection = ?1 and version > 0",
                  owner.connection);
    while (row.step()) versions.push_back(row.int64(0));
  }
  std::vector<Secret> out;
  for (const auto version : versions) {
    auto token = driver.safe().get(*db, owner, sealed_field::refresh_token, version);
    if (!token) token = driver.safe().get(*db, owner, sealed_field::access_token, version);
    if (token) out.push_back(std::move(*token));
  }
  return out;
}

/// Every table whose rows belong to a connection says so in a column of this name.
std::vector<std::string> tables_of_connections(store::Database& db) {
  auto row = db.query(
      "select m.name from sqlite_master m join pragma_table_info(m.name) c "
      "where m.type = 'table' and c.name = 'connection' order by m.name");
  std::vector<std::string> out;
  while (row.step()) out.push_back(row.text(0));
  return out;
}

void delete_rows(store::Database& db, Erasure& erasure) {
  const auto note = [&](const std::string& table, std::int64_t count) {
    if (count > 0) erasure.rows[table] += count;
  };
  // Rows refer to each other; all of them are gone when it counts.
  db.run_script("pragma defer_foreign_keys = on");
  for (const auto& table : tables_of_connections(db))
    note(table, db.run("delete from \"" + table + "\" where connection = ?1", erasure.connection));
  db.run("delete from changes where subject = ?1", erasure.connection);
  db.run("delete from idempotency where instr(body, ?1) > 0", erasure.connection);
  note("connections", db.run("delete from connections where id = ?1", erasure.connection));
}

wire::Json without_digest(const Erasure& erasure) {
  return {{"connection", erasure.connection},
          {"tenant", erasure.tenant},
          {"deleted_at", to_ms(erasure.at)},
          {"revocation", erasure.revocation},
          {"rows", erasure.rows}};
}

}  // namespace

wire::Json Erasure::proof() const {
  auto out = without_digest(*this);
  out["digest"] = vault::sha256_hex(wire::dump(out));
  return out;
}

Erasure erase_connection(Driver& driver, const Outside& outside, const std::string& id) {
  Erasure erasure;
  erasure.connection = id;
  erasure.tenant = driver.read(id).tenant;
  const auto tokens = tokens_of(driver, {erasure.tenant, id});
  // From here on no token is handed out. Refused where nothing is connected.
  (void)driver.take(id, connect::DisconnectPressed{});
  erasure.revocation = tokens.empty() ? "nothing_to_revoke" : "revoked";
  for (const auto& token : tokens)
    if (!outside.tokens->revoke(token)) erasure.revocation = "not_confirmed";
  erasure.at = driver.now();
  auto db = driver.databases().borrow();
  {
    store::Transaction transaction(*db);
    delete_rows(*db, erasure);
    db->run("insert or ignore into deletions (digest, at) values (?1, ?2)",
            erasure.proof()["digest"].get<std::string>(), to_ms(erasure.at));
    transaction.commit();
  }
  driver.tell(id);
  // What was deleted stands in the write-ahead log too, until that begins anew.
  auto emptied = db->query("pragma wal_checkpoint(truncate)");
  if (!emptied.step() || emptied.int64(0) != 0) log::info("erase.log_not_emptied", {});
  return erasure;
}

}  // namespace rekey::work
