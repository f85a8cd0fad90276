#include "native/server/tenants_api.hpp"

#include "native/http/later.hpp"
#include "native/server/directory_records.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/tenants.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/erase.hpp"
#include "native/work/revocations.hpp"

namespace rekey::server {

namespace {

using wire::Json;

constexpr int most_tenants = 100;

http::Response tenant_not_found() {
  return problem({Code::not_found, words::say("not_found.tenant"), {}});
}

Json tenant_json(const store::Tenant& tenant) {
  return {{"id", tenant.id},
          {"name", tenant.name},
          {"created_at", to_ms(tenant.created)},
          {"connection", tenant.connection.empty() ? Json(nullptr) : Json(tenant.connection)}};
}

// Reading ----------------------------------------------------------------------------------------

http::Response get_tenants(Service& service, const http::Request& request, const Places&,
                           const wire::Actor&) {
  const auto after = after_cursor(request.query_value("after"));
  if (!after) return problem(after.error());
  auto db = service.driver.databases().borrow();
  const auto found = store::list_tenants(*db, *after, most_tenants);
  Json list = Json::array();
  for (const auto& each : found) list.push_back(tenant_json(each));
  const bool more = found.size() == most_tenants;
  return json_answer(200, {{"tenants", list}, {"next", cursor_after(more ? found.back().id : "")}});
}

http::Response get_tenant(Service& service, const http::Request&, const Places& places,
                          const wire::Actor&) {
  auto db = service.driver.databases().borrow();
  const auto found = store::find_tenant(*db, places.at("tenant"));
  if (!found) return tenant_not_found();
  auto out = tenant_json(*found);
  out["directory"] = counts_of(*db, found->id);
  out["page_sessions"] = store::live_page_sessions(*db, found->id, service.driver.now());
  return json_answer(200, out);
}

// Deleting ---------------------------------------------------------------------------------------

/// What of a deletion is not finished, and the sentences that say so; empty: all is.
struct Unfinished {
  Json waiting_for = Json::array();
  std::string detail;
};

Unfinished unfinished(const store::Deletion& deletion, const std::string& digest) {
  Unfinished out;
  const auto add = [&](const char* name, std::string_view sentence) {
    out.waiting_for.push_back(name);
    out.detail += words::say(sentence) + " ";
  };
  if (deletion.log) add("log", "deletion.log");
  if (deletion.file) add("file", "deletion.file");
  if (deletion.messages_wait) add("messages", "deletion.messages");
  if (deletion.revocation == work::revocation::pending) add("revocation", "deletion.revocation");
  if (!out.detail.empty()) out.detail += words::say("deletion.look_again", {{"digest", digest}});
  return out;
}

http::Response deleted(Service& service, const wire::Actor& actor, const work::Erasure& erasure) {
  auto proof = erasure.proof();
  const bool whole = erasure.connection.empty();
  audit::note(service.driver.databases(),
              {whole ? audit::Event::tenant_deleted : audit::Event::connection_deleted,
               actor,
               {},
               {},
               {},
               {{"digest", erasure.digest()}}},
              service.driver.now());
  const auto standing = store::deletion(*service.driver.databases().borrow(), erasure.digest());
  if (!standing) return json_answer(200, proof);
  const auto left = unfinished(*standing, erasure.digest());
  if (left.waiting_for.empty()) return json_answer(200, proof);
  proof["complete"] = false;
  proof["waiting_for"] = left.waiting_for;
  proof["detail"] = left.detail;
  return json_answer(202, proof);
}

// (A deletion waits for the provider, when its request may be gone.)
async::Task<http::Response> tenant_deleted(Service& service, wire::Actor actor,
                                           std::string tenant) {
  try {
    const auto erasure =
        co_await work::erase_tenant(service.driver, service.clients, actor, std::move(tenant));
    co_return deleted(service, actor, erasure);
  } catch (const work::NotFound&) {
    co_return tenant_not_found();
  }
}

async::Task<http::Response> connection_deleted(Service& service, wire::Actor actor,
                                               std::string connection, bool keep_tenant) {
  work::ErasureOptions options;
  options.keep_tenant = keep_tenant;
  try {
    const auto erasure = co_await work::erase_connection(service.driver, service.clients, actor,
                                                         std::move(connection), options);
    co_return deleted(service, actor, erasure);
  } catch (const work::NotFound&) {
    co_return problem(no_such_connection());
  }
}

http::Response delete_tenant(Service& service, const http::Request&, const Places& places,
                             const wire::Actor& actor) {
  return http::respond_with(*service.clients.pool,
                            tenant_deleted(service, actor, places.at("tenant")));
}

http::Response delete_connection(Service& service, const http::Request& request,
                                 const Places& places, const wire::Actor& actor) {
  const auto tenant = request.query_value("tenant");
  if (tenant && *tenant != "keep")
    return problem({Code::bad_input, words::say("bad_input.keep_tenant"), {}});
  return http::respond_with(
      *service.clients.pool,
      connection_deleted(service, actor, places.at("connection"), tenant.has_value()));
}

http::Response get_deletion(Service& service, const http::Request&, const Places& places,
                            const wire::Actor&) {
  const auto& digest = places.at("digest");
  const auto found = store::deletion(*service.driver.databases().borrow(), digest);
  if (!found) return problem({Code::not_found, words::say("not_found.deletion"), {}});
  const auto left = unfinished(*found, digest);
  Json out = {{"digest", digest},
              {"deleted_at", to_ms(found->at)},
              {"complete", left.waiting_for.empty()},
              {"waiting_for", left.waiting_for}};
  // Deletions of earlier versions did not note it.
  if (!found->revocation.empty()) out["revocation"] = found->revocation;
  if (!left.detail.empty()) out["detail"] = left.detail;
  return json_answer(200, out);
}

}  // namespace

void add_tenants_api(Router& router, Service& service) {
  const auto add = [&](const char* method, const char* path, Scope scope, Member member) {
    router.add(method, path, with_key(service, scope, member));
  };
  add("GET", "/v1/tenants", Scope::directory, get_tenants);
  add("GET", "/v1/tenants/{tenant}", Scope::directory, get_tenant);
  // It ends connections, as deleting one of them does.
  add("DELETE", "/v1/tenants/{tenant}", Scope::connections_write, delete_tenant);
  add("DELETE", "/v1/connections/{connection}", Scope::connections_write, delete_connection);
  add("GET", "/v1/deletions/{digest}", Scope::connections_read, get_deletion);
}

}  // namespace rekey::server
