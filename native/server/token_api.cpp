#include "native/server/token_api.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "native/http/later.hpp"
#include "native/server/problem.hpp"
#include "native/store/access.hpp"
#include "native/store/bounded_wait.hpp"
#include "native/words/words.hpp"
#include "native/work/health.hpp"
#include "native/work/tokens.hpp"

namespace rekey::server {

namespace {

using store::Database;
using store::StoredConnection;

constexpr std::string_view path_start = "/v1/connections/";
constexpr std::string_view path_end = "/token";
/// Intuit's access tokens live for an hour, so none is good for much longer.
constexpr std::int64_t most_validity_s = 3000;
/// The longest time that a call waits for the provider: then the answer is "wait", and the renewal
/// goes on.
constexpr auto longest_call = std::chrono::seconds{30};
constexpr int wait_for_provider_s = 5;
constexpr int wait_for_sign_in_s = 10;

// The answer -------------------------------------------------------------------------------------

void append_json_text(std::string& to, std::string_view text) {
  to += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') to += '\\';
    to += c;  // RFC 6749 appendix A.12: an access token has visible characters only
  }
  to += '"';
}

/// What a token is called where it is spoken of: its grant's version, and how often that was
/// renewed.
std::string id_of(std::int64_t version, std::int64_t revision) {
  return std::to_string(version) + "." + std::to_string(revision);
}

/// The answer as JSON. Put together by hand around the token, so that no copy of it stays behind in
/// a JSON library's memory.
Secret body_of(const StoredConnection& connection, const connect::Linked& live,
               const work::AccessToken& token, const wire::Json& scopes) {
  auto rest = wire::dump({{"company", wire::write(live.company)},
                          {"connection", connection.id},
                          {"expires_at", to_ms(token.expires)},
                          {"scopes", scopes},
                          {"tenant", connection.tenant},
                          {"token_id", id_of(live.version, token.revision)},
                          {"token_type", "Bearer"}});
  std::string body;
  body.reserve(rest.size() + token.value.reveal().size() + 64);
  body += "{\"access_token\":";
  append_json_text(body, token.value.reveal());
  body += ',';
  body.append(rest, 1);
  return Secret(std::move(body));
}

http::Response answer(const Secret& body) {
  http::Response response;
  response.headers = {{"Content-Type", "application/json"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = body.reveal();
  response.secret = true;
  return response;
}

// Why there is none ------------------------------------------------------------------------------

/// What the host has to do about it is the member `action`: "wait" (with Retry-After),
/// "fix_configuration" or "ask_customer".
http::Response wait(Code code, std::string_view sentence, std::int64_t seconds, Instant now,
                    wire::Json more = {}) {
  more.update(members_of_wait(seconds, now));
  auto response = problem({code, words::say(sentence), {}}, more);
  response.headers.add("Retry-After", std::to_string(seconds));
  return response;
}

/// `reason` names the sentence, too.
http::Response ask_customer(const std::string& reason, wire::Json more) {
  more["action"] = "ask_customer";
  return problem({Code::no_grant, words::say("no_grant." + reason), {}}, more);
}

http::Response fix_configuration(std::optional<Instant> until) {
  wire::Json more = {{"action", "fix_configuration"}};
  if (until) more["until"] = to_ms(*until);
  return problem({Code::misconfigured, words::say("misconfigured.client"), {}}, more);
}

/// A connection without a live grant; `stored` is what the last step said of it.
http::Response nothing_live(const StoredConnection& stored, Instant now) {
  const auto state = work::as_of(stored.state, now);
  const auto reason = work::why_no_grant(state);
  const auto& phase = state.connect.phase;
  if (const auto* broken = std::get_if<connect::Broken>(&phase))
    return ask_customer(reason, {{"reason", reason}, {"since", to_ms(broken->since)}});
  if (reason == "legacy") return ask_customer(reason, {{"reason", reason}});
  if (reason == "unconfirmed")
    return wait(Code::sign_in_under_way, "sign_in_under_way.unconfirmed", wait_for_sign_in_s, now,
                {{"reason", reason}});
  if (reason == "sign_in_under_way")
    return wait(Code::sign_in_under_way, "sign_in_under_way.now", wait_for_sign_in_s, now,
                {{"reason", reason}});
  const auto* unlinked = std::get_if<connect::Unlinked>(&phase);
  wire::Json more = {{"reason", reason}};
  if (unlinked && unlinked->since) more["since"] = to_ms(*unlinked->since);
  return ask_customer(unlinked && unlinked->last ? "disconnected" : reason, std::move(more));
}

// The way by the store ---------------------------------------------------------------------------

std::optional<StoredConnection> find(Service& service, const std::string& id) {
  auto db = service.driver.databases().borrow();
  return store::find_connection(*db, id);
}

/// Reads within the time of a call. As long as there is plenty of it, the store's own patience is
/// shorter; near the end a caller waits for the store for a second more at most.
template <class Read>
auto read_until(Service& service, async::Steady::time_point until, Read&& read) {
  constexpr Millis patience_of_store = std::chrono::seconds{10}, least = std::chrono::seconds{1};
  const auto left = std::chrono::duration_cast<Millis>(until - async::Steady::now());
  auto db = service.driver.databases().borrow();
  std::optional<store::BoundedWait> bounded;
  if (left < patience_of_store) bounded.emplace(*db, std::max(left, least));
  return read(*db);
}

/// What the provider granted; null when that is not known: a grant that was moved in without it.
wire::Json scopes_of(const Service& service, Database& db, const std::string& connection,
                     std::int64_t version) {
  const auto granted = store::grant_scope(db, connection, version);
  if (granted.empty()) {
    // Grants from before it was always stored came of a sign-in, which asked for what we ask for.
    const auto grant = store::grant(db, connection, version);
    if (!grant || grant->redirect_uri.empty()) return nullptr;
    return service.provider.scopes;
  }
  auto out = wire::Json::array();
  for (std::size_t at = 0; at < granted.size();) {
    const auto end = std::min(granted.find(' ', at), granted.size());
    if (end > at) out.push_back(granted.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// At least a second, and rounded up, so that a caller that keeps to it does not come too early.
std::int64_t seconds_until(std::optional<Instant> until, Instant now) {
  if (!until) return wait_for_provider_s;
  return std::max<std::int64_t>(1, (*until - now + Millis{999}).count() / 1000);
}

http::Response no_token(Service& service, const std::string& id, const work::NoToken& why) {
  if (why == work::NoToken::misconfigured) return fix_configuration(why.until);
  if (why == work::NoToken::later) {
    const auto now = service.driver.now();
    const auto seconds = seconds_until(why.until, now);
    return wait(Code::unreachable, "unreachable.token", seconds, now);
  }
  // It ended while we asked: the state says why by now.
  const auto now = find(service, id);
  return now ? nothing_live(*now, service.driver.now()) : problem(no_such_connection());
}

/// `rejected`: grant version and revision of a token that the provider has refused.
struct Wish {
  Millis validity{0};
  std::optional<std::pair<std::int64_t, std::int64_t>> rejected;
};

/// `token_id`, if given, is told which token was handed out. It may wait for the provider, when the
/// request is gone.
async::Task<http::Response> token_by_store(Service& service, std::string id, Wish wish,
                                           std::string* token_id = nullptr) {
  const auto until = async::Steady::now() + longest_call;
  const auto ticket = service.memory.tokens.ticket();
  const auto before = find(service, id);
  if (!before) co_return problem(no_such_connection());
  const auto* live = connect::live_grant(before->state.connect);
  if (!live) co_return nothing_live(*before, service.driver.now());
  const work::Owner owner{before->tenant, before->id};
  work::Tokens tokens(service.driver, service.clients);
  std::optional<std::int64_t> rejected;
  if (wish.rejected && wish.rejected->first == live->version) rejected = wish.rejected->second;
  // What cannot be renewed for as long as is asked for is served all the same.
  const auto good_for = std::max(refresh::policy::good_for, wish.validity);
  auto token = co_await tokens.fresh(owner, live->version, rejected, good_for, until);
  if (!token) co_return no_token(service, id, token.error());
  // A renewal may have taken its time: nothing is handed out that was turned off meanwhile.
  wire::Json scopes;
  const auto after = read_until(service, until, [&](Database& db) {
    scopes = scopes_of(service, db, id, live->version);
    return store::find_connection(db, id);
  });
  if (!after) co_return problem(no_such_connection());
  const auto* still = connect::live_grant(after->state.connect);
  if (!still || still->version != live->version)
    co_return nothing_live(*after, service.driver.now());
  if (token_id) *token_id = id_of(still->version, token->revision);
  auto body = body_of(*after, *still, *token, scopes);
  auto response = answer(body);
  // From memory it is served until then; afterwards it is time to renew it.
  const auto renew_at = token->expires - refresh::policy::good_for;
  service.memory.tokens.put(ticket, id, {std::move(body), renew_at, token->expires});
  co_return response;
}

std::optional<Millis> validity_asked_for(const http::Request& request) {
  if (request.query.empty()) return Millis{0};
  const auto text = request.query_value("min_validity_s");
  if (!text) return Millis{0};
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < 0 ||
      value > most_validity_s)
    return {};
  return std::chrono::seconds{value};
}

http::Response get_token(Service& service, const http::Request& request, const Places& places,
                         const wire::Actor&) {
  const auto validity = validity_asked_for(request);
  if (!validity)
    return problem(
        {Code::bad_input,
         words::say("bad_input.min_validity", {{"most", std::to_string(most_validity_s)}}),
         {}});
  const Wish wish{*validity, {}};
  return http::respond_with(*service.clients.pool,
                            token_by_store(service, places.at("connection"), wish));
}

// A token that the provider refused --------------------------------------------------------------

struct RenewBody {
  std::string rejected;
  static constexpr auto fields() {
    return std::tuple{wire::field("rejected", &RenewBody::rejected)};
  }
};

std::optional<std::pair<std::int64_t, std::int64_t>> numbers_of(std::string_view token_id) {
  std::pair<std::int64_t, std::int64_t> out;
  const char* end = token_id.data() + token_id.size();
  const auto first = std::from_chars(token_id.data(), end, out.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') return {};
  const auto second = std::from_chars(first.ptr + 1, end, out.second);
  if (second.ec != std::errc{} || second.ptr != end) return {};
  return out;
}

async::Task<http::Response> renewed_by_store(Service& service, std::string id,
                                             std::string rejected_id, Wish wish) {
  std::string token_id;
  auto response = co_await token_by_store(service, id, wish, &token_id);
  if (!token_id.empty() && token_id != rejected_id) {
    const auto now = service.driver.now();
    service.memory.renewals.note(id, {now, token_id}, now - refresh::policy::renew_for_host_after);
  }
  co_return response;
}

http::Response renew_token(Service& service, const http::Request& request, const Places& places,
                           const wire::Actor&) {
  const auto body = body_as<RenewBody>(request, "The renewal");
  if (!body) return problem(body.error());
  const auto rejected = numbers_of(body->rejected);
  if (!rejected) return problem({Code::bad_input, words::say("bad_input.rejected_token"), {}});
  const auto& id = places.at("connection");
  const auto now = service.driver.now();
  const auto stored = find(service, id);
  if (!stored) return problem(no_such_connection());
  if (!connect::live_grant(stored->state.connect)) return nothing_live(*stored, now);
  // A refusal that a new token does not mend (a company without the right, say) must not have us
  // renew with every call of the host.
  if (const auto last = service.memory.renewals.last(id);
      last && last->token_id == body->rejected &&
      now - last->at < refresh::policy::renew_for_host_after)
    return wait(Code::just_renewed, "just_renewed",
                static_cast<int>((refresh::policy::renew_for_host_after - (now - last->at)) /
                                 Millis{1000}) +
                    1,
                now);
  const Wish wish{Millis{0}, rejected};
  return http::respond_with(*service.clients.pool,
                            renewed_by_store(service, id, body->rejected, wish));
}

}  // namespace

std::optional<http::Response> token_from_memory(Service& service, const http::Request& request) {
  const std::string_view path = request.path;
  if (request.method != "GET" || path.size() <= path_start.size() + path_end.size() ||
      !path.starts_with(path_start) || !path.ends_with(path_end))
    return {};
  const auto id = path.substr(path_start.size(), path.size() - path_start.size() - path_end.size());
  const auto header = request.headers.get("Authorization");
  const auto key = header ? bearer(*header) : std::nullopt;
  if (!key || !service.memory.is_current()) return {};
  const auto caller = service.memory.keys.recall(*key);
  if (!caller || !caller->may(Scope::tokens)) return {};
  const auto kept = service.memory.tokens.find(id);
  const auto validity = validity_asked_for(request);
  const bool odd = !request.query.empty() && (!request.query.starts_with("min_validity_s=") ||
                                              request.query.find('&') != std::string::npos);
  if (!kept || !validity || odd) return {};
  const auto now = service.driver.now();
  if (now >= kept->good_until || now + *validity > kept->expires) return {};
  const auto allowance = caller->spend(std::chrono::steady_clock::now());
  if (allowance && allowance->spent) return too_often(*allowance, caller->key().id, now);
  auto response = answer(kept->body);
  if (allowance) say_allowance(response, *allowance);
  return response;
}

void add_token_api(Router& router, Service& service) {
  constexpr const char* path = "/v1/connections/{connection}/token";
  router.add("GET", path, with_key(service, Scope::tokens, get_token));
  router.add("POST", path, with_key(service, Scope::tokens, renew_token));
}

}  // namespace rekey::server
