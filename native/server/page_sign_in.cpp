#include "native/server/page_sign_in.hpp"

#include <algorithm>

#include "native/metrics/limit.hpp"
#include "native/server/page_session.hpp"
#include "native/store/access.hpp"
#include "native/store/connections.hpp"
#include "native/vault/random.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

// Those of one browser: their cookies go along with every request.
constexpr std::size_t most_in_a_browser = 40;

/// What came of a sign-in.
struct SignInOutcome {
  enum class Is { signed_in, to_be_confirmed, link_is_over };
  Is is = Is::link_is_over;
  store::PageVisit visit;  ///< of the link, as far as it is known
  std::vector<SessionCookie> cookies;
  std::vector<std::string> dropped;  ///< names of cookies that are worth nothing any more
};

bool is_elsewhere(const SessionCookie& cookie, const store::PageVisit& visit) {
  return cookie.session && cookie.session->visit.connection != visit.connection;
}

/// Whether the link leads to a connection that this browser has no page of, while it has others: an
/// attacker's link must not sign a person in unasked (RFC 9700 4.7).
bool surprises(const SignInOutcome& out) {
  bool others = false;
  for (const auto& each : out.cookies) {
    if (!each.session) continue;
    if (!is_elsewhere(each, out.visit)) return false;
    others = true;
  }
  return others;
}

/// What the browser had of this connection ends: the new session takes its place, and all that was
/// begun in the old one is its own. The old cookie proves that it is the same browser, so an
/// attempt's `state` stays bound to the browser that began it (RFC 6749 10.12, RFC 9700 4.7).
void take_over(store::Database& db, SignInOutcome& out, const std::string& cookie_name,
               const std::string& hash, Instant now) {
  for (const auto& each : out.cookies) {
    if (each.name == cookie_name) {
      store::hand_over_attempts(db, out.visit.connection, each.hash, hash);
      store::end_page_session(db, each.hash, now);
    } else if (!each.session && (!each.return_url || out.cookies.size() > most_in_a_browser)) {
      // (One that still knows its way back stays where there is room.)
      out.dropped.push_back(each.name);
    }
  }
}

/// Makes room in the browser: what rested longest ends.
void bound_browser(store::Database& db, SignInOutcome& out, Instant now) {
  std::vector<const SessionCookie*> others;
  for (const auto& each : out.cookies)
    if (is_elsewhere(each, out.visit)) others.push_back(&each);
  std::sort(others.begin(), others.end(),
            [](const auto* a, const auto* b) { return a->session->seen > b->session->seen; });
  for (std::size_t i = most_in_a_browser - 1; i < others.size(); ++i) {
    metrics::limit_met("page_sessions_per_browser", "page_session.too_many_of_browser",
                       {{"connection", out.visit.connection}, {"most", most_in_a_browser}});
    store::end_page_session(db, others[i]->hash, now);
    out.dropped.push_back(others[i]->name);
  }
}

SignInOutcome sign_in(Service& service, store::Database& db, const http::Request& request,
                      const wire::SignIn& asked, const std::string& secret) {
  const auto now = service.driver.now();
  const auto token = vault::sha256_hex(asked.token);
  SignInOutcome out;
  const auto link = store::page_token(db, token);
  if (!link) return out;
  out.visit = link->visit;
  if (link->used || link->expires <= now) return out;
  out.cookies = session_cookies(service, db, request);
  if (surprises(out) && !asked.confirmed.value_or(false)) {
    out.is = SignInOutcome::Is::to_be_confirmed;
    return out;
  }
  if (!store::use_page_token(db, token)) return out;
  const auto hash = vault::sha256_hex(secret);
  const auto cookie = session_cookie(service, out.visit.connection, secret);
  take_over(db, out, cookie.substr(0, cookie.find('=')), hash, now);
  bound_browser(db, out, now);
  store::put_page_session(
      db, hash,
      {"ses_" + vault::random_token(12), out.visit, now, now, now + service.pages.session_life});
  const auto most = service.pages.sessions_per_tenant;
  if (store::end_idlest_page_sessions(db, out.visit.tenant, most, now) > 0)
    metrics::limit_met("page_sessions_per_tenant", "page_session.too_many_of_tenant",
                       {{"connection", out.visit.connection}, {"most", most}});
  out.is = SignInOutcome::Is::signed_in;
  return out;
}

http::Response ask_first(Service& service, store::Database& db, const SignInOutcome& out) {
  const auto whose = open_page(db, out.visit);
  wire::Json open = wire::Json::array();
  for (const auto& each : out.cookies)
    if (is_elsewhere(each, out.visit))
      open.push_back(wire::write(open_page(db, each.session->visit)));
  wire::Json more = {{"firm", whose.firm},
                     {"user", whose.user},
                     {"open", std::move(open)},
                     {"host", service.host_name}};
  if (whose.user.empty())
    return page_problem(PageMessage::confirm_link, {{"firm", whose.firm}}, more);
  return page_problem(PageMessage::confirm_link_person,
                      {{"firm", whose.firm}, {"person", whose.user}}, more);
}

http::Response begin_session(Service& service, const http::Request& request) {
  if (const auto forged = check_not_forged(service, request); !forged)
    return page_problem(forged.error());
  const auto body = body_as<wire::SignIn>(request, "The sign-in");
  if (!body) return page_problem(body.error());
  const auto secret = vault::random_token(32);
  auto db = service.driver.databases().borrow();
  const auto out =
      store::in_transaction(*db, [&] { return sign_in(service, *db, request, *body, secret); });
  switch (out.is) {
    case SignInOutcome::Is::link_is_over:
      audit::note(service.driver.databases(),
                  {audit::Event::link_refused, wire::Actor{wire::Actor::Kind::user},
                   out.visit.tenant, out.visit.connection, request.peer},
                  service.driver.now());
      return not_signed_in(service, PageMessage::link_spent, out.visit.return_url);
    case SignInOutcome::Is::to_be_confirmed:
      return ask_first(service, *db, out);
    case SignInOutcome::Is::signed_in:
      break;
  }
  audit::note(
      service.driver.databases(),
      {audit::Event::signed_in, actor_of(out.visit), out.visit.tenant, out.visit.connection},
      service.driver.now());
  auto response = json_answer(200, wire::write(wire::SignedIn{out.visit.connection}));
  // What browsers kept of the time when there was one session for everything.
  const std::string former = service.secure ? "__Host-rekey_session" : "rekey_session";
  for (const auto& name : out.dropped)
    if (name != former) response.headers.add("Set-Cookie", no_cookie(service, name));
  if (request.cookie(former)) response.headers.add("Set-Cookie", no_cookie(service, former));
  response.headers.add("Set-Cookie", session_cookie(service, out.visit.connection, secret));
  return response;
}

http::Response end_session(Service& service, const http::Request& request) {
  if (const auto forged = check_not_forged(service, request); !forged)
    return page_problem(forged.error());
  const auto who = who_asks(service, request);
  if (!who) return who.error();
  {
    auto db = service.driver.databases().borrow();
    store::end_page_session(*db, who->hash, service.driver.now());
  }
  audit::note(service.driver.databases(),
              {audit::Event::signed_out,
               who->actor,
               who->tenant(),
               who->connection(),
               {},
               {{"session", who->session.id}}},
              service.driver.now());
  auto response = json_answer(200, wire::Json::object());
  const auto cookie = session_cookie(service, who->connection(), "");
  response.headers.add("Set-Cookie", no_cookie(service, cookie.substr(0, cookie.find('='))));
  return response;
}

http::Response get_sessions(Service& service, const http::Request& request) {
  auto db = service.driver.databases().borrow();
  wire::Sessions out;
  out.host = service.host_name;
  out.host_url = service.pages.host_url;
  for (const auto& each : session_cookies(service, *db, request))
    if (each.session) out.sessions.push_back(open_page(*db, each.session->visit));
  return json_answer(200, wire::write(out));
}

}  // namespace

void add_page_sign_in(Router& router, Service& service) {
  const auto add = [&](const char* method, const char* path, auto route) {
    router.add(method, path, [&service, route](const http::Request& request, const Places&) {
      return route(service, request);
    });
  };
  add("POST", "/api/session", begin_session);
  add("DELETE", "/api/session", end_session);
  add("GET", "/api/sessions", get_sessions);
}

}  // namespace rekey::server
