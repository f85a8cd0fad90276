#include "native/server/page_api.hpp"

#include "core/oauth/authorization.hpp"
#include "native/log.hpp"
#include "native/server/configuration_page.hpp"
#include "native/server/event_stream.hpp"
#include "native/server/page_callback.hpp"
#include "native/server/page_member.hpp"
#include "native/server/page_problem.hpp"
#include "native/server/page_sign_in.hpp"
#include "native/store/access.hpp"
#include "native/store/records.hpp"
#include "native/vault/random.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

using store::Database;
using store::StoredConnection;

// What the page shows --------------------------------------------------------------------------

http::Response get_page(Service& service, const http::Request&, const Who& who) {
  auto db = service.driver.databases().borrow();
  const auto& visit = who.session.visit;
  const auto connection = store::find_connection(*db, visit.connection);
  if (!connection) return session_is_over(service, visit.return_url);
  wire::Page page;
  page.tenant = store::tenant_name(*db, visit.tenant).value_or(visit.tenant);
  page.host = service.host_name;
  page.integration = service.provider.integration;
  page.sandbox = service.provider.sandbox;
  page.company_hint = service.provider.company_in_callback ? "callback" : "none";
  page.issuer = service.provider.issuer;
  page.now = service.driver.now();
  page.seq = connection->seq;
  page.state = connection->state;
  page.notices = store::newest_notices(*db, visit.connection, 100);
  page.connection = visit.connection;
  page.user = visit.user;
  page.return_url = visit.return_url.empty() ? service.pages.host_url : visit.return_url;
  page.signed_in_at = who.session.created;
  page.lists = service.pages.lists;
  return json_answer(200, wire::write(page));
}

http::Response get_events(Service& service, const http::Request& request, const Who& who) {
  return event_stream(service, request, who);
}

// What the customer does -----------------------------------------------------------------------

http::Response connect(Service& service, const Who& who) {
  const auto state = vault::random_token(32);
  const auto verifier = vault::random_token(48);  // 64 characters (RFC 7636 4.1: 43 to 128)
  const store::Attempt attempt{"att_" + vault::random_token(12), who.connection(), who.hash,
                               service.redirect_uri, service.driver.now() + attempt_life};
  const auto keep = [&](Database& db, const StoredConnection&, const Step& taken) {
    store::put_attempt(db, attempt, vault::sha256_hex(state));
    if (!service.provider.pkce) return;
    // Of the grant this attempt may lead to; a newer attempt takes its place.
    service.driver.secrets().put(db, {who.tenant(), who.connection()}, work::sealed_field::verifier,
                                 connect::next_version(taken.next.connect), Secret(verifier));
  };
  const auto taken = service.driver.take(
      who.connection(), who.actor, connect::ConnectPressed{attempt.id, attempt.expires}, keep);
  if (!taken) return page_problem(taken.error());
  oauth::AuthorizationRequest authorization;
  authorization.client_id = service.client_id;
  authorization.redirect_uri = service.redirect_uri;
  authorization.state = state;
  if (service.provider.pkce)
    authorization.code_challenge = oauth::pkce_challenge(vault::sha256(verifier));
  wire::Outcome answer;
  answer.redirect = oauth::authorization_url(service.provider, authorization);
  answer.attempt_state = state;
  return outcome(*taken, std::move(answer));
}

http::Response disconnect(Service& service, const Who& who) {
  const auto taken = service.driver.take(who.connection(), who.actor, connect::DisconnectPressed{});
  // What was refused did not happen.
  if (taken)
    audit::note(service.driver.databases(),
                {audit::Event::disconnected, who.actor, who.tenant(), who.connection()},
                service.driver.now());
  return outcome_of(taken);
}

http::Response post_command(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::Command>(request, "The command");
  if (!body) return page_problem(body.error());
  const auto take = [&](const Event& event) {
    return outcome_of(service.driver.take(who.connection(), who.actor, event));
  };
  const auto version = body->version.value_or(0);
  switch (body->command) {
    case wire::Verb::connect:
      return connect(service, who);
    case wire::Verb::cancel:
      return take(connect::CancelPressed{});
    case wire::Verb::disconnect:
      return disconnect(service, who);
    case wire::Verb::confirm_company:
      return take(connect::CompanyConfirmed{version});
    case wire::Verb::decline_company:
      return take(connect::CompanyDeclined{version});
    case wire::Verb::import:
      return take(imports::import_anew());
    case wire::Verb::resume_import:
      return take(imports::ResumePressed{});
    case wire::Verb::pause_import:
      return take(imports::PausePressed{});
    case wire::Verb::cancel_import:
      return take(imports::CancelImportPressed{});
    case wire::Verb::retry_list:
      if (!body->list) break;
      return take(imports::RetryListPressed{*body->list});
    case wire::Verb::skip_list:
      if (!body->list) break;
      return take(imports::SkipListPressed{*body->list});
    case wire::Verb::apply:
      return take(imports::ApplyPressed{body->run.value_or(0)});
  }
  return page_problem({Code::bad_input, {}, {}});  // without the list that it is about
}

}  // namespace

void add_page_api(Router& router, Service& service) {
  add_page_sign_in(router, service);
  router.add("GET", "/api/page", for_member(service, get_page));
  router.add("GET", "/api/events", for_member(service, get_events));
  router.add("POST", "/api/commands", for_member(service, post_command, Deed::act));
  router.add("POST", "/api/callback", for_member(service, take_callback, Deed::act));
  add_configuration_page(router, service);
}

}  // namespace rekey::server
