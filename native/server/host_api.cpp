#include "native/server/host_api.hpp"

#include "native/server/audit_api.hpp"
#include "native/server/configuration_api.hpp"
#include "native/server/connections_api.hpp"
#include "native/server/directory_api.hpp"
#include "native/server/grants_api.hpp"
#include "native/server/openapi.hpp"
#include "native/server/problem.hpp"
#include "native/server/records_api.hpp"
#include "native/server/sessions_api.hpp"
#include "native/server/tenants_api.hpp"
#include "native/server/token_api.hpp"
#include "native/server/webhooks_api.hpp"
#include "native/store/access.hpp"
#include "native/store/records.hpp"
#include "native/vault/random.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/host_id.hpp"

namespace rekey::server {

namespace {

using store::StoredConnection;
using wire::field;
using wire::Json;

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
    return problem({Code::bad_input, words::say("bad_input.tenant_id"), {}});
  if (body->name.empty() || body->name.size() > 300)
    return problem({Code::bad_input, words::say("bad_input.tenant_name"), {}});
  const auto now = service.driver.now();
  auto db = service.driver.databases().borrow();
  const auto connection = store::in_transaction(*db, [&] {
    store::put_tenant(*db, id, body->name, now);
    return store::ensure_connection(*db, id, service.provider.integration, now);
  });
  return json_answer(200, {{"id", id}, {"name", body->name}, {"connection", connection.id}});
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
    return problem({Code::bad_input, words::say("bad_input.legacy_connection"), {}});
  const auto& tenant = places.at("tenant");
  const auto now = service.driver.now();
  std::string connection;
  {
    auto db = service.driver.databases().borrow();
    if (!store::tenant_name(*db, tenant)) return problem(no_such_tenant(tenant));
    connection = store::ensure_connection(*db, tenant, service.provider.integration, now).id;
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
        service.driver.secrets().put(db, {tenant, connection}, work::sealed_field::legacy, 0,
                                     credential);
      });
  if (!taken) return problem(taken.error());
  audit::note(service.driver.databases(), {audit::Event::legacy_loaded, actor, tenant, connection},
              now);
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

/// A route takes the query parameters that its description has, and no others.
void keep_to_description(Router& router) {
  for (const auto& operation : described_operations())
    router.set_parameters(operation.method, operation.path, operation.parameters);
}

}  // namespace

void add_host_api(Router& router, Service& service) {
  router.add("GET", "/v1/openapi.json", get_openapi);
  router.add("PUT", "/v1/tenants/{tenant}", with_key(service, Scope::directory, put_tenant));
  router.add("PUT", "/v1/tenants/{tenant}/legacy-connection",
             with_key(service, Scope::grants_import, put_legacy));
  add_directory_api(router, service);
  add_sessions_api(router, service);
  add_connections_api(router, service);
  add_configuration_api(router, service);
  add_records_api(router, service);
  add_tenants_api(router, service);
  add_token_api(router, service);
  add_grants_api(router, service);
  add_webhooks_api(router, service);
  add_audit_api(router, service);
  keep_to_description(router);
}

}  // namespace rekey::server
