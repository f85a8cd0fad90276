#include "native/work/health.hpp"

#include <algorithm>

#include "native/store/access.hpp"
#include "native/work/ahead.hpp"

namespace rekey::work {

namespace {

constexpr const char* ask_to_reconnect =
    "Ask the customer to press Connect and sign in; everything that was configured is kept.";

// Nearer than this, the end of a refresh token that should have been put off long ago is a risk.
constexpr Millis rolling_end_near = std::chrono::hours{24 * 14};

std::string what_to_do(const std::string& fault) {
  if (fault == wire::name_of(oauth::TokenFault::misconfigured))
    return "Correct the client id and client secret: the provider refuses ours. The customer can "
           "do "
           "nothing about it.";
  if (fault == wire::name_of(oauth::TokenFault::unavailable) ||
      fault == wire::name_of(oauth::TokenFault::unreadable))
    return "Wait: the provider is in trouble, and is asked again by itself.";
  return ask_to_reconnect;
}

Health broken(const connect::Broken& phase) {
  return {Standing::broken, std::string(wire::name_of(phase.reason)), phase.since, {}, {},
          ask_to_reconnect};
}

Health at_risk(const std::string& reason, std::optional<Instant> since, Instant until,
               std::optional<Instant> retry_at = {}) {
  return {Standing::at_risk, reason, since, until, retry_at, what_to_do(reason)};
}

Health health_of_live(store::Database& db, const std::string& id, const connect::Linked& live,
                      Instant now) {
  const auto known = store::refreshing(db, id, live.version);
  if (known && !known->fault.empty())
    return at_risk(known->fault, known->since, live.access_expires, known->retry_at);
  const std::string expired(wire::name_of(connect::Ended::expired));
  if (live.hard_expires && now >= *live.hard_expires - warnings[0])
    return at_risk(expired, *live.hard_expires - warnings[0], *live.hard_expires);
  if (live.refresh_expires && now >= *live.refresh_expires - rolling_end_near)
    return at_risk(expired, *live.refresh_expires - rolling_end_near, *live.refresh_expires);
  Health good;
  good.standing = Standing::linked;
  return good;
}

}  // namespace

Health health_of(store::Database& db, const store::StoredConnection& connection, Instant now) {
  const auto& state = connection.state.connect;
  if (const auto* live = connect::live_grant(state))
    return health_of_live(db, connection.id, *live, now);
  if (const auto* legacy = connect::live_legacy(state)) {
    Health out;
    out.standing = Standing::legacy;
    out.until = legacy->expires;
    out.what_to_do = "Ask the customer to upgrade: the OAuth 1.0a connection has no future.";
    return out;
  }
  if (const auto* phase = std::get_if<connect::Broken>(&state.phase)) return broken(*phase);
  // A sign-in that began from a broken connection: it is still broken.
  const auto* from = std::visit(
      [](const auto& phase) -> const connect::Broken* {
        if constexpr (connect::UnderWay<std::decay_t<decltype(phase)>>)
          return std::get_if<connect::Broken>(&phase.from);
        return nullptr;
      },
      state.phase);
  return from ? broken(*from) : Health{};
}

async::Task<std::optional<Probe>> probe(Driver& driver, const Outside& outside, std::string id) {
  const auto connection = driver.read(id);
  const auto* live = connect::live_grant(connection.state.connect);
  if (!live) co_return std::nullopt;
  Tokens tokens(driver, outside);
  const Owner owner{connection.tenant, id};
  const auto read = [&](const AccessToken& token) {
    return outside.accounting->company(token.realm_id, token.value);
  };
  const auto company = co_await tokens.read_with_token(owner, live->version, read);
  if (!company) co_return Probe{false, std::string(wire::name_of(company.error().fault)), {}};
  co_return Probe{true, {}, *company};
}

}  // namespace rekey::work
