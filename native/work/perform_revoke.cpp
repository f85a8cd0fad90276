#include <algorithm>

#include "core/connect/revocation.hpp"
#include "native/log.hpp"
#include "native/store/access.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"
#include "native/work/dice.hpp"
#include "native/work/perform.hpp"

// Ending grants at the provider: it is told until it says yes, for a day, and the tokens are kept
// for as long.

namespace rekey::work {

namespace {

// A sign-in that could bring a successor of the grant is looked at this often.
constexpr Millis look_at_sign_in = std::chrono::seconds{5};

/// Forgets what was to be revoked. The audit has it where the state had it: of a connection that is
/// deleted meanwhile nothing is put down.
void give_up_revoking(Driver& driver, const Owner& owner, std::int64_t version) {
  const auto by = wire::by_time();
  const auto taken = driver.take(
      owner.connection, by, connect::RevocationGivenUp{version},
      [&](store::Database& db, const store::StoredConnection&, const Step&) {
        driver.secrets().forget(db, owner, version);
        audit::Entry entry{audit::Event::revocation_given_up, by, owner.tenant, owner.connection};
        entry.detail["grant"] = version;
        audit::note_within(db, entry, driver.now());
      });
  if (taken) return;
  auto db = driver.databases().borrow();
  store::in_transaction(*db, [&] { driver.secrets().forget(*db, owner, version); });
}

}  // namespace

// What a refresh under way brings is what has to be revoked. One that died is not waited for.
Again Performer::wait_before_revoking(const Owner& owner, const Revoke& effect, int attempts) {
  constexpr int most_waits = 20;
  constexpr Millis wait = std::chrono::milliseconds{500};
  if (held_back(driver_.read(owner.connection).state, effect))
    return driver_.now() + look_at_sign_in;
  auto db = driver_.databases().borrow();
  if (attempts < most_waits && store::is_refreshing(*db, {owner.connection, effect.version}))
    return driver_.now() + wait;
  return {};
}

bool Performer::is_ours_to_revoke(const Owner& owner, std::int64_t version) {
  auto db = driver_.databases().borrow();
  if (clients_.is_client(store::client_of(*db, {owner.connection, version}))) return true;
  log::warning("revoke.misconfigured", {{"connection", owner.connection},
                                        {"grant", version},
                                        {"what", words::say("revocation.other_client")}});
  return false;
}

Secret Performer::token_to_revoke(const Owner& owner, std::int64_t version) {
  auto db = driver_.databases().borrow();
  auto refresh = driver_.secrets().get(*db, owner, sealed_field::refresh_token, version);
  if (refresh && !refresh->empty()) return std::move(*refresh);
  return driver_.secrets().get(*db, owner, sealed_field::access_token, version).value_or(Secret());
}

async::Task<Again> Performer::revoke(const Owner& owner, const Revoke& effect, int attempts) {
  if (const auto wait = wait_before_revoking(owner, effect, attempts)) co_return wait;
  // Another client may hear a yes that ends nothing (RFC 7009 2.1), so that it is not asked.
  bool told = false;
  if (is_ours_to_revoke(owner, effect.version))
    told = co_await clients_.tokens->revoke(token_to_revoke(owner, effect.version));
  co_return after_revoking(owner, effect.version, attempts, told);
}

std::optional<oauth::Credential> Performer::credential_to_retire(const Owner& owner) {
  auto db = driver_.databases().borrow();
  const auto stored = driver_.secrets().get(*db, owner, sealed_field::legacy, 0);
  if (!stored) return {};
  const auto json = wire::parse(stored->reveal(), "The OAuth 1.0a credential");
  if (!json) return {};
  const auto text = [&](const char* name) { return wire::text_at(*json, name); };
  return oauth::Credential{text("consumer_key"), Secret(text("consumer_secret")), text("token"),
                           Secret(text("token_secret"))};
}

async::Task<Again> Performer::retire(const Owner& owner, const RetireLegacy&, int attempts) {
  const auto credential = credential_to_retire(owner);
  bool told = true;
  if (credential)
    told = co_await clients_.accounting->disconnect_legacy(*credential, driver_.now());
  co_return after_revoking(owner, 0, attempts, told);
}

// One that no state knows was queued by an earlier version; its tries stand for its age.
Again Performer::after_revoking(const Owner& owner, std::int64_t version, int attempts, bool told) {
  if (told) {
    forget_with(owner, version, wire::by_provider(), connect::Disconnected{version});
    return {};
  }
  const auto now = driver_.now();
  const auto state = driver_.read(owner.connection).state;
  const auto since = connect::revoking_since(state.connect, version)
                         .value_or(now - std::min(attempts, 48) * (connect::revocation_time / 48));
  if (const auto next = connect::next_try(since, now)) {
    log::warning("revoke.pending",
                 {{"connection", owner.connection}, {"grant", version}, {"since", to_ms(since)}});
    // A little later each, so that after an outage not all come back at once.
    return *next + jitter((*next - now) / 4);
  }
  log::warning("revoke.given_up", {{"connection", owner.connection},
                                   {"grant", version},
                                   {"what", words::say("revocation.given_up")}});
  give_up_revoking(driver_, owner, version);
  return {};
}

void Performer::forget_with(const Owner& owner, std::int64_t version, const wire::Actor& actor,
                            const Event& event) {
  const auto forget = [&](store::Database& db) { driver_.secrets().forget(db, owner, version); };
  const auto taken = driver_.take(
      owner.connection, actor, event,
      [&](store::Database& db, const store::StoredConnection&, const Step&) { forget(db); });
  if (taken) return;
  // Nothing waits for it any more, or it was queued by an earlier version.
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] { forget(*db); });
}

}  // namespace rekey::work
