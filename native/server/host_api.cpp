#include "native/server/host_api.hpp"

#include <set>

#include "native/server/connections_api.hpp"
#include "native/server/grants_api.hpp"
#include "native/server/problem.hpp"
#include "native/server/sessions_api.hpp"
#include "native/server/token_api.hpp"
#include "native/server/webhooks_api.hpp"
#include "native/store/access.hpp"
#include "native/store/records.hpp"
#include "native/vault/random.hpp"
#include "native/work/host_id.hpp"

namespace rekey::server {

namespace {

using store::StoredConnection;
using wire::field;
using wire::Json;

Error no_tenant(const std::string& id) {
  return {Code::not_found,
          "There is no tenant \"" + id + "\". Make it with PUT /v1/tenants/{tenant} first.",
          {}};
}

// Tenants --------------------------------------------------------------------------------------

struct TenantBody {
  std::string name;
  static constexpr auto fields() { return std::tuple{field("name", &TenantBody::name)}; }
};

http::Response put_tenant(Service& service, const http::Request& request, const Places& places,
                          const wire::Actor&) {
  const auto body = body_as<TenantBody>(request, "The tenant");
  if (!body) return problem(body.error());
  const auto& id = places.at("tenant");
  if (!work::is_host_id(id))
    return problem({Code::bad_input,
                    "A tenant's id is 1 to 128 letters, digits or - _ . : @ characters.",
                    {}});
  if (body->name.empty() || body->name.size() > 300)
    return problem({Code::bad_input, "A tenant's name is 1 to 300 bytes long.", {}});
  const auto now = service.driver.now();
  auto db = service.driver.databases().borrow();
  const auto connection = store::in_transaction(*db, [&] {
    store::put_tenant(*db, id, body->name, now);
    return store::ensure_connection(*db, id, quickbooks_online, now);
  });
  return json_answer(200, {{"id", id}, {"name", body->name}, {"connection", connection.id}});
}

/// Every record named at most once, sizes within reason.
Result<void> check_directory(const mapping::Records& records) {
  for (const auto section : mapping::all_sections) {
    const std::string name(wire::name_of(section));
    std::set<std::string_view> ids;
    for (const auto& each : records.of(section)) {
      if (each.id.empty() || each.id.size() > 128 || each.name.empty() || each.name.size() > 1024 ||
          each.detail.size() > 1024)
        return fail(Code::bad_input, "A record of " + name +
                                         " has an id or name that is empty or too long. Nothing "
                                         "was changed.");
      if (!ids.insert(each.id).second)
        return fail(Code::bad_input,
                    "Two records of " + name + " have the same id. Nothing was changed.");
    }
  }
  return {};
}

/// A record as a host sends it: only id and name are needed.
struct RecordBody {
  std::string id, name;
  std::optional<std::string> detail;
  static constexpr auto fields() {
    return std::tuple{field("id", &RecordBody::id), field("name", &RecordBody::name),
                      field("detail", &RecordBody::detail)};
  }
};
struct DirectoryBody {
  std::optional<std::vector<RecordBody>> accounts, tax_codes, customers, suppliers;
  static constexpr auto fields() {
    return std::tuple{field("accounts", &DirectoryBody::accounts),
                      field("tax_codes", &DirectoryBody::tax_codes),
                      field("customers", &DirectoryBody::customers),
                      field("suppliers", &DirectoryBody::suppliers)};
  }
};

std::vector<mapping::Record> records_of(const std::optional<std::vector<RecordBody>>& bodies) {
  std::vector<mapping::Record> out;
  if (!bodies) return out;
  for (const auto& each : *bodies)
    out.push_back({each.id, each.name, each.detail.value_or(""), true});
  return out;
}

http::Response put_directory(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor&) {
  const auto body = body_as<DirectoryBody>(request, "The directory");
  if (!body) return problem(body.error());
  const mapping::Records records{records_of(body->accounts), records_of(body->tax_codes),
                                 records_of(body->customers), records_of(body->suppliers)};
  if (const auto checked = check_directory(records); !checked) return problem(checked.error());
  const auto& tenant = places.at("tenant");
  auto db = service.driver.databases().borrow();
  const bool known = store::in_transaction(*db, [&] {
    if (!store::tenant_name(*db, tenant)) return false;
    store::put_directory(*db, tenant, records);
    return true;
  });
  if (!known) return problem(no_tenant(tenant));
  return json_answer(200, {{"accounts", records.accounts.size()},
                           {"tax_codes", records.tax_codes.size()},
                           {"customers", records.customers.size()},
                           {"suppliers", records.suppliers.size()}});
}

// The OAuth 1.0a connection a tenant comes with
// ----------------------------------------------------

struct LegacyBody {
  std::string realm_id, company_name, consumer_key, consumer_secret, token, token_secret;
  std::optional<Instant> connected_at, expires_at;
  static constexpr auto fields() {
    return std::tuple{field("realm_id", &LegacyBody::realm_id),
                      field("company_name", &LegacyBody::company_name),
                      field("consumer_key", &LegacyBody::consumer_key),
                      field("consumer_secret", &LegacyBody::consumer_secret),
                      field("token", &LegacyBody::token),
                      field("token_secret", &LegacyBody::token_secret),
                      field("connected_at", &LegacyBody::connected_at),
                      field("expires_at", &LegacyBody::expires_at)};
  }
};

http::Response put_legacy(Service& service, const http::Request& request, const Places& places,
                          const wire::Actor& actor) {
  const auto body = body_as<LegacyBody>(request, "The OAuth 1.0a connection");
  if (!body) return problem(body.error());
  if (!work::is_host_id(body->realm_id) || body->token.empty() || body->token_secret.empty())
    return problem({Code::bad_input,
                    "An OAuth 1.0a connection needs its realm_id, token and token_secret.",
                    {}});
  const auto& tenant = places.at("tenant");
  const auto now = service.driver.now();
  std::string connection;
  {
    auto db = service.driver.databases().borrow();
    if (!store::tenant_name(*db, tenant)) return problem(no_tenant(tenant));
    connection = store::ensure_connection(*db, tenant, quickbooks_online, now).id;
  }
  const Secret credential(wire::dump({{"consumer_key", body->consumer_key},
                                      {"consumer_secret", body->consumer_secret},
                                      {"token", body->token},
                                      {"token_secret", body->token_secret}}));
  const auto taken = service.driver.take(
      connection, actor,
      connect::LegacyLoaded{
          {body->realm_id, body->company_name}, body->connected_at.value_or(now), body->expires_at},
      [&](store::Database& db, const StoredConnection&, const Step&) {
        service.driver.safe().put(db, {tenant, connection}, work::sealed_field::legacy, 0,
                                  credential);
      });
  if (!taken) return problem(taken.error(), service.words);
  const auto loaded = service.driver.read(connection);
  auto db = service.driver.databases().borrow();
  return json_answer(200, connection_json(*db, loaded, service.driver.now()));
}

http::Response get_openapi(const http::Request&, const Places&) {
  auto response = json_answer(200, {});
  response.headers.set("Cache-Control", "no-cache");
  response.body = std::string(openapi_json());
  return response;
}

}  // namespace

void add_host_api(Router& router, Service& service) {
  router.add("GET", "/v1/openapi.json", get_openapi);
  router.add("PUT", "/v1/tenants/{tenant}", with_key(service, Scope::directory, put_tenant));
  router.add("PUT", "/v1/tenants/{tenant}/directory",
             with_key(service, Scope::directory, put_directory));
  router.add("PUT", "/v1/tenants/{tenant}/legacy-connection",
             with_key(service, Scope::grants_import, put_legacy));
  add_sessions_api(router, service);
  add_connections_api(router, service);
  add_token_api(router, service);
  add_grants_api(router, service);
  add_webhooks_api(router, service);
}

}  // namespace rekey::server
