#include "native/work/tokens.hpp"

#include <algorithm>

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/store/access.hpp"
#include "native/vault/random.hpp"
#include "native/work/ahead.hpp"
#include "native/work/backoff.hpp"
#include "native/work/process_name.hpp"
#include "native/work/tokens_parts.hpp"

namespace rekey::work {

namespace {

using async::Steady;

// More life than a token was given, by more than this, means that the clock was set back.
constexpr Millis clock_slack = std::chrono::minutes{1};
// What a provider asks us to wait is believed up to here.
constexpr Millis longest_wait = std::chrono::minutes{10};

// A provider's trouble is told when it lasts longer: most restarts and deployments are over by
// then, and access tokens that were renewed in time are good for longer than this.
constexpr Millis trouble_told_after = std::chrono::minutes{10};

constexpr const char* fault_refused = "refused";
constexpr const char* fault_reply_lost = "reply_lost";
constexpr const char* fault_no_refresh_token = "no_refresh_token";

/// While another caller renews it, a token is good enough for this much longer.
Millis meanwhile(const store::Grant& grant) {
  return std::min<Millis>(std::chrono::minutes{1}, grant.access_life / 8);
}

bool is_final(const std::string& fault) {
  return fault == fault_refused || fault == fault_reply_lost;
}

/// A grant may be used when it is the live one, or the one that is being proved.
bool may_be_used(const State& state, std::int64_t version) {
  if (const auto* live = connect::live_grant(state.connect); live && live->version == version)
    return true;
  const auto* proving = std::get_if<connect::Proving>(&state.connect.phase);
  return proving && proving->version == version;
}

}  // namespace

std::optional<Tokens::Read> Tokens::read(const Owner& owner, std::int64_t version) {
  auto db = driver_.databases().borrow();
  const auto connection = store::find_connection(*db, owner.connection);
  if (!connection || !may_be_used(connection->state, version)) return {};
  auto grant = store::grant(*db, owner.connection, version);
  if (!grant) return {};
  const auto get = [&](const char* field) {
    return driver_.safe().get(*db, owner, field, version).value_or(Secret());
  };
  Read out{std::move(*grant), get(sealed_field::access_token), get(sealed_field::refresh_token),
           get(sealed_field::previous_refresh_token)};
  if (out.access.empty()) return {};
  return out;
}

namespace {

AccessToken token_of(const Secret& access, const store::Grant& grant) {
  return {access, grant.access_expires, grant.realm_id, grant.revision};
}

}  // namespace

bool Tokens::is_good(const Read& current, std::optional<std::int64_t> rejected,
                     Millis good_for) const {
  const auto& grant = current.grant;
  if (rejected && grant.revision <= *rejected) return false;
  const auto left = grant.access_expires - driver_.now();
  // More than it ever had to live: the clock was set back, and its end is not where it seems.
  if (left > grant.access_life + clock_slack) return false;
  // Some providers' tokens never live as long as is asked for: half of their life is enough then.
  return left > std::min(good_for, grant.access_life / 2);
}

async::Task<Fresh> Tokens::fresh(Owner owner, std::int64_t version,
                                 std::optional<std::int64_t> rejected, Millis good_for,
                                 Until until) {
  auto& share = *outside_.refreshing;
  const auto key = owner.connection + "/" + std::to_string(version);
  share.mark_used({owner.connection, version});
  for (;;) {
    auto current = read(owner, version);
    if (!current) co_return tl::unexpected(NoToken::gone);
    if (is_good(*current, rejected, good_for)) co_return token_of(current->access, current->grant);
    const bool spent = rejected && current->grant.revision <= *rejected;
    if (!spent && driver_.now() + meanwhile(current->grant) < current->grant.access_expires &&
        share.flights.is_flying(key))
      co_return token_of(current->access, current->grant);
    const auto joined = share.flights.join(*outside_.pool, key, [&] {
      return fly(*this, owner, version, std::move(*current), rejected);
    });
    std::optional<Fresh> result;
    try {
      result = co_await joined.first->wait(until);
    } catch (const store::DatabaseError&) {
      // What is good is handed out, though nothing can be written down.
      auto left = still_valid(owner, version, rejected);
      if (!left) throw;
      co_return std::move(*left);
    }
    if (!result) {
      auto left = still_valid(owner, version, rejected);
      if (!left) co_return tl::unexpected(NoToken::later);
      co_return std::move(*left);
    }
    // The flight was begun for a caller who did not know that this token is refused.
    const bool ours = joined.second;
    if (!ours && *result && rejected && (*result)->revision <= *rejected) continue;
    co_return std::move(*result);
  }
}

std::optional<AccessToken> Tokens::still_valid(const Owner& owner, std::int64_t version,
                                               std::optional<std::int64_t> rejected) {
  const auto current = read(owner, version);
  if (!current || (rejected && current->grant.revision <= *rejected) ||
      driver_.now() >= current->grant.access_expires)
    return {};
  return token_of(current->access, current->grant);
}

async::Task<Fresh> Tokens::renew_if_due(Owner owner, std::int64_t version) {
  auto current = read(owner, version);
  if (!current) co_return tl::unexpected(NoToken::gone);
  {
    // Asked after the token was read: who renews it from here on is found by its revision.
    auto db = driver_.databases().borrow();
    if (!store::is_refresh_due(*db, {owner.connection, version}, driver_.now()))
      co_return token_of(current->access, current->grant);
  }
  const auto joined = outside_.refreshing->flights.join(
      *outside_.pool, owner.connection + "/" + std::to_string(version),
      [&] { return fly(*this, owner, version, std::move(*current), {}); });
  auto result = co_await joined.first->wait();
  co_return std::move(*result);
}

async::Task<Fresh> Tokens::fly(Tokens self, Owner owner, std::int64_t version, Read current,
                               std::optional<std::int64_t> rejected) {
  try {
    Fresh result = co_await self.renew(owner, version, current, rejected);
    co_return result;
  } catch (const std::out_of_range&) {
    // The connection was deleted while the provider was asked.
    co_return tl::unexpected(NoToken::gone);
  }
}

// The only way to the provider's token endpoint with a refresh token.
async::Task<Fresh> Tokens::renew(const Owner& owner, std::int64_t version, Read& current,
                                 std::optional<std::int64_t> rejected) {
  const auto times = outside_.refreshing->times;
  const auto me = outside_.owner + "/" + vault::random_token(6);
  auto patience = times.patience;
  std::string holder, stood_still;
  auto seen_at = Steady::now();
  for (;;) {
    const bool spent = rejected && current.grant.revision <= *rejected;
    const bool usable =
        !spent && driver_.now() + meanwhile(current.grant) < current.grant.access_expires;
    store::Turn turn;
    bool unwritable = false;
    try {
      auto db = driver_.databases().borrow();
      turn = store::begin_refresh(*db, owner.connection, version, current.grant.revision, me,
                                  stood_still, driver_.now());
    } catch (const store::DatabaseError& error) {
      // Nothing is spent while nothing can be written down; what is still good is served meanwhile.
      if (!error.is_about_writing() || spent || driver_.now() >= current.grant.access_expires)
        throw;
      unwritable = true;
    }
    if (unwritable) co_return token_of(current.access, current.grant);
    if (turn.is == store::Turn::Is::gone) co_return tl::unexpected(NoToken::gone);
    if (turn.is == store::Turn::Is::renewed) {
      auto newer = read(owner, version);
      if (!newer) co_return tl::unexpected(NoToken::gone);
      current = std::move(*newer);
      if (!rejected || current.grant.revision > *rejected)
        co_return token_of(current.access, current.grant);
    } else if (turn.is == store::Turn::Is::busy) {
      if (usable) co_return token_of(current.access, current.grant);
      if (turn.holder != holder) {
        holder = turn.holder;
        seen_at = Steady::now();
      }
      if (Steady::now() - seen_at >= times.lease || has_died(holder))
        stood_still = holder;
      else
        co_await outside_.pool->sleep(times.look_every);
    } else if (turn.is == store::Turn::Is::held_back) {
      const auto wait = turn.retry_at - driver_.now();
      if (usable || is_final(turn.fault) || wait > patience)
        co_return best_left(owner, version, current, rejected, turn);
      patience -= std::max(wait, Millis{1});
      co_await outside_.pool->sleep(wait);
    } else {
      const auto failed = co_await use_turn(owner, version, current, me, turn.unsettled, spent);
      if (failed == NoToken::ended || failed == NoToken::gone) co_return tl::unexpected(*failed);
      // Whatever else came of it is in the store now, and found by asking for another turn: new
      // tokens, or a wait.
    }
  }
}

async::Task<std::optional<NoToken>> Tokens::use_turn(const Owner& owner, std::int64_t version,
                                                     Read& current, std::string me, bool unsettled,
                                                     bool spent) {
  auto& share = *outside_.refreshing;
  TurnKeeper::Turn taken{&driver_.databases(), {owner.connection, version}, std::move(me)};
  HeldTurn held(share.turns, std::move(taken), share.times.show_life_every);
  // While the turn is held, only its holder changes it; before, another process may have.
  auto latest = read(owner, version);
  if (!latest) co_return NoToken::gone;
  current = std::move(*latest);
  const Spending spending{owner, version, current, unsettled, spent};
  const auto failed = co_await refresh(spending, held);
  co_return failed;
}

// There is no new token now: what is still valid is served to its end.
Fresh Tokens::best_left(const Owner& owner, std::int64_t version, const Read& current,
                        std::optional<std::int64_t> rejected, const store::Turn& turn) {
  const bool spent = rejected && current.grant.revision <= *rejected;
  if (!spent && driver_.now() < current.grant.access_expires)
    return token_of(current.access, current.grant);
  if (!is_final(turn.fault))
    return tl::unexpected(turn.fault == wire::name_of(oauth::TokenFault::misconfigured)
                              ? NoToken::ours
                              : NoToken::later);
  // Neither renewed nor accepted any more.
  const auto reason =
      turn.fault == fault_reply_lost ? connect::Ended::reply_lost : connect::Ended::refused;
  (void)driver_.take(owner.connection, wire::by_provider(), connect::GrantEnded{version, reason});
  return tl::unexpected(NoToken::ended);
}

namespace {

void count_refresh(const intuit::TokenAnswer& answer) {
  metrics::refreshed(answer ? "renewed" : wire::name_of(answer.error().fault));
}

}  // namespace

async::Task<std::optional<NoToken>> Tokens::refresh(const Spending& spending, HeldTurn& turn) {
  const auto& current = spending.current;
  if (current.refresh.empty()) co_return without_refresh_token(spending, turn);
  const auto answer = co_await outside_.tokens->refresh(current.refresh);
  count_refresh(answer);
  if (answer) {
    const auto failed = co_await store(spending, *answer, turn);
    co_return failed;
  }
  if (answer.error().fault != oauth::TokenFault::invalid_grant)
    co_return trouble(spending, answer.error(), turn);
  log::warning("grant.refresh_refused",
               {{"connection", spending.owner.connection}, {"trace", answer.error().debug}});
  const auto failed = co_await after_refusal(spending, turn);
  co_return failed;
}

async::Task<std::optional<NoToken>> Tokens::after_refusal(const Spending& spending,
                                                          HeldTurn& turn) {
  // A process that was taken for dead may have stored its answer after all.
  const auto latest = read(spending.owner, spending.version);
  if (!latest) co_return NoToken::gone;
  if (latest->grant.revision != spending.current.grant.revision) co_return std::nullopt;
  if (spending.current.previous.empty()) co_return refused(spending, turn);
  // The provider may not know of the newer token: its side of the last renewal was lost.
  const auto again = co_await outside_.tokens->refresh(spending.current.previous);
  count_refresh(again);
  if (again) {
    const auto failed = co_await store(spending, *again, turn);
    co_return failed;
  }
  if (again.error().fault != oauth::TokenFault::invalid_grant)
    co_return trouble(spending, again.error(), turn);
  co_return refused(spending, turn);
}

// The core takes it once for a trouble, and only of the live grant.
void Tokens::tell_of_trouble(const std::string& connection, std::int64_t version,
                             oauth::TokenFault fault, Instant since) {
  const bool ours = fault == oauth::TokenFault::misconfigured;
  if (!ours && driver_.now() - since < trouble_told_after) return;
  const auto reason = ours                                     ? connect::Hindrance::misconfigured
                      : fault == oauth::TokenFault::unreadable ? connect::Hindrance::unreadable
                                                               : connect::Hindrance::unavailable;
  (void)driver_.take(connection, wire::by_provider(),
                     connect::GrantInTrouble{version, reason, since});
}

NoToken Tokens::trouble(const Spending& spending, const intuit::TokenFailure& failure,
                        HeldTurn& turn) {
  const auto fault = std::string(wire::name_of(failure.fault));
  log::warning(
      "grant.refresh_failed",
      {{"connection", spending.owner.connection}, {"fault", fault}, {"trace", failure.debug}});
  auto db = driver_.databases().borrow();
  const auto before = store::refreshing(*db, spending.owner.connection, spending.version);
  const auto failures =
      before ? static_cast<int>(std::min<std::int64_t>(before->failures, 100)) : 0;
  const auto step = backoff(failures);
  const auto wait = std::max(step + jitter(step / 4),
                             std::min(failure.retry_after.value_or(Millis{0}), longest_wait));
  const auto now = driver_.now();
  store::end_refresh(*db, spending.owner.connection, spending.version, turn.owner(),
                     {fault, !spending.unsettled && !failure.maybe_done, now + wait}, now);
  turn.ended();
  tell_of_trouble(spending.owner.connection, spending.version, failure.fault,
                  before && before->since ? *before->since : now);
  return failure.fault == oauth::TokenFault::misconfigured ? NoToken::ours : NoToken::later;
}

// The refresh token is dead. While the access token lives, callers are served, the customer is
// asked, and one more try is made at its end; then it is over.
NoToken Tokens::refused(const Spending& spending, HeldTurn& turn) {
  const auto reason = spending.unsettled ? connect::Ended::reply_lost : connect::Ended::refused;
  const auto& connection = spending.owner.connection;
  const auto now = driver_.now();
  const auto ends = spending.current.grant.access_expires;
  if (spending.rejected || now >= ends) {
    turn.ended();
    {
      auto db = driver_.databases().borrow();
      store::give_up_turn(*db, connection, spending.version, turn.owner());
    }
    (void)driver_.take(connection, wire::by_provider(),
                       connect::GrantEnded{spending.version, reason});
    return NoToken::ended;
  }
  bool told = false;
  {
    auto db = driver_.databases().borrow();
    const auto before = store::refreshing(*db, connection, spending.version);
    told = before && is_final(before->fault);
    store::end_refresh(*db, connection, spending.version, turn.owner(),
                       {std::string(wire::name_of(reason)), !spending.unsettled, ends}, now);
    turn.ended();
  }
  if (!told)
    (void)driver_.take(connection, wire::by_provider(),
                       connect::GrantAtRisk{spending.version, reason, ends});
  return NoToken::later;
}

// The provider gave none: the grant lives as long as its access token.
NoToken Tokens::without_refresh_token(const Spending& spending, HeldTurn& turn) {
  const auto ends = spending.current.grant.access_expires;
  const auto now = driver_.now();
  if (spending.rejected || now >= ends) {
    (void)driver_.take(spending.owner.connection, wire::by_provider(),
                       connect::GrantEnded{spending.version, connect::Ended::expired});
    return NoToken::ended;
  }
  auto db = driver_.databases().borrow();
  store::end_refresh(*db, spending.owner.connection, spending.version, turn.owner(),
                     {fault_no_refresh_token, true, ends}, now);
  turn.ended();
  return NoToken::later;
}

}  // namespace rekey::work
