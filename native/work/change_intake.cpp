#include "native/work/change_intake.hpp"

#include <map>

#include "native/store/bounded_wait.hpp"
#include "native/store/change_notices.hpp"

namespace rekey::work {

namespace {

/// More records of a list than this are noted as the list: reading them one by one would take
/// longer.
constexpr std::size_t most_of_list = 200;

using Lists = std::map<imports::Entity, std::vector<std::string>>;

/// The ids that a delivery names, by company and list.
std::map<std::string, Lists> by_company(const accounting::ChangeDelivery& delivery) {
  std::map<std::string, Lists> out;
  for (const auto& each : delivery.notices) out[each.realm_id][each.entity].push_back(each.id);
  return out;
}

std::vector<store::ChangedRecord> records_of(const Lists& lists, Instant now) {
  std::vector<store::ChangedRecord> out;
  for (const auto& [entity, ids] : lists) {
    if (ids.size() > most_of_list) {
      out.push_back({entity, {}, now});
      continue;
    }
    for (const auto& id : ids) out.push_back({entity, id, now});
  }
  return out;
}

/// The connections that live by a grant for the company. Several tenants may have connected it.
std::vector<std::string> connections_to(store::Database& db, const std::string& integration,
                                        const std::string& realm_id) {
  std::vector<std::string> out;
  for (const auto& grant : store::grants_of_company(db, integration, realm_id)) {
    const auto connection = store::find_connection(db, grant.connection);
    const auto* live = connection ? connect::live_grant(connection->state.connect) : nullptr;
    if (live && live->version == grant.version) out.push_back(grant.connection);
  }
  return out;
}

}  // namespace

Intake take_in(Driver& driver, const std::string& integration,
               const accounting::ChangeDelivery& delivery) {
  const auto companies = by_company(delivery);
  const auto now = driver.now();
  auto db = driver.databases().borrow();
  const store::BoundedWait bounded(*db, intake_waits);
  const auto out = store::in_transaction(*db, [&] {
    Intake counted;
    counted.unknown_records = delivery.unknown;
    for (const auto& [realm_id, lists] : companies) {
      const auto connections = connections_to(*db, integration, realm_id);
      if (connections.empty()) ++counted.unknown_companies;
      const auto records = records_of(lists, now);
      for (const auto& each : connections)
        store::note_changes(*db, each, records, now + changes_gather);
      counted.noted += static_cast<std::int64_t>(records.size() * connections.size());
    }
    return counted;
  });
  if (out.noted > 0) driver.wake_workers();
  return out;
}

}  // namespace rekey::work
