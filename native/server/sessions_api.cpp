#include "native/server/sessions_api.hpp"

#include <algorithm>

#include "native/log.hpp"
#include "native/server/member.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/server/return_url.hpp"
#include "native/store/connections.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

using wire::field;
using wire::Json;

constexpr int most_sessions_listed = 100;

struct UserBody {
  std::string id;
  std::optional<std::string> name;
  static constexpr auto fields() {
    return std::tuple{field("id", &UserBody::id), field("name", &UserBody::name)};
  }
};
struct PageSessionBody {
  std::string tenant;
  std::optional<UserBody> user;
  std::optional<std::string> return_url;
  static constexpr auto fields() {
    return std::tuple{field("tenant", &PageSessionBody::tenant),
                      field("user", &PageSessionBody::user),
                      field("return_url", &PageSessionBody::return_url)};
  }
};

bool can_be_shown(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

Result<void> check_user(const UserBody& user) {
  const auto& name = user.name.value_or("");
  if (user.id.empty() || user.id.size() > 128 || name.size() > 300)
    return fail(Code::bad_input, words::say("bad_input.user"));
  if (!can_be_shown(user.id) || !can_be_shown(name))
    return fail(Code::bad_input, words::say("bad_input.user_unreadable"));
  return {};
}

Result<void> check_page_session(const Service& service, const PageSessionBody& body) {
  if (body.user)
    if (auto checked = check_user(*body.user); !checked) return checked;
  if (body.return_url && !body.return_url->empty())
    return check_return_url(*body.return_url, service.pages.return_hosts);
  return {};
}

http::Response post_page_session(Service& service, const http::Request& request, const Places&,
                                 const wire::Actor& actor) {
  const auto body = body_as<PageSessionBody>(request, "The page session");
  if (!body) return problem(body.error());
  if (const auto checked = check_page_session(service, *body); !checked)
    return problem(checked.error());
  auto db = service.driver.databases().borrow();
  const auto link = store::in_transaction(*db, [&]() -> std::optional<PageLink> {
    if (!store::tenant_name(*db, body->tenant)) return {};
    // The host's own word makes a connection; the page never does.
    const auto connection = store::ensure_connection(
        *db, body->tenant, service.provider.integration, service.driver.now());
    store::PageVisit visit{
        body->tenant, connection.id, {}, body->return_url.value_or(""), actor.id};
    if (body->user) visit.user = {body->user->id, body->user->name.value_or("")};
    return mint_page_link(service, *db, visit);
  });
  if (!link) return problem(no_such_tenant(body->tenant));
  audit::note(service.driver.databases(), {audit::Event::link_made, actor, body->tenant},
              service.driver.now());
  auto response = json_answer(201, {{"url", link->url}, {"expires_at", to_ms(link->expires)}});
  response.secret = true;  // who has the address is signed in
  return response;
}

Json session_json(const store::PageSession& session) {
  const auto& visit = session.visit;
  return {{"id", session.id},
          {"tenant", visit.tenant},
          {"connection", visit.connection},
          {"user", wire::write(visit.user)},
          {"key", visit.key_id.empty() ? Json(nullptr) : Json(visit.key_id)},
          {"created_at", to_ms(session.created)},
          {"seen_at", to_ms(session.seen)},
          {"expires_at", to_ms(session.expires)}};
}

http::Response get_page_sessions(Service& service, const http::Request& request, const Places&,
                                 const wire::Actor&) {
  const auto after = after_cursor(request.query_value("after"));
  if (!after) return problem(after.error());
  auto db = service.driver.databases().borrow();
  const auto found =
      store::list_page_sessions(*db, request.query_value("tenant"), *after, service.driver.now(),
                                service.sessions.seen_after(), most_sessions_listed);
  Json list = Json::array();
  for (const auto& each : found) list.push_back(session_json(each));
  const bool more = found.size() == most_sessions_listed;
  return json_answer(
      200, {{"page_sessions", list}, {"next", cursor_after(more ? found.back().id : "")}});
}

http::Response delete_page_session(Service& service, const http::Request&, const Places& places,
                                   const wire::Actor& actor) {
  const auto& id = places.at("session");
  auto db = service.driver.databases().borrow();
  const auto visit = store::page_visit_by_id(*db, id);
  if (!visit || store::end_page_session_by_id(*db, id, service.driver.now()) == 0)
    return problem({Code::not_found, words::say("not_found.page_session"), {}});
  audit::note(
      service.driver.databases(),
      {audit::Event::signed_out, actor, visit->tenant, visit->connection, {}, {{"session", id}}},
      service.driver.now());
  return json_answer(200, {{"ended", 1}});
}

http::Response delete_page_sessions(Service& service, const http::Request& request, const Places&,
                                    const wire::Actor& actor) {
  const auto tenant = request.query_value("tenant").value_or("");
  if (tenant.empty())
    return problem({Code::bad_input, words::say("bad_input.sessions_of_whom"), {}});
  auto db = service.driver.databases().borrow();
  if (!store::tenant_name(*db, tenant)) return problem(no_such_tenant(tenant));
  const auto ended = store::in_transaction(
      *db, [&] { return store::end_page_sessions_of(*db, tenant, service.driver.now()); });
  audit::note(service.driver.databases(),
              {audit::Event::signed_out, actor, tenant, {}, {}, {{"ended", ended}}},
              service.driver.now());
  return json_answer(200, {{"ended", ended}});
}

}  // namespace

void add_sessions_api(Router& router, Service& service) {
  constexpr const char* all = "/v1/page-sessions";
  const auto add = [&](const char* method, const std::string& path, Member member) {
    router.add(method, path, with_key(service, Scope::pages, member));
  };
  add("POST", all, post_page_session);
  add("GET", all, get_page_sessions);
  add("DELETE", all, delete_page_sessions);
  add("DELETE", std::string(all) + "/{session}", delete_page_session);
}

}  // namespace rekey::server
