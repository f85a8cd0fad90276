// How the tokens of a renewal get into the store.
#include "native/log.hpp"
#include "native/work/ahead.hpp"
#include "native/work/insist.hpp"
#include "native/work/revocations.hpp"
#include "native/work/tokens_parts.hpp"

namespace rekey::work {

namespace {

// Thrown inside the transaction that would store tokens, to undo it.
struct Overtaken {};

bool is_ending(store::Database& db, const std::string& connection) {
  const auto found = store::find_connection(db, connection);
  return found && std::holds_alternative<connect::Disconnecting>(found->state.connect.phase);
}

}  // namespace

bool Tokens::try_to_store(const Spending& spending, const oauth::Tokens& answer) {
  const auto& owner = spending.owner;
  const auto& current = spending.current;
  const auto version = spending.version;
  const auto& safe = driver_.safe();
  const auto keep = [&](store::Database& db) {
    if (!store::renew_grant(db, owner.connection, version, current.grant.revision,
                            renewal_of(answer.lifetimes, driver_.now())))
      throw Overtaken{};
    safe.put(db, owner, sealed_field::access_token, version, answer.access_token);
    if (!answer.scope.empty()) store::set_grant_scope(db, owner.connection, version, answer.scope);
    // Without a new one in the answer, the one that was used stays valid (RFC 6749 6).
    if (!answer.refresh_token.empty() && !answer.refresh_token.same_as(current.refresh.reveal())) {
      safe.put(db, owner, sealed_field::previous_refresh_token, version, current.refresh);
      safe.put(db, owner, sealed_field::refresh_token, version, answer.refresh_token);
    }
  };
  try {
    const auto taken = driver_.take(
        owner.connection, wire::by_provider(), connect::GrantRefreshed{version, answer.lifetimes},
        [&](store::Database& db, const store::StoredConnection&, const Step&) { keep(db); });
    if (taken) return true;
    // Not the live grant (a new one is being proved, or it was disconnected): a grant that is still
    // there keeps its tokens, if only to be revoked; one that was forgotten gets none back.
    auto db = driver_.databases().borrow();
    const bool kept = store::in_transaction(*db, [&] {
      if (!safe.get(*db, owner, sealed_field::access_token, version)) return false;
      keep(*db);
      return true;
    });
    // Being deleted, it has given its tokens away to be revoked, and these come after them.
    if (!kept && is_ending(*db, owner.connection))
      revoke_late(driver_, outside_, answer.refresh_token, answer.access_token);
  } catch (const Overtaken&) {
    log::info("grant.overtaken", {{"connection", owner.connection}});
  }
  return true;
}

// An answer that cannot be stored at once must not be lost for that: there may be no second one.
async::Task<std::optional<NoToken>> Tokens::store(const Spending& spending,
                                                  const oauth::Tokens& answer, HeldTurn& turn) {
  const std::function<void()> keep = [&] { (void)try_to_store(spending, answer); };
  bool kept = true;
  try {
    co_await insist(*outside_.pool, outside_.refreshing->times, "grant.not_stored",
                    spending.owner.connection, keep);
  } catch (const store::DatabaseError&) {
    kept = false;
  } catch (const std::out_of_range&) {
    // Deleted meanwhile: this process alone knows the new tokens, and must end them.
    revoke_late(driver_, outside_, answer.refresh_token, answer.access_token);
  }
  if (!kept) co_return NoToken::later;
  turn.ended();
  co_return std::nullopt;
}

intuit::ReadFailure failure_of(NoToken why) {
  switch (why) {
    case NoToken::later:
      return {intuit::ReadFault::unavailable, "no token now"};
    case NoToken::ours:
      return {intuit::ReadFault::refused, "our credentials are refused"};
    default:
      return {intuit::ReadFault::unauthorized, "the grant ended"};
  }
}

}  // namespace rekey::work
