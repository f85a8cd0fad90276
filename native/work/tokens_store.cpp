// How the tokens of a renewal get into the store.
#include "native/log.hpp"
#include "native/store/access.hpp"
#include "native/work/dice.hpp"
#include "native/work/retry_until_stored.hpp"
#include "native/work/revocations.hpp"
#include "native/work/tokens.hpp"

namespace rekey::work {

namespace {

// Thrown inside the transaction that would store tokens, to undo it: they were forgotten.
struct Forgotten {};

bool is_ending(store::Database& db, const std::string& connection) {
  const auto found = store::find_connection(db, connection);
  return found && std::holds_alternative<connect::Disconnecting>(found->state.connect.phase);
}

}  // namespace

void Tokens::put_tokens(store::Database& db, const Wish& wish, const oauth::Tokens& answer,
                        bool rotate) {
  const auto& [connection, version] = wish.grant;
  const auto& secrets = driver_.secrets();
  // A grant that is not the live one any more keeps its tokens while they are there, if only to be
  // revoked; one that was forgotten gets none back.
  if (!has_tokens(db, wish)) throw Forgotten{};
  auto current = secrets.get(db, wish.owner, sealed_field::refresh_token, version);
  secrets.put(db, wish.owner, sealed_field::access_token, version, answer.access_token);
  if (!answer.scope.empty()) store::set_grant_scope(db, connection, version, answer.scope);
  store::set_refresh_client(db, wish.grant, clients_.tokens->client_id());
  if (!rotate || !current) return;
  secrets.put(db, wish.owner, sealed_field::previous_refresh_token, version, *current);
  secrets.put(db, wish.owner, sealed_field::refresh_token, version, answer.refresh_token);
}

void Tokens::try_to_store(const Wish& wish, const oauth::Tokens& answer, const std::string& me) {
  try {
    const auto moved = keeper_.move(
        wish.grant,
        [&](store::Database& db, const store::RefreshRow&) {
          const auto current = driver_.secrets().get(db, wish.owner, sealed_field::refresh_token,
                                                     wish.grant.version);
          // Without a new one in the answer, the one that was used stays valid (RFC 6749 6).
          const bool rotated = !answer.refresh_token.empty() && current &&
                               !answer.refresh_token.same_as(current->reveal());
          return refresh::Event(refresh::Renewed{me, answer.lifetimes, rotated, roll_dice()});
        },
        [&](store::Database& db, const RefreshMove& step) {
          if (const auto* keep = step.find<refresh::StoreTokens>())
            put_tokens(db, wish, answer, keep->rotate);
        });
    if (moved.gone) throw NotFound("the grant is gone");
    if (moved.refused) log::info("grant.overtaken", {{"connection", wish.owner.connection}});
  } catch (const Forgotten&) {
    // Being deleted, it has given its tokens away to be revoked, and these come after them.
    auto db = driver_.databases().borrow();
    if (is_ending(*db, wish.owner.connection))
      revoke_late(driver_, clients_, answer.refresh_token, answer.access_token);
  }
}

// An answer that cannot be stored at once must not be lost for that: there may be no second one.
async::Task<void> Tokens::store(const Wish& wish, const oauth::Tokens& answer, HeldTurn& turn) {
  const std::function<void()> keep = [&] { try_to_store(wish, answer, turn.owner()); };
  try {
    co_await retry_until_stored(*clients_.pool, clients_.refreshing->times, "grant.not_stored",
                                wish.owner.connection, keep);
    turn.ended();
  } catch (const store::DatabaseError&) {
    log::error("grant.lost", {{"connection", wish.owner.connection}});
  } catch (const NotFound&) {
    // Deleted meanwhile: this process alone knows the new tokens, and must end them.
    revoke_late(driver_, clients_, answer.refresh_token, answer.access_token);
    turn.ended();
  }
}

oauth::Failure failure_of(const NoToken& why, Instant now) {
  using oauth::Meaning;
  switch (why.why) {
    case NoToken::later:
      return {Meaning::unavailable, false,
              why.until ? std::optional(std::max(*why.until - now, Millis{0})) : std::nullopt,
              "no token now"};
    case NoToken::misconfigured:
      return {Meaning::misconfigured, false, {}, "our credentials are refused"};
    case NoToken::ended:
    case NoToken::gone:
      break;
  }
  return {Meaning::grant_ended, false, {}, "the grant ended"};
}

}  // namespace rekey::work
