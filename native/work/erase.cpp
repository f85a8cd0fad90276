#include "native/work/erase.hpp"

#include <vector>

#include "native/log.hpp"
#include "native/store/schema.hpp"
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

void delete_rows(store::Database& db, Erasure& erasure) {
  const auto note = [&](const std::string& table, std::int64_t count) {
    if (count > 0) erasure.rows[table] += count;
  };
  erasure.rows.clear();
  // Every table whose rows belong to a connection says so in a column of this name.
  for (const auto& table : store::tables_with(db, "connection"))
    note(table, db.run("delete from \"" + table + "\" where connection = ?1", erasure.connection));
  db.run("delete from changes where subject = ?1", erasure.connection);
  db.run("delete from idempotency where replace(body, ?1, '') <> body", erasure.connection);
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

Erasure erase_connection(Driver& driver, const Outside& outside, const wire::Actor& actor,
                         const std::string& id) {
  Erasure erasure;
  erasure.connection = id;
  erasure.tenant = driver.read(id).tenant;
  const auto tokens = tokens_of(driver, {erasure.tenant, id});
  // From here on no token is handed out. Refused where nothing is connected.
  (void)driver.take(id, actor, connect::DisconnectPressed{});
  erasure.revocation = tokens.empty() ? "nothing_to_revoke" : "revoked";
  for (const auto& token : tokens)
    if (!async::wait_for(outside.tokens->revoke(token))) erasure.revocation = "not_confirmed";
  erasure.at = driver.now();
  auto db = driver.databases().borrow();
  store::in_transaction(*db, [&] {
    try {
      delete_rows(*db, erasure);
    } catch (const store::DatabaseError& error) {
      // Somebody has just added a row that this transaction cannot see.
      if (error.kind() != store::DatabaseError::Kind::foreign) throw;
      throw store::DatabaseError(error.what(), store::DatabaseError::Kind::overtaken);
    }
    db->run("insert into deletions (digest, at) values (?1, ?2) on conflict do nothing",
            erasure.proof()["digest"].get<std::string>(), to_ms(erasure.at));
  });
  driver.tell(id);
  if (!store::overwrite_deleted(*db)) log::info("erase.log_not_emptied", {});
  return erasure;
}

}  // namespace rekey::work
