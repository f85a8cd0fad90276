#include "native/work/perform.hpp"

#include "core/overloaded.hpp"
#include "native/log.hpp"
#include "native/metrics/limit.hpp"
#include "native/store/access.hpp"
#include "native/store/configurations.hpp"
#include "native/work/dice.hpp"
#include "native/work/retry_until_stored.hpp"
#include "native/work/revocations.hpp"
#include "native/work/shared_company.hpp"

namespace rekey::work {

namespace {

using oauth::Meaning;

/// So many rows of old choices go at once.
constexpr int choices_pruned_at_once = 500;

connect::Failed failed_of(const oauth::Failure& failure) {
  switch (failure.meaning) {
    case Meaning::grant_ended:
      return connect::Failed::code_expired;
    case Meaning::misconfigured:
      return connect::Failed::misconfigured;
    case Meaning::throttled:
    case Meaning::unavailable:
      return failure.maybe_done ? connect::Failed::interrupted : connect::Failed::unreachable;
    case Meaning::alive:
    case Meaning::stale_token:
    case Meaning::rights_lost:
    case Meaning::company_lapsed:
    case Meaning::unreadable:
    case Meaning::list_refused:
      break;
  }
  return connect::Failed::unreadable;
}

/// Whether an exchange may be tried again: the provider has certainly not used the code.
bool left_the_code(const oauth::Failure& failure) {
  return !failure.maybe_done &&
         (failure.meaning == Meaning::throttled || failure.meaning == Meaning::unavailable);
}

/// What a proof came to that is not tried again.
connect::Failed failed_proof(Meaning meaning) {
  return meaning == Meaning::misconfigured ? connect::Failed::misconfigured
                                           : connect::Failed::company_refused;
}

/// Whether a proof is tried again after this answer: always on what passes (until the proof's own
/// time runs out), for half a minute on what looks final, because outages look like it too.
bool is_tried_again(Meaning meaning, int attempts) {
  constexpr int tries_of_final = 6;  // with pauses of 1, 2, 4, 8 and 16 seconds
  if (meaning == Meaning::grant_ended) return false;
  return oauth::passes(meaning) || attempts + 1 < tries_of_final;
}

std::string asked_for(const oauth::Provider& provider) {
  std::string scope;
  for (const auto& each : provider.scopes) scope += (scope.empty() ? "" : " ") + each;
  return scope;
}

}  // namespace

async::Task<Again> Performer::perform(store::Job job, Place place) {
  const auto connection = driver_.read(job.connection);
  const Owner owner{connection.tenant, connection.id};
  if (!wanted(connection.state, job.effect)) {
    // One that was put back, and whose sign-in is over.
    if (const auto* late = std::get_if<ExchangeCode>(&job.effect);
        late && connect::version_on_trial(connection.state.connect) != late->version)
      drop_code(owner, late->version);
    co_return Again{};
  }
  auto task = std::visit(
      Overloaded{
          [&](const ExchangeCode& effect) { return exchange(owner, effect, job.attempts); },
          [&](const ProveCompany& effect) { return prove(owner, effect, job.attempts); },
          [&](const Revoke& effect) { return revoke(owner, effect, job.attempts); },
          [&](const RetireLegacy& effect) { return retire(owner, effect, job.attempts); },
          [&](const StoreConfiguration& effect) { return store_configuration(owner, effect); },
          [&](const RunImport& effect) { return run_import(owner, effect, job.attempts, place); },
          // Done in the step's own transaction (Driver::perform_writes): never a job.
          [&](const Forget&) { return nothing(); }, [&](const TakeSnapshot&) { return nothing(); },
          // Told with the step, and sent with the answer to it: never a job either.
          [&](const Notify&) { return nothing(); }, [&](const Redirect&) { return nothing(); }},
      job.effect);
  const Again again = co_await task;
  co_return again;
}

async::Task<Again> Performer::nothing() {
  co_return Again{};
}

/// A code with its verifier (RFC 7636), and the address it was sent to.
struct Performer::Code {
  std::optional<Secret> code, verifier;
  std::optional<store::Grant> grant;
};

Performer::Code Performer::take_code(const Owner& owner, std::int64_t version) {
  Code out;
  auto db = driver_.databases().borrow();
  const auto& secrets = driver_.secrets();
  store::in_transaction(*db, [&] {
    out.grant = store::grant(*db, owner.connection, version);
    out.code = secrets.get(*db, owner, sealed_field::code, version);
    out.verifier = secrets.get(*db, owner, sealed_field::verifier, version);
    secrets.drop(*db, owner, sealed_field::code, version);
    secrets.drop(*db, owner, sealed_field::verifier, version);
  });
  return out;
}

void Performer::drop_code(const Owner& owner, std::int64_t version) {
  auto db = driver_.databases().borrow();
  store::in_transaction(*db, [&] {
    driver_.secrets().drop(*db, owner, sealed_field::code, version);
    driver_.secrets().drop(*db, owner, sealed_field::verifier, version);
  });
}

// False: the sign-in does not wait for it until then, so it is given up now.
bool Performer::put_code_back(const Owner& owner, std::int64_t version, const Code& code,
                              Instant next) {
  auto db = driver_.databases().borrow();
  const auto& secrets = driver_.secrets();
  return store::in_transaction(*db, [&] {
    const auto connection = store::find_connection(*db, owner.connection);
    if (!connection) return false;
    const auto* at = std::get_if<connect::Exchanging>(&connection->state.connect.phase);
    if (!at || at->version != version || next >= at->deadline) return false;
    secrets.put(*db, owner, sealed_field::code, version, *code.code);
    if (code.verifier) secrets.put(*db, owner, sealed_field::verifier, version, *code.verifier);
    return true;
  });
}

Again Performer::not_exchanged(const Owner& owner, const ExchangeCode& effect, int attempts,
                               const Code& code, const oauth::Failure& failure) {
  log::warning("exchange.failed", {{"connection", owner.connection},
                                   {"fault", std::string(wire::name_of(failure.meaning))},
                                   {"trace", failure.debug}});
  const auto next = driver_.now() + std::max(refresh::pause_after(attempts + 1),
                                             failure.retry_after.value_or(Millis{0}));
  if (left_the_code(failure) && put_code_back(owner, effect.version, code, next)) return next;
  (void)driver_.take(owner.connection, wire::by_provider(),
                     connect::ExchangeFailed{effect.version, failed_of(failure)});
  return {};
}

// The code leaves the store before it leaves the machine. If we die between the two, or the answer
// is lost, the attempt counts as interrupted: a code is never used twice (RFC 6749 4.1.2). It comes
// back only where the provider has certainly not used it.
async::Task<Again> Performer::exchange(const Owner& owner, const ExchangeCode& effect,
                                       int attempts) {
  const auto code = take_code(owner, effect.version);
  if (!code.code || !code.grant) {
    (void)driver_.take(owner.connection, wire::by_provider(),
                       connect::ExchangeFailed{effect.version, connect::Failed::interrupted});
    co_return Again{};
  }
  auto task = clients_.tokens->exchange(*code.code, code.grant->redirect_uri,
                                        code.verifier.value_or(Secret()));
  const auto answer = co_await task;
  if (!answer) co_return not_exchanged(owner, effect, attempts, code, answer.error());
  const auto keep = [&](store::Database& db, const store::StoredConnection&, const Step&) {
    const auto& secrets = driver_.secrets();
    secrets.put(db, owner, sealed_field::access_token, effect.version, answer->access_token);
    if (!answer->refresh_token.empty())
      secrets.put(db, owner, sealed_field::refresh_token, effect.version, answer->refresh_token);
    const bool renewable = !answer->refresh_token.empty();
    store::start_refreshing(
        db, {owner.connection, effect.version},
        refresh::begin(answer->lifetimes, renewable, roll_dice(), driver_.now()),
        clients_.tokens->client_id());
    // None in the answer: what was asked for was granted (RFC 6749 5.1).
    store::set_grant_scope(db, owner.connection, effect.version,
                           answer->scope.empty() ? asked_for(clients_.provider) : answer->scope);
  };
  // The code is spent: there is no second answer.
  const std::function<void()> take = [&] {
    (void)driver_.take(
        owner.connection, wire::by_provider(),
        connect::GrantReceived{effect.version, answer->lifetimes, code.grant->realm_id}, keep);
  };
  try {
    co_await retry_until_stored(*clients_.pool, clients_.refreshing->times, "grant.not_stored",
                                owner.connection, take);
  } catch (const NotFound&) {
    // Deleted meanwhile: this process alone knows the new grant, and must end it.
    revoke_late(driver_, clients_, answer->refresh_token, answer->access_token);
  }
  co_return Again{};
}

async::Task<Again> Performer::prove(const Owner& owner, const ProveCompany& effect, int attempts) {
  const auto fail = [&](connect::Failed reason) -> Again {
    const auto grant =
        store::grant(*driver_.databases().borrow(), owner.connection, effect.version);
    (void)driver_.take(
        owner.connection, wire::by_provider(),
        connect::ProofFailed{effect.version, reason, grant ? grant->realm_id : std::string()});
    return {};
  };
  const auto read = [&](const AccessToken& token) {
    return clients_.accounting->company(token.realm_id, token.value);
  };
  const auto company = co_await tokens_.read_with_token(owner, effect.version, read);
  if (company) {
    if (is_forbidden_company(driver_, owner.connection, *company, clients_.forbid_shared_company))
      co_return fail(connect::Failed::company_elsewhere);
    (void)driver_.take(
        owner.connection, wire::by_provider(), connect::CompanyProved{effect.version, *company},
        [&](store::Database& db, const store::StoredConnection&, const Step&) {
          store::set_grant_company(db, owner.connection, effect.version, company->realm_id);
        });
    co_return Again{};
  }
  const auto& failure = company.error();
  log::warning("proof.failed", {{"connection", owner.connection},
                                {"fault", std::string(wire::name_of(failure.meaning))},
                                {"trace", failure.debug}});
  if (!is_tried_again(failure.meaning, attempts)) co_return fail(failed_proof(failure.meaning));
  co_return driver_.now() +
      std::max(refresh::pause_after(attempts + 1), failure.retry_after.value_or(Millis{0}));
}

async::Task<Again> Performer::store_configuration(const Owner& owner,
                                                  const StoreConfiguration& effect) {
  std::optional<std::int64_t> pruned = 0;
  // It is the person's who pressed Save, and no answer of the provider.
  const auto actor =
      store::configuration_actor(*driver_.databases().borrow(), owner.connection, effect.revision);
  (void)driver_.take(owner.connection, actor.value_or(wire::by_provider()),
                     save::ConfigurationStored{effect.revision},
                     [&](store::Database& db, const store::StoredConnection&, const Step&) {
                       pruned = store::mark_saved(db, owner.connection, effect.revision);
                     });
  if (!pruned) log::error("configuration.missing", {{"connection", owner.connection}});
  if (pruned.value_or(0) > 0)
    metrics::limit_met("revisions", "configuration.revisions_pruned",
                       {{"connection", owner.connection}, {"most", store::saved_kept}});
  co_return Again{};
}

}  // namespace rekey::work
