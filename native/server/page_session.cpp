#include "native/server/page_session.hpp"

#include <algorithm>

#include "native/metrics/limit.hpp"
#include "native/server/problem.hpp"
#include "native/store/connections.hpp"
#include "native/vault/random.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

// A browser sends them all with every request, and a request's head has its limits.
constexpr std::size_t most_cookies = 60;
// As long as the way back of an ended session is kept (native/store/retention.cpp).
constexpr std::chrono::seconds cookie_outlives = std::chrono::hours{24};

std::string cookie_prefix(const Service& service) {
  return service.secure ? "__Host-rekey_" : "rekey_";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_cookie_field(std::string_view name) {
  constexpr std::string_view wanted = "cookie";
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

/// The cookies of ours, in order, as name and value.
std::vector<std::pair<std::string, std::string>> our_cookies(const Service& service,
                                                             const http::Request& request) {
  const auto prefix = cookie_prefix(service);
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [field, value] : request.headers.all()) {
    if (!is_cookie_field(field)) continue;
    std::string_view rest = value;
    while (!rest.empty() && out.size() < most_cookies) {
      const auto end = std::min(rest.find(';'), rest.size());
      const auto pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || !pair.starts_with(prefix)) continue;
      out.emplace_back(trimmed(pair.substr(0, equals)), trimmed(pair.substr(equals + 1)));
    }
  }
  return out;
}

std::optional<store::PageSession> live_session(Service& service, store::Database& db,
                                               const std::string& hash) {
  return store::page_session(db, hash, service.driver.now(), service.sessions.seen_after());
}

/// The home of the host application where a session does not say better.
std::string way_back(const Service& service, const std::string& return_url) {
  return return_url.empty() ? service.pages.host_url : return_url;
}

http::Response other_page(const Service& service, const http::Request& request, bool named) {
  audit::note(service.driver.databases(),
              {audit::Event::page_mismatch,
               wire::Actor{wire::Actor::Kind::user},
               {},
               {},
               request.peer,
               {{"path", request.path}}},
              service.driver.now());
  wire::Json more = {{"host", service.host_name}};
  // Never the way back of one of the sessions that are open: it is another client's.
  if (!service.pages.host_url.empty()) more["return_url"] = service.pages.host_url;
  return page_problem(named ? PageMessage::other_page : PageMessage::which_page,
                      {{"host", service.host_name}}, more);
}

/// Who it is, once the session is found; the store hears of it now and then.
Who seen(Service& service, store::Database& db, const std::string& hash, store::PageSession session,
         bool is_person) {
  const auto now = service.driver.now();
  if (is_person && now - session.seen > service.sessions.seen_lag()) {
    try {
      store::note_page_session_seen(db, hash, now);
      session.seen = now;
    } catch (const store::DatabaseError& error) {
      // A database that takes no writes can still be read.
      log::warning("page_session.not_noted", {{"what", error.what()}});
    }
  }
  auto actor = actor_of(session.visit);
  return {std::move(session), hash, std::move(actor)};
}

}  // namespace

std::vector<SessionCookie> session_cookies(Service& service, store::Database& db,
                                           const http::Request& request) {
  const auto prefix = cookie_prefix(service);
  std::vector<SessionCookie> out;
  for (const auto& [name, value] : our_cookies(service, request)) {
    SessionCookie cookie{name, vault::sha256_hex(value), {}, {}};
    cookie.session = live_session(service, db, cookie.hash);
    // Under another connection's name it is worth nothing.
    if (cookie.session && prefix + cookie.session->visit.connection != name)
      cookie.session.reset();
    else if (!cookie.session)
      cookie.return_url = store::ended_return_url(db, cookie.hash, name.substr(prefix.size()));
    out.push_back(std::move(cookie));
  }
  return out;
}

std::string session_cookie(const Service& service, const std::string& connection,
                           const std::string& secret) {
  return cookie_prefix(service) + connection + "=" + secret +
         "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" +
         std::to_string((service.pages.session_life + cookie_outlives) / std::chrono::seconds{1}) +
         (service.secure ? "; Secure" : "");
}

std::string no_cookie(const Service& service, const std::string& name) {
  return name + "=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0" + (service.secure ? "; Secure" : "");
}

Result<void> check_not_forged(const Service& service, const http::Request& request) {
  if (request.method == "GET" || request.method == "HEAD") return {};
  const auto origin = request.headers.get("Origin");
  // Fetch Metadata, which no script can set: where a browser says it, it must be us.
  const auto site = request.headers.get("Sec-Fetch-Site");
  if (request.headers.get("X-Rekey") == "1" && (!origin || *origin == service.public_url) &&
      (!site || *site == "same-origin"))
    return {};
  audit::note(service.driver.databases(),
              {audit::Event::request_forged,
               wire::Actor{wire::Actor::Kind::user},
               {},
               {},
               request.peer,
               {{"path", request.path}}},
              service.driver.now());
  return fail(Code::forged_request, {});
}

tl::expected<Who, http::Response> who_asks(Service& service, const http::Request& request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  // A stream that stays, or comes back by itself, says nothing of a person; nor does a page that
  // asks by a timer, where it has no stream (web/platform/js/stream.js).
  const bool is_person =
      request.path != "/api/events" && !request.headers.get(wire::watching_header);
  auto db = service.driver.databases().borrow();
  const auto named = request.headers.get(wire::connection_header);
  const auto cookie = named ? request.cookie(cookie_prefix(service) + *named) : std::nullopt;
  if (cookie) {
    const auto hash = vault::sha256_hex(*cookie);
    auto session = live_session(service, *db, hash);
    if (!session)
      return tl::unexpected(session_is_over(
          service, store::ended_return_url(*db, hash, *named).value_or(std::string())));
    if (session->visit.connection == *named)
      return seen(service, *db, hash, std::move(*session), is_person);
  }
  if (cookie) return tl::unexpected(other_page(service, request, true));
  auto cookies = session_cookies(service, *db, request);
  // A tab that does not know yet which client's it is can only be of the one there was.
  const auto back = !named && cookies.size() == 1 ? cookies.front().return_url : std::nullopt;
  std::erase_if(cookies, [](const auto& each) { return !each.session; });
  if (cookies.empty())
    return tl::unexpected(session_is_over(service, back.value_or(std::string())));
  if (named || !reads || cookies.size() > 1)
    return tl::unexpected(other_page(service, request, named.has_value()));
  return seen(service, *db, cookies.front().hash, std::move(*cookies.front().session), is_person);
}

wire::Actor actor_of(const store::PageVisit& visit) {
  return {wire::Actor::Kind::user, visit.user.id, visit.user.name};
}

http::Response not_signed_in(const Service& service, PageMessage message,
                             const std::string& return_url) {
  wire::Json more = {{"host", service.host_name}};
  const auto back = way_back(service, return_url);
  if (!back.empty()) more["return_url"] = back;
  return page_problem(message, {{"host", service.host_name}}, more);
}

http::Response session_is_over(const Service& service, const std::string& return_url) {
  return not_signed_in(service, PageMessage::session_ended, return_url);
}

wire::OpenPage open_page(store::Database& db, const store::PageVisit& visit) {
  return {visit.connection, store::tenant_name(db, visit.tenant).value_or(visit.tenant),
          visit.user.name};
}

std::optional<http::Response> too_much(Service& service, const Who& who, Deed deed) {
  const auto wait = service.sessions.spend(who.hash, deed);
  if (!wait) return {};
  const auto seconds = wait->count();
  const auto* what = deed == Deed::act ? "commands" : "choices";
  metrics::limit_met(
      what, "page_session.too_much",
      {{"session", who.session.id}, {"connection", who.connection()}, {"what", what}});
  auto response = page_problem(PageMessage::too_fast, {{"seconds", std::to_string(seconds)}},
                               members_of_wait(seconds, service.driver.now()));
  response.headers.set("Retry-After", std::to_string(seconds));
  return response;
}

}  // namespace rekey::server
