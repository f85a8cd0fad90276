#include "native/server/page_api.hpp"

#include "core/oauth/authorization.hpp"
#include "core/oauth/callback.hpp"
#include "native/server/event_stream.hpp"
#include "native/server/problem.hpp"
#include "native/store/access.hpp"
#include "native/store/records.hpp"
#include "native/vault/random.hpp"

namespace rekey::server {

namespace {

using store::Database;
using store::StoredConnection;

/// Who is asking: a session of a tenant's customer, and the connection it is about.
struct Who {
  std::string tenant;
  std::string session;  ///< its hash
  std::string connection;
  wire::Actor actor{wire::Actor::Kind::user};
};

const char* cookie_name(const Service& service) {
  // The prefix makes browsers insist on Secure, on "/" and on this very host.
  return service.secure ? "__Host-rekey_session" : "rekey_session";
}

/// Another site can neither set this header nor hide its own origin.
Result<void> check_not_forged(const Service& service, const http::Request& request) {
  if (request.method == "GET" || request.method == "HEAD") return {};
  const auto origin = request.headers.get("Origin");
  if (request.headers.get("X-Rekey") == "1" && (!origin || *origin == service.public_url))
    return {};
  return fail(Code::forged_request,
              "This request did not come from the page itself, so it was not carried out.");
}

Result<Who> who_asks(Service& service, const http::Request& request) {
  const auto cookie = request.cookie(cookie_name(service));
  const Error ended{Code::session_ended,
                    "Your session has ended. Go back to " + service.host_name +
                        " and open this page from there again.",
                    {}};
  if (!cookie) return tl::unexpected(ended);
  Who who;
  who.session = vault::sha256_hex(*cookie);
  const auto now = service.driver.now();
  auto db = service.driver.databases().borrow();
  const auto tenant = store::page_session(*db, who.session, now);
  if (!tenant) return tl::unexpected(ended);
  who.tenant = *tenant;
  who.connection = store::ensure_connection(*db, who.tenant, quickbooks_online, now).id;
  return who;
}

/// A route that needs a session.
using MemberOfPage = http::Response (*)(Service&, const http::Request&, const Who&);
Route for_member(Service& service, MemberOfPage route) {
  return [&service, route](const http::Request& request, const Places&) {
    if (const auto forged = check_not_forged(service, request); !forged)
      return problem(forged.error());
    const auto who = who_asks(service, request);
    return who ? route(service, request, *who) : problem(who.error());
  };
}

http::Response outcome(const work::Taken& taken, wire::Outcome answer = {}) {
  answer.seq = taken.seq;
  answer.state = taken.state;
  answer.notices = taken.notices;
  return json_answer(200, wire::write(answer));
}

http::Response outcome_of(Service& service, const work::Take& take) {
  return take ? outcome(*take) : problem(take.error(), service.words);
}

// Sign-in of the page --------------------------------------------------------------------------

struct SessionRequest {
  std::string token;
  static constexpr auto fields() {
    return std::tuple{wire::field("token", &SessionRequest::token)};
  }
};

http::Response begin_session(Service& service, const http::Request& request) {
  if (const auto forged = check_not_forged(service, request); !forged)
    return problem(forged.error());
  const auto body = body_as<SessionRequest>(request, "The sign-in");
  if (!body) return problem(body.error());
  const auto session = vault::random_token(32);
  const auto now = service.driver.now();
  auto db = service.driver.databases().borrow();
  const auto tenant = store::in_transaction(*db, [&] {
    auto whose = store::use_page_token(*db, vault::sha256_hex(body->token), now);
    if (whose)
      store::put_page_session(*db, vault::sha256_hex(session), *whose, now + page_session_life);
    return whose;
  });
  if (!tenant)
    return problem({Code::link_spent,
                    "This link has been used already, or is too old. Go back to " +
                        service.host_name + " and open this page from there again.",
                    {}});
  auto response = json_answer(200, wire::Json::object());
  response.headers.add("Set-Cookie",
                       std::string(cookie_name(service)) + "=" + session +
                           "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" +
                           std::to_string(page_session_life / std::chrono::seconds{1}) +
                           (service.secure ? "; Secure" : ""));
  return response;
}

// What the page shows --------------------------------------------------------------------------

http::Response get_page(Service& service, const http::Request&, const Who& who) {
  auto db = service.driver.databases().borrow();
  const auto connection = store::find_connection(*db, who.connection);
  if (!connection) return problem({Code::internal, "The connection is not there any more.", {}});
  wire::Page page;
  page.tenant = store::tenant_name(*db, who.tenant).value_or(who.tenant);
  page.host = service.host_name;
  page.integration = quickbooks_online;
  page.sandbox = service.provider.sandbox;
  page.company_hint = service.provider.company_in_callback ? "callback" : "none";
  page.issuer = service.provider.issuer;
  page.now = service.driver.now();
  page.seq = connection->seq;
  page.state = connection->state;
  page.notices = store::newest_notices(*db, who.connection, 100);
  return json_answer(200, wire::write(page));
}

http::Response get_events(Service& service, const http::Request& request, const Who& who) {
  return event_stream(service, request, who.connection);
}

// What the customer does -----------------------------------------------------------------------

http::Response connect(Service& service, const Who& who) {
  const auto state = vault::random_token(32);
  const auto verifier = vault::random_token(48);  // 64 characters (RFC 7636 4.1: 43 to 128)
  const store::Attempt attempt{"att_" + vault::random_token(12), who.connection, who.session,
                               service.redirect_uri, service.driver.now() + attempt_life};
  const auto keep = [&](Database& db, const StoredConnection& before, const Step&) {
    store::put_attempt(db, attempt, vault::sha256_hex(state));
    if (!service.provider.pkce) return;
    // The grant this attempt may lead to has the next version; a newer attempt takes its place.
    service.driver.safe().put(db, {who.tenant, who.connection}, work::sealed_field::verifier,
                              before.state.connect.versions + 1, Secret(verifier));
  };
  const auto taken = service.driver.take(
      who.connection, who.actor, connect::ConnectPressed{attempt.id, attempt.expires}, keep);
  if (!taken) return problem(taken.error(), service.words);
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

http::Response post_command(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::Command>(request, "The command");
  if (!body) return problem(body.error());
  const auto take = [&](const Event& event) {
    return outcome_of(service, service.driver.take(who.connection, who.actor, event));
  };
  const auto version = body->version.value_or(0);
  switch (body->command) {
    case wire::Verb::connect:
      return connect(service, who);
    case wire::Verb::cancel:
      return take(connect::CancelPressed{});
    case wire::Verb::disconnect:
      return take(connect::DisconnectPressed{});
    case wire::Verb::confirm_company:
      return take(connect::CompanyConfirmed{version});
    case wire::Verb::decline_company:
      return take(connect::CompanyDeclined{version});
    case wire::Verb::import:
      return take(imports::ImportPressed{});
    case wire::Verb::resume_import:
      return take(imports::ResumePressed{});
    case wire::Verb::apply:
      return take(imports::ApplyPressed{body->run.value_or(0)});
  }
  return problem({Code::bad_input, "There is no such command.", {}});
}

http::Response flawed(Service& service, oauth::Flaw flaw) {
  const std::string name(wire::name_of(flaw));
  return problem({Code::callback_unusable, service.words.say("callback." + name), {}},
                 {{"refusal", name}});
}

http::Response post_callback(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::Callback>(request, "The callback");
  if (!body) return problem(body.error());
  const oauth::Callback callback{body->state, body->code,  body->realm_id,
                                 body->iss,   body->error, false};
  std::optional<store::Attempt> attempt;
  if (callback.state) {
    auto db = service.driver.databases().borrow();
    attempt = store::attempt_by_state(*db, vault::sha256_hex(*callback.state));
  }
  // Only the browser session that began an attempt may end it (RFC 6749 10.12).
  const bool ours =
      attempt && attempt->session == who.session && attempt->connection == who.connection;
  oauth::Expectation expected{ours ? *callback.state : "-", service.provider.issuer,
                              service.provider.sends_issuer, service.provider.company_in_callback};
  auto valid = oauth::validate_callback(callback, expected);
  if (!valid) {
    const auto& rejected = valid.error();
    if (!rejected.reason) return flawed(service, rejected.flaw);
    return outcome_of(service,
                      service.driver.take(who.connection, who.actor,
                                          connect::CallbackRefused{attempt->id, *rejected.reason}));
  }
  const auto keep = [&](Database& db, const StoredConnection& before, const Step&) {
    const auto version = before.state.connect.versions + 1;
    service.driver.safe().put(db, {who.tenant, who.connection}, work::sealed_field::code, version,
                              valid->code());
    store::put_grant(db, who.connection, version,
                     {valid->realm_id(), attempt->redirect_uri, {}, 0});
  };
  return outcome_of(service, service.driver.take(who.connection, who.actor,
                                                 connect::CallbackArrived{attempt->id}, keep));
}

// The configuration ----------------------------------------------------------------------------

http::Response get_configuration(Service& service, const http::Request&, const Who& who) {
  auto db = service.driver.databases().borrow();
  const auto connection = store::find_connection(*db, who.connection);
  const auto* company = connection ? connect::known_company(connection->state.connect) : nullptr;
  if (!company) return problem(Refusal::not_connected, service.words);
  wire::ConfigurationPage page;
  page.revision = connection->state.save.revision;
  page.company = *company;
  page.ours = store::directory(*db, who.tenant);
  page.theirs = store::imported_records(*db, who.connection, company->realm_id);
  page.terms = store::imported_terms(*db, who.connection, company->realm_id);
  const auto newest = store::newest_configuration(*db, who.connection, company->realm_id, false);
  const auto saved = store::newest_configuration(*db, who.connection, company->realm_id, true);
  if (newest) page.configuration = newest->configuration;
  page.accounts = mapping::suggest(page.ours.accounts, page.theirs.accounts);
  page.tax_codes = mapping::suggest(page.ours.tax_codes, page.theirs.tax_codes);
  page.customers = mapping::suggest(page.ours.customers, page.theirs.customers);
  page.suppliers = mapping::suggest(page.ours.suppliers, page.theirs.suppliers);
  // Without a saved one there is no "last time" to differ from.
  if (saved) page.differences = mapping::differences(saved->configuration, page.ours, page.theirs);
  return json_answer(200, wire::write(page));
}

template <class E>
http::Response take_choices(Service& service, const http::Request& request, const Who& who) {
  auto body = body_as<wire::Choices>(request, "The configuration");
  if (!body) return problem(body.error());
  const auto checked = mapping::checked(std::move(body->configuration));
  if (!checked) return problem(checked.error());
  const auto keep = [&](Database& db, const StoredConnection& before, const Step& next) {
    const auto* company = connect::known_company(before.state.connect);
    if (company)
      store::put_draft(db, who.connection, company->realm_id, next.next.save.revision, *checked,
                       service.driver.now(), who.actor);
  };
  return outcome_of(service, service.driver.take(who.connection, who.actor, E{body->seen}, keep));
}

}  // namespace

void add_page_api(Router& router, Service& service) {
  router.add("POST", "/api/session", [&service](const http::Request& request, const Places&) {
    return begin_session(service, request);
  });
  router.add("GET", "/api/page", for_member(service, get_page));
  router.add("GET", "/api/events", for_member(service, get_events));
  router.add("POST", "/api/commands", for_member(service, post_command));
  router.add("POST", "/api/callback", for_member(service, post_callback));
  router.add("GET", "/api/configuration", for_member(service, get_configuration));
  router.add("PUT", "/api/configuration/draft", for_member(service, take_choices<save::Edited>));
  router.add("POST", "/api/configuration", for_member(service, take_choices<save::SavePressed>));
}

}  // namespace rekey::server
