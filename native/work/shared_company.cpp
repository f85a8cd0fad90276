#include "native/work/shared_company.hpp"

#include "native/log.hpp"
#include "native/store/webhooks.hpp"
#include "native/system/rfc3339.hpp"
#include "native/vault/random.hpp"
#include "native/work/webhook_messages.hpp"

namespace rekey::work {

namespace {

constexpr const char* shared_type = "connection.company_shared";

/// Whether a connection works with the grant of this version, or will when it is proved.
bool has_grant(const State& state, std::int64_t version) {
  if (const auto* live = connect::live_grant(state.connect); live && live->version == version)
    return true;
  return version > 0 && connect::version_on_trial(state.connect) == version;
}

bool is_told(store::Database& db, const std::string& message) {
  auto row = db.query("select 1 from webhook_messages where id = ?1", message);
  return row.step();
}

}  // namespace

bool company_is_elsewhere(store::Database& db, const std::string& tenant,
                          const std::string& realm_id) {
  if (realm_id.empty()) return false;
  std::vector<std::pair<std::string, std::int64_t>> grants;
  {
    auto row = db.query(
        "select g.connection, g.version from grants g join connections c on c.id = g.connection "
        "where g.realm_id = ?1 and c.tenant <> ?2 order by g.connection, g.version desc",
        realm_id, tenant);
    while (row.step()) grants.emplace_back(row.text(0), row.int64(1));
  }
  for (const auto& [connection, version] : grants)
    if (const auto found = store::find_connection(db, connection);
        found && has_grant(found->state, version))
      return true;
  return false;
}

void tell_company_shared(store::Database& db, const store::StoredConnection& connection,
                         const connect::Company& company, const std::string& attempt,
                         const wire::Actor& actor, bool forbidden, Instant now) {
  // One name for one attempt, so that it is told once.
  const auto id =
      "msg_" + vault::sha256_hex(std::string(shared_type) + connection.id + attempt).substr(0, 24);
  if (is_told(db, id)) return;
  const wire::Json data = {{"connection", connection.id},     {"tenant", connection.tenant},
                           {"company", wire::write(company)}, {"forbidden", forbidden},
                           {"actor", wire::write(actor)},     {"seq", connection.seq}};
  store::put_message(
      db, {id, connection.id, shared_type, now,
           wire::dump({{"type", shared_type}, {"timestamp", rfc3339(now)}, {"data", data}})});
}

bool is_forbidden_company(Driver& driver, const std::string& connection,
                          const connect::Company& company, bool forbid) {
  auto db = driver.databases().borrow();
  const bool elsewhere = store::in_transaction(*db, [&] {
    const auto found = store::find_connection(*db, connection);
    if (!found || !company_is_elsewhere(*db, found->tenant, company.realm_id)) return false;
    tell_company_shared(*db, *found, company, found->state.connect.spent, wire::by_provider(),
                        forbid, driver.now());
    return true;
  });
  if (elsewhere)
    log::info("company.elsewhere", {{"connection", connection}, {"forbidden", forbid}});
  return elsewhere && forbid;
}

}  // namespace rekey::work
