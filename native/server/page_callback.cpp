#include "native/server/page_callback.hpp"

#include "core/oauth/callback.hpp"
#include "native/log.hpp"
#include "native/server/page_problem.hpp"
#include "native/store/access.hpp"
#include "native/vault/random.hpp"
#include "native/work/audit.hpp"
#include "native/work/shared_company.hpp"

namespace rekey::server {

namespace {

using store::Database;
using store::StoredConnection;

/// Thrown inside the transaction that would take the callback, to undo it: the customer is asked or
/// told first, or it is forbidden.
struct CompanyElsewhere {};

std::optional<store::Attempt> attempt_of(Service& service, const Who& who,
                                         const std::optional<std::string>& state) {
  if (!state) return {};
  auto db = service.driver.databases().borrow();
  auto attempt = store::attempt_by_state(*db, vault::sha256_hex(*state));
  // Only the browser session that began an attempt may end it, or one that took its place in that
  // browser (RFC 6749 10.12).
  if (!attempt || attempt->session != who.hash || attempt->connection != who.connection())
    return {};
  return attempt;
}

/// The host hears of it, and the customer is asked or the attempt is over.
http::Response elsewhere(Service& service, const Who& who, const store::Attempt& attempt,
                         const std::string& realm_id) {
  const bool forbidden = service.clients.forbid_shared_company;
  std::string firm;
  {
    auto db = service.driver.databases().borrow();
    firm = open_page(*db, who.session.visit).firm;
    store::in_transaction(*db, [&] {
      if (const auto connection = store::find_connection(*db, who.connection()))
        work::tell_company_shared(*db, *connection, {realm_id, {}}, attempt.id, who.actor,
                                  forbidden, service.driver.now());
    });
  }
  log::info("company.elsewhere", {{"connection", who.connection()}, {"forbidden", forbidden}});
  service.driver.tell(who.connection());
  if (forbidden)
    return outcome_of(service.driver.take(
        who.connection(), who.actor,
        connect::CallbackRefused{attempt.id, connect::Failed::company_elsewhere}));
  return page_problem(PageMessage::company_elsewhere, {{"host", service.host_name}, {"firm", firm}},
                      {{"host", service.host_name}});
}

/// What the customer knows of it where another tenant has the company: nothing yet; they are told
/// while the code waits for its exchange; or they have said yes.
enum class Customer { unaware, told, agreed };

/// Takes the callback. Throws CompanyElsewhere, and has changed nothing, where another tenant has
/// the company and the customer is unaware of it.
http::Response take_once(Service& service, const Who& who, const store::Attempt& attempt,
                         const oauth::ValidCallback& valid, Customer customer) {
  bool shared = false;
  const auto keep = [&](Database& db, const StoredConnection& before, const Step& taken) {
    shared = work::company_is_elsewhere(db, who.tenant(), valid.realm_id());
    if (shared) {
      if (customer == Customer::unaware) throw CompanyElsewhere{};
      work::tell_company_shared(db, before, {valid.realm_id(), {}}, attempt.id, who.actor, false,
                                service.driver.now());
    }
    const auto version = taken.next.connect.versions;
    service.driver.secrets().put(db, {who.tenant(), who.connection()}, work::sealed_field::code,
                                 version, valid.code());
    store::put_grant(db, who.connection(), version,
                     {valid.realm_id(), attempt.redirect_uri, {}, 0});
  };
  connect::CallbackArrived arrived{attempt.id};
  if (customer == Customer::told) arrived.begins = service.driver.now() + connect::telling_time;
  const auto taken = service.driver.take(who.connection(), who.actor, arrived, keep);
  if (!taken) return outcome_of(taken);
  wire::Outcome answer;
  answer.company_shared = shared && customer == Customer::told;
  return outcome(*taken, std::move(answer));
}

http::Response take_valid(Service& service, const Who& who, const store::Attempt& attempt,
                          const oauth::ValidCallback& valid, bool confirmed) {
  const auto& clients = service.clients;
  const bool agreed = confirmed && !clients.forbid_shared_company;
  try {
    return take_once(service, who, attempt, valid, agreed ? Customer::agreed : Customer::unaware);
  } catch (const CompanyElsewhere&) {
    if (clients.forbid_shared_company || clients.ask_about_shared_company)
      return elsewhere(service, who, attempt, valid.realm_id());
  }
  log::info("company.elsewhere", {{"connection", who.connection()}, {"forbidden", false}});
  return take_once(service, who, attempt, valid, Customer::told);
}

}  // namespace

http::Response outcome(const work::Taken& taken, wire::Outcome answer) {
  answer.seq = taken.seq;
  answer.state = taken.state;
  answer.notices = taken.notices;
  return json_answer(200, wire::write(answer));
}

http::Response outcome_of(const work::Take& take) {
  return take ? outcome(*take) : page_problem(take.error());
}

http::Response take_callback(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::Callback>(request, "The callback");
  if (!body) return page_problem(body.error());
  const oauth::Callback callback{body->state, body->code,  body->realm_id,
                                 body->iss,   body->error, false};
  const auto attempt = attempt_of(service, who, callback.state);
  if (callback.state && !attempt)
    audit::note(
        service.driver.databases(),
        {audit::Event::callback_refused, who.actor, who.tenant(), who.connection(), request.peer},
        service.driver.now());
  // Without an attempt, no state is the right one: this one cannot be guessed.
  oauth::Expectation expected{attempt ? *callback.state : vault::random_token(32),
                              service.provider.issuer, service.provider.sends_issuer,
                              service.provider.company_in_callback};
  auto valid = oauth::validate_callback(callback, expected);
  if (valid)
    return take_valid(service, who, *attempt, *valid, body->company_confirmed.value_or(false));
  const auto& rejected = valid.error();
  if (!rejected.reason) return page_problem(rejected.flaw);
  return outcome_of(service.driver.take(who.connection(), who.actor,
                                        connect::CallbackRefused{attempt->id, *rejected.reason}));
}

}  // namespace rekey::server
