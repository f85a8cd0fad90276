#include "native/store/tenants.hpp"

namespace rekey::store {

namespace {

constexpr const char* tenant_columns =
    "select t.id, t.name, t.created, coalesce((select min(c.id) from connections c "
    "where c.tenant = t.id), '') from tenants t ";

Tenant tenant_of(const Statement& row) {
  return {row.text(0), row.text(1), from_ms(row.int64(2)), row.text(3)};
}

}  // namespace

std::optional<Tenant> find_tenant(Database& db, const std::string& id) {
  auto row = db.query(std::string(tenant_columns) + "where t.id = ?1", id);
  if (!row.step()) return {};
  return tenant_of(row);
}

std::vector<Tenant> list_tenants(Database& db, const std::string& after, int most) {
  auto row = db.query(std::string(tenant_columns) + "where t.id > ?1 order by t.id limit ?2", after,
                      std::int64_t{most});
  std::vector<Tenant> out;
  while (row.step()) out.push_back(tenant_of(row));
  return out;
}

std::map<std::string, std::int64_t> directory_counts(Database& db, const std::string& tenant) {
  auto row = db.query("select section, count(*) from directory where tenant = ?1 group by section",
                      tenant);
  std::map<std::string, std::int64_t> out;
  while (row.step()) out[row.text(0)] = row.int64(1);
  return out;
}

std::int64_t live_page_sessions(Database& db, const std::string& tenant, Instant now) {
  auto row = db.query("select count(*) from page_sessions where tenant = ?1 and expires > ?2",
                      tenant, to_ms(now));
  row.step();
  return row.int64(0);
}

}  // namespace rekey::store
