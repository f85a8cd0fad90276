#include "native/work/read_changes.hpp"

#include <algorithm>

#include "native/log.hpp"

namespace rekey::work {

namespace {

using imports::Entity;

/// Changes from a little before what is known are asked for again: what the provider was about to
/// write then may bear an earlier time.
constexpr Millis overlap = std::chrono::seconds{60};
/// And nothing from so long ago that it might just have been forgotten.
constexpr Millis at_the_edge = std::chrono::hours{24};

/// The lists whose changes can be told, and since when.
struct Known {
  std::vector<Entity> told, to_read;
  std::optional<Instant> since{};
};

Known known_of(Driver& driver, const accounting::System& system, const std::string& connection,
               const std::string& realm_id, const std::vector<Entity>& entities) {
  Known out;
  auto db = driver.databases().borrow();
  for (const auto entity : entities) {
    const auto state = store::list_state(*db, {connection, realm_id, entity});
    const auto back = system.tells_changes(entity);
    const bool is_known = state && state->run != 0 && state->changed_to && back > at_the_edge &&
                          *state->changed_to > driver.now() - (back - at_the_edge);
    (is_known ? out.told : out.to_read).push_back(entity);
    if (is_known && (!out.since || *state->changed_to < *out.since)) out.since = state->changed_to;
  }
  return out;
}

std::vector<store::ListChange> changes_of(const accounting::ListChanges& list) {
  std::vector<store::ListChange> out;
  for (const auto& each : list.changes) out.push_back({each.id, each.body});
  return out;
}

}  // namespace

std::int64_t apply_company_changes(store::Database& db, const std::string& connection,
                                   const std::string& realm_id, const CompanyChanges& changes,
                                   Instant now) {
  std::int64_t changed = 0;
  for (const auto& [entity, list] : changes.lists)
    changed += store::apply_changes(db, {connection, realm_id, entity}, list, changes.time, now);
  return changed;
}

async::Task<accounting::Read<ChangesFound>> find_changes(Driver& driver,
                                                         const ProviderClients& clients,
                                                         Tokens tokens, Owner owner,
                                                         std::int64_t version,
                                                         std::vector<Entity> entities) {
  const auto connection = driver.read(owner.connection);
  const auto* company = connect::known_company(connection.state.connect);
  ChangesFound out;
  if (!company) co_return out;
  auto known = known_of(driver, *clients.accounting, owner.connection, company->realm_id, entities);
  out.to_read = known.to_read;
  if (known.told.empty()) co_return out;
  const auto read = [&](const AccessToken& token) {
    return clients.accounting->changes(known.told, token.realm_id, token.value,
                                       *known.since - overlap);
  };
  auto changes = co_await tokens.read_with_token(owner, version, read);
  if (!changes) co_return tl::unexpected(changes.error());
  out.changes.time = changes->time;
  for (const auto entity : known.told) out.changes.lists[entity];
  for (const auto& each : changes->lists) {
    if (!out.changes.lists.contains(each.entity)) continue;
    if (each.whole) {
      out.changes.lists[each.entity] = changes_of(each);
    } else {
      out.changes.lists.erase(each.entity);
      out.to_read.push_back(each.entity);
    }
  }
  co_return out;
}

async::Task<accounting::Read<std::optional<ChangesRead>>> read_changes(
    Driver& driver, const ProviderClients& clients, Tokens tokens, std::string connection) {
  const auto before = driver.read(connection);
  const auto* live = connect::live_grant(before.state.connect);
  const auto* company = connect::known_company(before.state.connect);
  if (!live || !company || !imports::in_use(before.state.import))
    co_return std::optional<ChangesRead>();
  std::vector<Entity> entities;
  {
    auto db = driver.databases().borrow();
    for (const auto& each : store::list_states(*db, connection, company->realm_id))
      if (each.run != 0) entities.push_back(each.entity);
  }
  const Owner owner{before.tenant, connection};
  const auto realm_id = company->realm_id;
  auto found = co_await find_changes(driver, clients, tokens, owner, live->version, entities);
  if (!found) co_return tl::unexpected(found.error());
  ChangesRead out;
  out.to_read = found->to_read;
  {
    auto db = driver.databases().borrow();
    out.changed = store::in_transaction(*db, [&] {
      return apply_company_changes(*db, connection, realm_id, found->changes, driver.now());
    });
  }
  log::info("import.changes_read", {{"connection", connection}, {"changed", out.changed}});
  co_return std::optional<ChangesRead>(std::move(out));
}

}  // namespace rekey::work
