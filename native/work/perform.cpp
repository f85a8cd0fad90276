#include "native/work/perform.hpp"

#include "native/log.hpp"
#include "native/store/access.hpp"
#include "native/store/records.hpp"
#include "native/work/ahead.hpp"
#include "native/work/insist.hpp"
#include "native/work/shared_company.hpp"

namespace rekey::work {

namespace {

connect::Failed failed_of(oauth::TokenFault fault, bool maybe_done) {
  switch (fault) {
    case oauth::TokenFault::invalid_grant:
      return connect::Failed::code_expired;
    case oauth::TokenFault::misconfigured:
      return connect::Failed::misconfigured;
    case oauth::TokenFault::unavailable:
      return maybe_done ? connect::Failed::interrupted : connect::Failed::unreachable;
    case oauth::TokenFault::unreadable:
      break;
  }
  return connect::Failed::unreadable;
}

}  // namespace

Again Performer::perform(const store::Job& job, const std::function<bool()>& stop) {
  const auto connection = driver_.read(job.connection);
  if (!wanted(connection.state, job.effect)) return {};
  const Owner owner{connection.tenant, connection.id};
  return std::visit(
      [&](const auto& effect) -> Again {
        using E = std::decay_t<decltype(effect)>;
        if constexpr (std::is_same_v<E, ExchangeCode>) return exchange(owner, effect);
        if constexpr (std::is_same_v<E, ProveCompany>) return prove(owner, effect, job.attempts);
        if constexpr (std::is_same_v<E, Revoke>) return revoke(owner, effect, job.attempts);
        if constexpr (std::is_same_v<E, RetireLegacy>) return retire(owner, effect, job.attempts);
        if constexpr (std::is_same_v<E, StoreConfiguration>)
          return store_configuration(owner, effect);
        if constexpr (std::is_same_v<E, RunImport>)
          return run_import(owner, effect, job.attempts, stop);
        return {};  // the others are done in the step's own transaction
      },
      job.effect);
}

// The code leaves the store before it leaves the machine. If we die between the two, or the answer
// is lost, the attempt counts as interrupted: a code is never sent twice (RFC 6749 4.1.2).
Again Performer::exchange(const Owner& owner, const ExchangeCode& effect) {
  std::optional<Secret> code, verifier;
  std::optional<store::Grant> grant;
  {
    auto db = driver_.databases().borrow();
    store::in_transaction(*db, [&] {
      grant = store::grant(*db, owner.connection, effect.version);
      code = driver_.safe().get(*db, owner, sealed_field::code, effect.version);
      verifier = driver_.safe().get(*db, owner, sealed_field::verifier, effect.version);
      driver_.safe().drop(*db, owner, sealed_field::code, effect.version);
      driver_.safe().drop(*db, owner, sealed_field::verifier, effect.version);
    });
  }
  if (!code || !grant) {
    (void)driver_.take(owner.connection, wire::by_provider(),
                       connect::ExchangeFailed{effect.version, connect::Failed::interrupted});
    return {};
  }
  auto answer = outside_.tokens->exchange(*code, grant->redirect_uri, verifier.value_or(Secret()));
  if (!answer) {
    const auto& failure = answer.error();
    log::warning("exchange.failed", {{"connection", owner.connection},
                                     {"fault", std::string(wire::name_of(failure.fault))},
                                     {"trace", failure.debug}});
    (void)driver_.take(
        owner.connection, wire::by_provider(),
        connect::ExchangeFailed{effect.version, failed_of(failure.fault, failure.maybe_done)});
    return {};
  }
  const auto keep = [&](store::Database& db, const store::StoredConnection&, const Step&) {
    const auto& safe = driver_.safe();
    safe.put(db, owner, sealed_field::access_token, effect.version, answer->access_token);
    if (!answer->refresh_token.empty())
      safe.put(db, owner, sealed_field::refresh_token, effect.version, answer->refresh_token);
    store::renew_grant(db, owner.connection, effect.version, grant->revision,
                       renewal_of(answer->lifetimes, driver_.now()));
    store::set_grant_scope(db, owner.connection, effect.version, answer->scope);
  };
  // The code is spent: there is no second answer.
  insist(outside_.refreshing->times, "grant.not_stored", owner.connection, [&] {
    (void)driver_.take(owner.connection, wire::by_provider(),
                       connect::GrantReceived{effect.version, answer->lifetimes}, keep);
  });
  return {};
}

Again Performer::prove(const Owner& owner, const ProveCompany& effect, int attempts) {
  const auto fail = [&](connect::Failed reason) -> Again {
    (void)driver_.take(owner.connection, wire::by_provider(),
                       connect::ProofFailed{effect.version, reason});
    return {};
  };
  const auto token = tokens_.fresh(owner, effect.version);
  if (!token) {
    if (token.error() == NoToken::later) return driver_.now() + backoff(attempts);
    return fail(token.error() == NoToken::ours ? connect::Failed::misconfigured
                                               : connect::Failed::company_refused);
  }
  const auto company = outside_.accounting->company(token->realm_id, token->value);
  if (company) {
    if (is_forbidden_company(driver_, owner.connection, *company, outside_.forbid_shared_company))
      return fail(connect::Failed::company_elsewhere);
    (void)driver_.take(
        owner.connection, wire::by_provider(), connect::CompanyProved{effect.version, *company},
        [&](store::Database& db, const store::StoredConnection&, const Step&) {
          store::set_grant_company(db, owner.connection, effect.version, company->realm_id);
        });
    return {};
  }
  log::warning("proof.failed", {{"connection", owner.connection},
                                {"fault", std::string(wire::name_of(company.error().fault))},
                                {"trace", company.error().debug}});
  switch (company.error().fault) {
    case intuit::ReadFault::throttled:
    case intuit::ReadFault::unavailable:
      return driver_.now() + backoff(attempts);  // until the proof's own time runs out
    case intuit::ReadFault::unreadable:
      if (attempts < 3) return driver_.now() + backoff(attempts);
      return fail(connect::Failed::unreadable);
    default:
      return fail(connect::Failed::company_refused);
  }
}

Again Performer::revoke(const Owner& owner, const Revoke& effect, int attempts) {
  // What a refresh under way brings is what has to be revoked. One that died is not waited for.
  constexpr int most_waits = 20;
  constexpr Millis wait = std::chrono::milliseconds{500};
  Secret token;
  {
    auto db = driver_.databases().borrow();
    if (attempts < most_waits && store::is_refreshing(*db, owner.connection, effect.version))
      return driver_.now() + wait;
    const auto get = [&](const char* field) {
      return driver_.safe().get(*db, owner, field, effect.version).value_or(Secret());
    };
    token = get(sealed_field::refresh_token);
    if (token.empty()) token = get(sealed_field::access_token);
  }
  constexpr int most_tries = 3;
  const bool told = outside_.tokens->revoke(token);
  if (!told && attempts + 1 < most_tries) return driver_.now() + backoff(attempts);
  if (!told) log::warning("revoke.not_told", {{"connection", owner.connection}});
  const auto forget = [&](store::Database& db) {
    driver_.safe().forget(db, owner, effect.version);
  };
  const auto taken = driver_.take(
      owner.connection, wire::by_provider(), connect::Disconnected{effect.version},
      [&](store::Database& db, const store::StoredConnection&, const Step&) { forget(db); });
  if (taken) return {};
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] { forget(*db); });
  return {};
}

Again Performer::retire(const Owner& owner, const RetireLegacy&, int attempts) {
  std::optional<Secret> stored;
  {
    auto db = driver_.databases().borrow();
    stored = driver_.safe().get(*db, owner, sealed_field::legacy, 0);
  }
  if (stored) {
    const auto json = wire::parse(stored->reveal(), "The OAuth 1.0a credential");
    const auto text = [&](const char* name) {
      return json && json->contains(name) && (*json)[name].is_string()
                 ? (*json)[name].get<std::string>()
                 : std::string();
    };
    const oauth::Credential credential{text("consumer_key"), Secret(text("consumer_secret")),
                                       text("token"), Secret(text("token_secret"))};
    const bool told =
        intuit::disconnect_legacy(outside_.provider, *outside_.client, credential, driver_.now());
    if (!told && attempts < 2) return driver_.now() + backoff(attempts);
  }
  (void)driver_.take(owner.connection, wire::by_provider(), connect::Disconnected{0});
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] { driver_.safe().forget(*db, owner, 0); });
  return {};
}

Again Performer::store_configuration(const Owner& owner, const StoreConfiguration& effect) {
  bool stored = true;
  (void)driver_.take(owner.connection, wire::by_provider(),
                     save::ConfigurationStored{effect.revision},
                     [&](store::Database& db, const store::StoredConnection&, const Step&) {
                       stored = store::mark_saved(db, owner.connection, effect.revision);
                     });
  if (!stored) log::error("configuration.missing", {{"connection", owner.connection}});
  return {};
}

}  // namespace rekey::work
