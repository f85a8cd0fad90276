#include "native/work/tokens.hpp"

#include "native/log.hpp"
#include "native/metrics/metrics.hpp"
#include "native/store/access.hpp"
#include "native/vault/random.hpp"
#include "native/work/dice.hpp"
#include "native/work/process_name.hpp"

namespace rekey::work {

namespace {

using async::Steady;
using refresh::Meaning;

/// A grant may be used when it is the live one, or the one that is being proved.
bool may_be_used(const State& state, std::int64_t version) {
  if (const auto* live = connect::live_grant(state.connect); live && live->version == version)
    return true;
  const auto* proving = std::get_if<connect::Proving>(&state.connect.phase);
  return proving && proving->version == version;
}

}  // namespace

std::optional<AccessToken> Tokens::token_of(const Wish& wish) {
  auto db = driver_.databases().borrow();
  const auto connection = store::find_connection(*db, wish.owner.connection);
  if (!connection || !may_be_used(connection->state, wish.grant.version)) return {};
  const auto grant = store::grant(*db, wish.grant.connection, wish.grant.version);
  const auto row = store::refresh_row(*db, wish.grant);
  if (!grant || !row || !has_tokens(*db, wish)) return {};
  // One that was moved in without an access token has one that ran out long ago.
  auto access =
      driver_.secrets().get(*db, wish.owner, sealed_field::access_token, wish.grant.version);
  return AccessToken{access.value_or(Secret()), row->state.access_expires, grant->realm_id,
                     row->state.revision, row->state.barred.has_value()};
}

bool Tokens::has_tokens(store::Database& db, const Wish& wish) const {
  const auto has = [&](const char* field) {
    const auto secret = driver_.secrets().get(db, wish.owner, field, wish.grant.version);
    return secret && !secret->empty();
  };
  return has(sealed_field::access_token) || has(sealed_field::refresh_token);
}

std::optional<AccessToken> Tokens::still_valid(const Wish& wish) {
  auto token = token_of(wish);
  if (!token || (wish.rejected && token->revision <= *wish.rejected) ||
      driver_.now() >= token->expires)
    return {};
  return token;
}

bool Tokens::serves(const Wish& wish, bool renewing_here, std::int64_t& revision) {
  auto db = driver_.databases().borrow();
  const auto row = store::refresh_row(*db, wish.grant);
  if (!row) return true;
  revision = row->state.revision;
  refresh::Asked asked;
  asked.good_for = wish.good_for;
  asked.rejected = wish.rejected;
  asked.seen = wish.seen;
  asked.renewing_here = renewing_here;
  asked.client_known = keeper_.knows_client(*row);
  const auto taken = refresh::step(row->state, asked, driver_.now());
  return std::holds_alternative<refresh::Serve>(taken.actions.front());
}

async::Task<Fresh> Tokens::fresh(Owner owner, std::int64_t version,
                                 std::optional<std::int64_t> rejected, Millis good_for,
                                 Until until) {
  auto& share = *clients_.refreshing;
  Wish wish{owner, {owner.connection, version}, rejected, good_for};
  const auto key = owner.connection + "/" + std::to_string(version);
  share.mark_used(wish.grant);
  for (;;) {
    auto current = token_of(wish);
    if (!current) co_return tl::unexpected(NoToken::gone);
    std::int64_t revision = 0;
    if (serves(wish, share.flights.is_flying(key), revision)) {
      // Renewed between the two looks: read anew.
      if (revision == current->revision) co_return std::move(*current);
      continue;
    }
    if (!wish.seen) wish.seen = current->revision;
    const auto joined = share.flights.join(*clients_.pool, key, [&] { return fly(*this, wish); });
    std::optional<Fresh> result;
    try {
      result = co_await joined.first->wait(until);
    } catch (const store::DatabaseError&) {
      // What is good is handed out, though nothing can be written down.
      auto left = still_valid(wish);
      if (!left) throw;
      co_return std::move(*left);
    }
    if (!result) {
      auto left = still_valid(wish);
      if (!left) co_return tl::unexpected(NoToken::later);
      co_return std::move(*left);
    }
    // The flight was begun for another caller, who wanted less, or because the time had come.
    const bool ours = joined.second;
    if (!ours && *result && (*result)->revision <= *wish.seen) continue;
    co_return std::move(*result);
  }
}

async::Task<Fresh> Tokens::renew_if_due(Owner owner, std::int64_t version) {
  auto& share = *clients_.refreshing;
  Wish wish{owner, {owner.connection, version}};
  wish.due = true;
  if (!token_of(wish)) co_return tl::unexpected(NoToken::gone);
  const auto joined =
      share.flights.join(*clients_.pool, owner.connection + "/" + std::to_string(version),
                         [&] { return fly(*this, wish); });
  auto result = co_await joined.first->wait();
  if (!result) co_return tl::unexpected(NoToken::later);
  co_return std::move(*result);
}

async::Task<Fresh> Tokens::fly(Tokens self, Wish wish) {
  try {
    auto renewed = co_await self.renew(wish);
    co_return std::move(renewed);
  } catch (const NotFound&) {
    // The connection was deleted while the provider was asked.
    co_return tl::unexpected(NoToken::gone);
  }
}

/// Another process's turn that is being watched: dead when it stands still.
struct Tokens::Watching {
  std::string me;
  Millis patience{0};
  std::string holder, dead;
  bool lives = false;
  Steady::time_point since = Steady::now();
};

RefreshMove Tokens::ask(const Wish& wish, const Watching& watching) {
  return keeper_.move(
      wish.grant, [&](store::Database&, const store::RefreshRow& row) -> refresh::Event {
        const bool known = keeper_.knows_client(row);
        if (wish.due)
          return refresh::DueReached{watching.me, known, watching.dead, watching.lives,
                                     roll_dice()};
        return refresh::Asked{watching.me, wish.good_for,     wish.rejected, wish.seen,  false,
                              known,       watching.patience, watching.dead, roll_dice()};
      });
}

Fresh Tokens::answer_of(const Wish& wish, const RefreshMove& moved) {
  if (moved.gone) return tl::unexpected(NoToken::gone);
  if (moved.find<refresh::Over>()) return tl::unexpected(NoToken::ended);
  if (const auto* later = moved.find<refresh::Later>())
    return tl::unexpected(
        NoToken{later->meaning == Meaning::misconfigured ? NoToken::misconfigured : NoToken::later,
                later->until});
  auto token = token_of(wish);
  if (!token) return tl::unexpected(NoToken::gone);
  return std::move(*token);
}

// The only way to the provider's token endpoint with a refresh token.
async::Task<Fresh> Tokens::renew(const Wish& wish) {
  const auto times = clients_.refreshing->times;
  Watching watching;
  watching.me = clients_.owner + "/" + vault::random_token(6);
  watching.patience = times.patience;
  for (;;) {
    RefreshMove moved;
    std::optional<AccessToken> unwritten;
    try {
      moved = ask(wish, watching);
    } catch (const store::DatabaseError& error) {
      // Nothing is spent while nothing can be written down; what is still good is served meanwhile.
      if (!error.is_about_writing()) throw;
      unwritten = still_valid(wish);
      if (!unwritten) throw;
    }
    if (unwritten) co_return std::move(*unwritten);
    if (moved.find<refresh::Spend>()) {
      const bool sent = co_await use_turn(wish, watching.me);
      // What came of it is in the store now, and found by asking again.
      if (wish.due || !sent) co_return answer_of(wish, {});
    } else if (const auto* watch = moved.find<refresh::Watch>()) {
      if (watch->holder != watching.holder) {
        watching.lives = wish.due && !watching.holder.empty();
        watching.holder = watch->holder;
        watching.since = Steady::now();
      }
      if (Steady::now() - watching.since >= times.lease || has_died(watching.holder))
        watching.dead = watching.holder;
      else
        co_await clients_.pool->sleep(times.look_every);
    } else if (const auto* wait = moved.find<refresh::Wait>()) {
      const auto span = std::max(wait->until - driver_.now(), Millis{1});
      watching.patience -= span;
      co_await clients_.pool->sleep(span);
    } else {
      co_return answer_of(wish, moved);
    }
  }
}

async::Task<bool> Tokens::use_turn(const Wish& wish, std::string me) {
  auto& share = *clients_.refreshing;
  TurnKeeper::Turn taken{&driver_.databases(), wish.grant, std::move(me)};
  HeldTurn held(keeper_, share.turns, std::move(taken), share.times.show_life_every);
  const bool sent = co_await spend(wish, held);
  co_return sent;
}

Secret Tokens::secret_of(const Wish& wish, const char* field) {
  auto db = driver_.databases().borrow();
  return driver_.secrets().get(*db, wish.owner, field, wish.grant.version).value_or(Secret());
}

namespace {

/// Whether the end that the provider had stated for a live grant has passed.
bool has_run_out(store::Database& db, const store::GrantKey& grant, Instant now) {
  const auto connection = store::find_connection(db, grant.connection);
  const auto* live = connection ? connect::live_grant(connection->state.connect) : nullptr;
  if (!live || live->version != grant.version) return false;
  const auto end = connect::stated_end(*live);
  return end && *end <= now;
}

}  // namespace

RefreshMove Tokens::not_renewed(const Wish& wish, const HeldTurn& turn,
                                const oauth::Failure& failure, bool of_previous) {
  return keeper_.move(wish.grant, [&](store::Database& db, const store::RefreshRow&) {
    refresh::NotRenewed out;
    out.me = turn.owner();
    out.meaning = failure.meaning;
    out.maybe_done = failure.maybe_done;
    out.of_previous = of_previous;
    out.rejected = wish.rejected;
    out.retry_after = failure.retry_after;
    if (failure.meaning == Meaning::grant_ended) {
      out.may_end = keeper_.may_end(db, wish.grant);
      out.run_out = has_run_out(db, wish.grant, driver_.now());
    }
    out.dice = roll_dice();
    return refresh::Event(out);
  });
}

async::Task<bool> Tokens::spend(const Wish& wish, HeldTurn& turn) {
  // While the turn is held, only its holder changes these; before, another process may have.
  for (bool of_previous = false;; of_previous = true) {
    const auto token = secret_of(
        wish, of_previous ? sealed_field::previous_refresh_token : sealed_field::refresh_token);
    if (token.empty()) co_return of_previous;
    const auto answer = co_await clients_.tokens->refresh(token);
    metrics::refreshed(answer ? "renewed" : wire::name_of(answer.error().meaning));
    if (answer) {
      co_await store(wish, *answer, turn);
      co_return true;
    }
    log::warning("grant.refresh_failed",
                 {{"connection", wish.owner.connection},
                  {"fault", std::string(wire::name_of(answer.error().meaning))},
                  {"trace", answer.error().debug}});
    const auto moved = not_renewed(wish, turn, answer.error(), of_previous);
    if (moved.find<refresh::Spend>() && !of_previous) continue;
    if (!moved.refused && !moved.gone) turn.ended();
    co_return true;
  }
}

bool Tokens::note_access(const store::GrantKey& grant, const AccessToken& token, Meaning meaning,
                         bool repeated) {
  const auto moved =
      keeper_.move(grant, refresh::AccessAnswered{meaning, token.revision, repeated, roll_dice()});
  return moved.find<refresh::RenewAndRepeat>() != nullptr;
}

}  // namespace rekey::work
