#include "native/sandbox/world.hpp"

#include "native/sandbox/accounting/api.hpp"
#include "native/sandbox/control/control.hpp"
#include "native/sandbox/legacy/endpoints.hpp"
#include "native/sandbox/oauth/authorize.hpp"
#include "native/sandbox/oauth/endpoints.hpp"
#include "native/sandbox/pages/json_response.hpp"

namespace rekey::sandbox {

namespace {

/// Only the endpoints of tokens refuse methods: RFC 6749 section 3.2 wants POST.
http::Response refuse_request(const Error& error) {
  if (error.code == Code::method_not_allowed)
    return json_response(405, {{"error", "invalid_request"}, {"error_description", "Use POST"}});
  return json_response(404, {{"error", "not_found"}});
}

}  // namespace

World::World(SandboxOptions with, std::function<Instant()> told)
    : options(std::move(with)),
      clock(std::move(told)),
      address(options.base_url),
      registered{options.clients, options.users},
      webhooks(options.webhooks, options.webhook_client),
      companies(options.companies),
      grants(options.grants),
      legacy(options.legacy_apps),
      limits(options.limits),
      router([](const http::Request&, const Error& error) { return refuse_request(error); }) {
  for (const LegacyConnection& one : options.legacy_connections) legacy.add(one);
  for (const FaultRule& one : options.faults) faults.add(one);
  set_rules(grants, legacy, options.grants);
  if (!options.store.empty()) remember();
  for (Company& one : companies.all())
    one.tell_with([this](const Change& change) { webhooks.tell(change); });
  add_routes();
}

void World::restore() {
  for (const auto& [id, body] : kept->all("clock")) clock.restore(body);
  for (const auto& [id, body] : kept->all("key")) key.restore(body.get<std::string>());
  for (const auto& [id, body] : kept->all("grant")) grants.restore(std::stoull(id), body);
  for (const auto& [id, body] : kept->all("code")) grants.restore_code(id, body);
  for (const auto& [id, body] : kept->all("legacy")) legacy.restore(body);
  for (const auto& [id, body] : kept->all("written"))
    if (Company* one = companies.find(body.at("realm").get<std::string>())) one->restore(body);
}

void World::remember() {
  kept = std::make_unique<Kept>(options.store);
  try {
    restore();
  } catch (const std::exception&) {
    throw store::DatabaseError("the file " + options.store +
                               " does not hold what a sandbox keeps; it may be of another version. "
                               "Give --store another name to begin anew");
  }
  const Keep keep = [this](const std::string& kind, const std::string& id,
                           const nlohmann::json& body) { kept->put(kind, id, body); };
  clock.keep_with(keep);
  key.keep_with(keep);
  grants.keep_with(keep);
  legacy.keep_with(keep);
  for (Company& one : companies.all()) one.keep_with(keep);
}

void World::add_routes() {
  add_oauth_endpoints(router, {registered, grants, key, clock, address});
  add_authorize_pages(router, {registered, companies, grants, visits, next_consent, clock,
                               options.auto_consent, options.fill_in_sign_in});
  add_legacy_endpoints(router, {legacy, registered, grants, key, clock, address});
  add_accounting_api(router, {companies, grants, legacy, limits, answered, clock, address});
  add_control(router, {clock, companies, grants, legacy, next_consent, limits, faults, webhooks,
                       ledger, address});
  // Browsers ask for one by themselves.
  router.add(http::Router::any_method, "/favicon.ico",
             [](const http::Request&, const http::Places&) {
               return http::Response{204, {}, "", {}};
             });
}

}  // namespace rekey::sandbox
