#include "native/work/health.hpp"

#include <algorithm>

#include "core/connect/ending.hpp"
#include "native/store/access.hpp"
#include "native/words/words.hpp"
#include "native/work/dice.hpp"

namespace rekey::work {

namespace {

/// The advice for a hindrance, which does not end a grant.
std::string what_to_do(connect::Hindrance reason) {
  using connect::Hindrance;
  switch (reason) {
    case Hindrance::misconfigured:
    case Hindrance::ending_stopped:
    case Hindrance::rights_lost:
    case Hindrance::company_lapsed:
      return words::say("health." + std::string(wire::name_of(reason)));
    case Hindrance::unavailable:
    case Hindrance::unreadable:
    case Hindrance::access_refused:
      break;
  }
  return words::say("health.wait");
}

// After that, people know of what was given up, or will not do anything about it.
constexpr Millis given_up_is_named = std::chrono::hours{24 * 30};

Health broken(const connect::Broken& phase) {
  Health out;
  out.standing = Standing::broken;
  out.reason = wire::name_of(phase.reason);
  out.since = phase.since;
  out.what_to_do = words::say("health.reconnect");
  return out;
}

/// It works, and ends then.
Health ending(connect::Ended reason, Instant since, Instant until) {
  return {Standing::at_risk,
          true,
          std::string(wire::name_of(reason)),
          since,
          until,
          {},
          words::say("health.reconnect")};
}

Health hindered(connect::Hindrance reason, Instant since, Instant until, Instant retry_at,
                bool usable) {
  return {Standing::at_risk, usable, std::string(wire::name_of(reason)), since, until, retry_at,
          what_to_do(reason)};
}

/// What the refresh machine has against a grant; none: nothing.
std::optional<Health> health_of_grant(const refresh::State& grant, Instant now) {
  const bool lives = now < grant.access_expires;
  if (const auto* dying = refresh::standing<refresh::Dying>(grant.phase)) {
    auto out = ending(dying->reason, dying->since, dying->ends);
    out.usable = lives;
    out.retry_at = dying->ends;
    return out;
  }
  if (const auto* held = refresh::standing<refresh::HeldBack>(grant.phase))
    return hindered(refresh::hindrance_of(held->meaning), held->since, grant.access_expires,
                    held->retry_at, lives);
  if (grant.barred)
    return hindered(refresh::hindrance_of(grant.barred->meaning), grant.barred->since,
                    grant.access_expires, grant.barred->look_at, false);
  return {};
}

Health health_of_live(store::Database& db, const std::string& id, const connect::Linked& live,
                      Instant now) {
  using connect::Ended;
  const auto row = store::refresh_row(db, {id, live.version});
  if (row)
    if (auto known = health_of_grant(row->state, now)) return std::move(*known);
  const Millis before = refresh::policy::first_warning, near = refresh::policy::rolling_end_near;
  if (live.hard_expires && now >= *live.hard_expires - before)
    return ending(Ended::expired, *live.hard_expires - before, *live.hard_expires);
  if (live.refresh_expires && now >= *live.refresh_expires - near)
    return ending(Ended::expired, *live.refresh_expires - near, *live.refresh_expires);
  Health good;
  good.standing = Standing::linked;
  good.usable = true;
  return good;
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
    out.push_back(
        {each.version, connect::name_of(each.company), each.since, given_up,
         words::say(given_up ? "health.revocation_given_up" : "health.revocation_pending")});
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
    out.what_to_do = words::say("health.legacy");
    return out;
  }
  const auto* phase = connect::broken(state);
  return phase ? broken(*phase) : none(whole, now);
}

namespace {

/// As health calls it, where that has a word for it.
std::string reason_of(oauth::Meaning meaning) {
  if (meaning == oauth::Meaning::stale_token)
    return std::string(wire::name_of(refresh::hindrance_of(meaning)));
  return std::string(wire::name_of(meaning));
}

}  // namespace

async::Task<std::optional<Probe>> probe(Driver& driver, const ProviderClients& clients,
                                        std::string id) {
  const auto connection = driver.read(id);
  const auto* live = connect::live_grant(connection.state.connect);
  if (!live) co_return std::nullopt;
  {
    auto db = driver.databases().borrow();
    if (!clients.is_client(store::client_of(*db, {id, live->version})))
      co_return Probe{false, reason_of(oauth::Meaning::misconfigured), {}};
  }
  Tokens tokens(driver, clients);
  const Owner owner{connection.tenant, id};
  const auto read = [&](const AccessToken& token) {
    return clients.accounting->company(token.realm_id, token.value);
  };
  const auto company = co_await tokens.read_with_token(owner, live->version, read);
  if (!company)
    co_return Probe{false, reason_of(company.error().meaning), {}, company.error().retry_after};
  co_return Probe{true, {}, *company};
}

}  // namespace rekey::work
