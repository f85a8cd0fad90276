// The host's customers, as the host reads them back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "native/store/database.hpp"

namespace rekey::store {

/// A tenant as it is stored.
struct Tenant {
  std::string id;
  std::string name;
  Instant created{};
  std::string connection;  ///< the id of its connection; empty: it has none
};
std::optional<Tenant> find_tenant(Database& db, const std::string& id);
/// Tenants in the order of their ids, after the id `after`.
std::vector<Tenant> list_tenants(Database& db, const std::string& after, int most);

/// How many records its directory has, by section; sections without any are left out.
std::map<std::string, std::int64_t> directory_counts(Database& db, const std::string& tenant);
/// How many sessions on the page it has that have not run out.
std::int64_t live_page_sessions(Database& db, const std::string& tenant, Instant now);

}  // namespace rekey::store
