#include "native/work/health.hpp"

#include <algorithm>

#include "core/connect/ending.hpp"
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
           "do nothing about it.";
  if (fault == wire::name_of(oauth::TokenFault::unavailable) ||
      fault == wire::name_of(oauth::TokenFault::unreadable))
    return "Wait: the provider is in trouble, and is asked again by itself.";
  return ask_to_reconnect;
}

// After that, people know of what was given up, or will not do anything about it.
constexpr Millis given_up_is_named = std::chrono::hours{24 * 30};

Health broken(const connect::Broken& phase) {
  Health out;
  out.standing = Standing::broken;
  out.reason = wire::name_of(phase.reason);
  out.since = phase.since;
  out.what_to_do = ask_to_reconnect;
  return out;
}

Health at_risk(const std::string& reason, std::optional<Instant> since, Instant until,
               std::optional<Instant> retry_at = {}) {
  return {Standing::at_risk, true, reason, since, until, retry_at, what_to_do(reason)};
}

Health health_of_live(store::Database& db, const std::string& id, const connect::Linked& live,
                      Instant now) {
  const auto known = store::refreshing(db, id, live.version);
  if (known && !known->fault.empty()) {
    auto out = at_risk(known->fault, known->since, live.access_expires, known->retry_at);
    out.usable = now < live.access_expires;
    return out;
  }
  const std::string expired(wire::name_of(connect::Ended::expired));
  if (live.hard_expires && now >= *live.hard_expires - warnings[0])
    return at_risk(expired, *live.hard_expires - warnings[0], *live.hard_expires);
  if (live.refresh_expires && now >= *live.refresh_expires - rolling_end_near)
    return at_risk(expired, *live.refresh_expires - rolling_end_near, *live.refresh_expires);
  Health good;
  good.standing = Standing::linked;
  good.usable = true;
  return good;
}

/// The broken phase a state is in, or that its sign-in began from: it is broken until that ends.
const connect::Broken* broken_of(const connect::State& state) {
  return std::visit(
      [](const auto& phase) -> const connect::Broken* {
        using P = std::decay_t<decltype(phase)>;
        if constexpr (std::is_same_v<P, connect::Broken>) return &phase;
        if constexpr (connect::UnderWay<P>) return std::get_if<connect::Broken>(&phase.from);
        return nullptr;
      },
      state.phase);
}

}  // namespace

State as_of(State state, Instant now) {
  // Each step ends what was due; a state never has more than a few deadlines.
  for (int steps = 0; steps < 4; ++steps) {
    const auto next = due(state);
    if (!next || *next > now) break;
    auto taken = step(state, TimeReached{}, now);
    if (taken.refused) break;
    state = std::move(taken.next);
  }
  return state;
}

std::string why_no_grant(const State& state) {
  const auto& phase = state.connect.phase;
  if (const auto* ended = std::get_if<connect::Broken>(&phase))
    return std::string(wire::name_of(ended->reason));
  if (connect::live_legacy(state.connect)) return "legacy";
  if (std::holds_alternative<connect::Confirming>(phase)) return "unconfirmed";
  if (std::holds_alternative<connect::Disconnecting>(phase)) return "disconnecting";
  const bool signing_in = std::visit(
      [](const auto& each) { return connect::UnderWay<std::decay_t<decltype(each)>>; }, phase);
  return signing_in ? "sign_in_under_way" : "not_connected";
}

std::vector<Unended> unended_of(const State& state, Instant now) {
  std::vector<Unended> out;
  for (const auto& each : state.connect.revocations) {
    if (each.tell_at || (each.given_up && now >= *each.given_up + given_up_is_named)) continue;
    const bool given_up = each.given_up.has_value();
    out.push_back({each.version, connect::name_of(each.company), each.since, given_up,
                   given_up
                       ? "Have the customer remove this app inside QuickBooks, under Apps: the "
                         "provider never confirmed that the access ended, and is not told any "
                         "more."
                       : "Wait: the provider has not confirmed yet that the access ended, and "
                         "is told again for a day."});
  }
  return out;
}

namespace {

/// Nothing is connected; what is still open of the connection there was is said.
Health none(const State& state, Instant now) {
  Health out;
  const auto open = unended_of(state, now);
  if (open.empty()) return out;
  const auto& newest = open.back();
  out.reason =
      wire::name_of(newest.given_up ? Note::revocation_given_up : Note::revocation_pending);
  out.since = newest.since;
  out.what_to_do = newest.what_to_do;
  return out;
}

}  // namespace

Health health_of(store::Database& db, const store::StoredConnection& connection, Instant now) {
  const auto whole = as_of(connection.state, now);
  const auto& state = whole.connect;
  if (const auto* live = connect::live_grant(state))
    return health_of_live(db, connection.id, *live, now);
  if (const auto* legacy = connect::live_legacy(state)) {
    Health out;
    out.standing = Standing::legacy;
    out.usable = true;
    out.until = legacy->expires;
    out.what_to_do = "Ask the customer to upgrade: the OAuth 1.0a connection has no future.";
    return out;
  }
  const auto* phase = broken_of(state);
  return phase ? broken(*phase) : none(whole, now);
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
