// Each page is reached by its own address and may be reloaded.
#include "native/sandbox/oauth/authorize.hpp"

#include <algorithm>

#include "native/sandbox/oauth/sign_in_pages.hpp"
#include "native/sandbox/pages/html.hpp"

namespace rekey::sandbox {

namespace {

using Form = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view known_scopes[] = {"com.intuit.quickbooks.accounting",
                                             "com.intuit.quickbooks.payment",
                                             "openid",
                                             "profile",
                                             "email",
                                             "phone",
                                             "address",
                                             "intuit_name",
                                             "payroll.compensation.read",
                                             "project-management.project",
                                             "app-foundations.custom-dimensions.read",
                                             "app-foundations.custom-field-definitions",
                                             "app-foundations.custom-field-definitions.read",
                                             "indirect-tax.tax-calculation.quickbooks",
                                             "time-tracking.time-entry",
                                             "time-tracking.time-entry.read"};

bool is_known_scope(const std::string& scope) {
  return std::find(std::begin(known_scopes), std::end(known_scopes), scope) !=
         std::end(known_scopes);
}

bool needs_company(const Consent& consent) {
  return std::any_of(consent.scopes.begin(), consent.scopes.end(), [](const std::string& scope) {
    return scope == "com.intuit.quickbooks.accounting" || scope == "com.intuit.quickbooks.payment";
  });
}

std::vector<std::string> split_scopes(const std::string& text) {
  std::vector<std::string> scopes;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end > at) scopes.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return scopes;
}

http::Response redirect(const std::string& to) {
  http::Response response;
  response.status = 303;
  response.headers.set("Location", to);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

/// Back to the application, with `pairs` added to whatever query its address has.
http::Response send_back(const std::string& redirect_uri, const Form& pairs) {
  std::string to = redirect_uri;
  char separator = redirect_uri.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : pairs) {
    if (value.empty()) continue;
    to += separator + name + "=" + http::percent_encode(value);
    separator = '&';
  }
  return redirect(to);
}

http::Response refuse(const Visit& visit, const std::string& error) {
  return send_back(visit.asked.redirect_uri, {{"error", error}, {"state", visit.state}});
}

http::Response allow(const AuthorizeParts& parts, Visit visit) {
  const Instant now = parts.clock.now();
  visit.asked.at = now;
  const std::string code = parts.grants.issue_code(visit.asked, now);
  return send_back(visit.asked.redirect_uri,
                   {{"code", code}, {"state", visit.state}, {"realmId", visit.asked.realm}});
}

http::Response step_page(const char* step, const Visit& visit) {
  return redirect("/connect/oauth2/" + std::string(step) + "?visit=" + visit.id);
}

http::Response gone() {
  return trouble_page(410, "This request is over",
                      "It was answered already, or nobody answered it for half an hour.",
                      "Go back to the application and connect again.");
}

std::string app_name(const AuthorizeParts& parts, const Visit& visit) {
  const SandboxClient* client = parts.registered.client(visit.asked.client_id);
  return client && !client->name.empty() ? client->name : visit.asked.client_id;
}

std::vector<CompanySpec> specs_of(const Companies& companies) {
  std::vector<CompanySpec> out;
  for (const Company& company : companies.all()) out.push_back(company.spec());
  return out;
}

SignIn sign_in_form(const AuthorizeParts& parts, const Visit& visit) {
  SignIn form;
  for (const SandboxUser& user : parts.registered.users) form.users.push_back(user.name);
  form.user = visit.login_hint;
  if (parts.fill_in_sign_in && !parts.registered.users.empty()) {
    form.user = parts.registered.users.front().name;
    form.password = parts.registered.users.front().password;
  }
  return form;
}

/// Answers in place of a person. `wanted`: the company that the request asks for by our own
/// parameter `sandbox_realm`, so that many can be sent through at once, each to one of its own.
http::Response answer_at_once(const AuthorizeParts& parts, Visit visit, const std::string& wanted) {
  const NextConsent next = parts.next_consent.take();
  if (!next.error.empty()) return refuse(visit, next.error);
  visit.asked.user = parts.registered.first_user();
  if (needs_company(visit.asked)) {
    if (parts.companies.all().empty()) return refuse(visit, "access_denied");
    visit.asked.realm =
        parts.companies.find(wanted) ? wanted : parts.companies.all().front().spec().id;
    if (!next.realm.empty()) visit.asked.realm = next.realm;
  }
  return allow(parts, std::move(visit));
}

/// The request's parameters as a visit; they were not checked yet.
Visit read_request(const Form& form) {
  const auto value = [&](std::string_view name) { return http::find(form, name).value_or(""); };
  Visit visit;
  visit.state = value("state");
  visit.login_hint = value("login_hint");
  visit.asked.client_id = value("client_id");
  visit.asked.redirect_uri = value("redirect_uri");
  visit.asked.scopes = split_scopes(value("scope"));
  visit.asked.nonce = value("nonce");
  visit.asked.challenge = value("code_challenge");
  visit.asked.challenge_method = value("code_challenge_method");
  // RFC 7636 section 4.3: without a method it is "plain".
  if (visit.asked.challenge_method.empty()) visit.asked.challenge_method = "plain";
  return visit;
}

/// No browser is sent to an address that this client did not register: then our own page says so.
std::optional<http::Response> refuse_to_redirect(const AuthorizeParts& parts, const Visit& visit) {
  const SandboxClient* client = parts.registered.client(visit.asked.client_id);
  if (!client)
    return trouble_page(400, "Unknown application",
                        "The client_id of this request is missing or not registered here.",
                        "If you are the developer: compare it with the sandbox's --client-id.");
  if (client->may_redirect_to(visit.asked.redirect_uri)) return std::nullopt;
  return trouble_page(
      400, "The redirect URI is not registered",
      "The redirect_uri of this request is not exactly one of those that the application has "
      "registered.",
      "If you are the developer: letter case, scheme, port and a final slash all count; compare "
      "it with the sandbox's --redirect-uri.");
}

http::Response begin(const AuthorizeParts& parts, const http::Request& request) {
  const Form form = http::parse_form(request.method == "POST" ? request.body : request.query);
  Visit visit = read_request(form);
  if (auto page = refuse_to_redirect(parts, visit)) return *page;
  const std::string type = http::find(form, "response_type").value_or("");
  if (type.empty()) return refuse(visit, "invalid_request");
  if (type != "code") return refuse(visit, "unsupported_response_type");
  if (visit.asked.scopes.empty() ||
      !std::all_of(visit.asked.scopes.begin(), visit.asked.scopes.end(), is_known_scope))
    return refuse(visit, "invalid_scope");
  // Intuit requires a state; without one an application cannot tell its own callbacks.
  if (visit.state.empty()) return refuse(visit, "invalid_request");
  if (parts.grants.rules().pkce && visit.asked.challenge_method != "S256" &&
      visit.asked.challenge_method != "plain")
    return refuse(visit, "invalid_request");
  if (parts.auto_consent)
    return answer_at_once(parts, std::move(visit), http::find(form, "sandbox_realm").value_or(""));
  visit.id = parts.visits.begin(visit, parts.clock.now());
  return step_page("sign-in", visit);
}

http::Response sign_in(const AuthorizeParts& parts, const http::Request& request,
                       const Visit& begun, const Form& form) {
  Visit visit = begun;
  SignIn page = sign_in_form(parts, visit);
  if (request.method != "POST") return sign_in_page(visit, app_name(parts, visit), page);
  const std::string name = http::find(form, "username").value_or("");
  const std::string password = http::find(form, "password").value_or("");
  for (const SandboxUser& user : parts.registered.users) {
    if (user.name != name || user.password != password) continue;
    visit.asked.user = name;
    parts.visits.update(visit);
    return step_page(needs_company(visit.asked) ? "company" : "consent", visit);
  }
  page.user = name;
  page.password.clear();
  page.problem = "That user name and password do not belong together. Try again.";
  return sign_in_page(visit, app_name(parts, visit), page);
}

http::Response choose_company(const AuthorizeParts& parts, const http::Request& request,
                              const Visit& begun, const Form& form) {
  Visit visit = begun;
  std::string problem;
  if (request.method == "POST") {
    // Another one than the person took, if that was asked; the next page says which it is.
    std::string chosen = parts.next_consent.get().realm;
    if (chosen.empty()) chosen = http::find(form, "company").value_or("");
    if (parts.companies.find(chosen)) {
      visit.asked.realm = chosen;
      parts.visits.update(visit);
      return step_page("consent", visit);
    }
    problem = "Choose one of the companies.";
  }
  return company_page(visit, app_name(parts, visit), specs_of(parts.companies), problem);
}

http::Response decide(const AuthorizeParts& parts, const http::Request& request, const Visit& visit,
                      const Form& form) {
  const Company* company = parts.companies.find(visit.asked.realm);
  const std::string decision =
      request.method == "POST" ? http::find(form, "decision").value_or("") : "";
  if (decision != "allow" && decision != "deny")
    return consent_page(visit, app_name(parts, visit), company ? company->spec().name : "");
  // Two tabs, or a second press: only one of them has the visit.
  auto finished = parts.visits.finish(visit.id, parts.clock.now());
  if (!finished) return gone();
  const NextConsent next = parts.next_consent.take();
  if (decision == "deny") return refuse(*finished, "access_denied");
  if (!next.error.empty()) return refuse(*finished, next.error);
  return allow(parts, std::move(*finished));
}

/// A step of a visit, for visits that there are.
using Step = http::Response (*)(const AuthorizeParts&, const http::Request&, const Visit&,
                                const Form&);

http::Route with_visit(const AuthorizeParts& parts, Step step) {
  return [parts, step](const http::Request& request, const http::Places&) {
    const Form form = http::parse_form(request.method == "POST" ? request.body : request.query);
    const auto visit = parts.visits.find(http::find(form, "visit").value_or(""), parts.clock.now());
    return visit ? step(parts, request, *visit, form) : gone();
  };
}

/// The same for pages that need what the earlier ones found out.
template <Step step>
http::Response signed_in(const AuthorizeParts& parts, const http::Request& request,
                         const Visit& visit, const Form& form) {
  if (visit.asked.user.empty()) return step_page("sign-in", visit);
  return step(parts, request, visit, form);
}
template <Step step>
http::Response with_company(const AuthorizeParts& parts, const http::Request& request,
                            const Visit& visit, const Form& form) {
  if (needs_company(visit.asked) && visit.asked.realm.empty()) return step_page("company", visit);
  return step(parts, request, visit, form);
}

http::Response no_such_page(const AuthorizeParts&, const http::Request&, const Visit&,
                            const Form&) {
  return trouble_page(404, "There is no such page", "This address is not part of the sign-in.",
                      "Go back to the application and connect again.");
}

}  // namespace

void add_authorize_pages(http::Router& router, const AuthorizeParts& parts) {
  const auto add = [&](const char* path, http::Route route) {
    router.add(http::Router::any_method, path, std::move(route));
  };
  const http::Route first = [parts](const http::Request& request, const http::Places&) {
    return begin(parts, request);
  };
  add("/connect/oauth2", first);
  add("/connect/oauth2/", first);
  add("/connect/oauth2/sign-in", with_visit(parts, sign_in));
  add("/connect/oauth2/company", with_visit(parts, signed_in<choose_company>));
  add("/connect/oauth2/consent", with_visit(parts, signed_in<with_company<decide>>));
  add("/connect/oauth2/{page...}", with_visit(parts, signed_in<with_company<no_such_page>>));
}

}  // namespace rekey::sandbox
