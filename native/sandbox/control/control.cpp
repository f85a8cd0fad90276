#include "native/sandbox/control/control.hpp"

#include <charconv>

#include "native/sandbox/control/control_changes.hpp"
#include "native/sandbox/control/control_form.hpp"
#include "native/sandbox/control/front_page.hpp"
#include "native/sandbox/grants/rules.hpp"
#include "native/sandbox/pages/html.hpp"
#include "native/sandbox/pages/json_response.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

std::optional<std::int64_t> number_of(const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

/// A company that a body names and that is not here.
std::optional<http::Response> refuse_realm(const Companies& companies, const std::string& realm) {
  if (companies.find(realm)) return std::nullopt;
  return control_problem(404, "There is no company with this \"realm\" here.");
}

struct Unit {
  const char* name;
  std::int64_t seconds;
};
constexpr Unit units[] = {
    {"advance_s", 1}, {"advance_days", 86400}, {"advance_years", 365LL * 86400}};

/// How many seconds a body asks to let pass.
std::optional<std::int64_t> seconds_asked(const json& body) {
  constexpr std::int64_t a_century = 100LL * 365 * 86400;
  std::int64_t sum = 0;
  for (const auto& [name, value] : body.items()) {
    const Unit* unit = nullptr;
    for (const Unit& one : units)
      if (name == one.name) unit = &one;
    const auto number = number_of(body, name.c_str());
    if (!unit || !number || *number < 0 || *number > a_century / unit->seconds) return std::nullopt;
    sum += *number * unit->seconds;
  }
  if (body.empty() || sum > a_century) return std::nullopt;
  return sum;
}

http::Response clock(const ControlParts& parts, const http::Request& request, const json& body) {
  if (request.method == "POST") {
    const auto seconds = seconds_asked(body);
    if (!seconds)
      return control_problem(
          400,
          "Post {\"advance_s\": n}, or advance_days or advance_years of 365 days, with "
          "whole numbers up to a hundred years. Time does not run backwards here.");
    if (parts.clock.ahead().count() / 1000 + *seconds > 1000LL * 365 * 86400)
      return control_problem(400,
                             "The clock would be a thousand years ahead. Start the sandbox anew.");
    parts.clock.advance(std::chrono::seconds{*seconds});
  }
  return json_response(200, {{"now", pacific_time(parts.clock.now())},
                             {"now_ms", to_ms(parts.clock.now())},
                             {"ahead_s", parts.clock.ahead().count() / 1000}});
}

http::Response faults(const ControlParts& parts, const http::Request& request, const json& body) {
  if (request.method == "DELETE" && body.contains("id")) {
    if (!parts.faults.remove(static_cast<std::uint64_t>(number_of(body, "id").value_or(0))))
      return control_problem(404,
                             "There is no fault of this \"id\": it is used up or was removed.");
  } else if (request.method == "DELETE") {
    parts.faults.clear();
  }
  if (request.method == "POST") {
    auto rule = parse_fault(body);
    if (!rule) return control_problem(400, rule.error().hint);
    parts.faults.add(std::move(*rule));
  }
  json list = json::array();
  for (const FaultRule& rule : parts.faults.all()) list.push_back(describe(rule));
  return json_response(200, {{"faults", std::move(list)}});
}

http::Response requests(const ControlParts& parts, const http::Request& request, const json&) {
  if (request.method == "DELETE") parts.ledger.clear();
  const std::string since = request.query_value("since").value_or("0");
  std::uint64_t number = 0;
  std::from_chars(since.data(), since.data() + since.size(), number);
  return json_response(200, {{"requests", parts.ledger.after(number)}});
}

http::Response disconnect(const ControlParts& parts, const http::Request&, const json& body) {
  const std::string realm = text_member(body, "realm");
  if (body.contains("realm")) {
    if (auto refused = refuse_realm(parts.companies, realm)) return *refused;
    const auto ended = parts.grants.end_company(realm);
    return json_response(200,
                         {{"ended", ended}, {"legacy_ended", parts.legacy.end_company(realm)}});
  }
  const auto ended = parts.grants.end_all();
  return json_response(200, {{"ended", ended}, {"legacy_ended", parts.legacy.end_company()}});
}

http::Response legacy(const ControlParts& parts, const http::Request&, const json& body) {
  const std::string realm = text_member(body, "realm");
  const std::int64_t days = number_of(body, "age_days").value_or(0);
  if (auto refused = refuse_realm(parts.companies, realm)) return *refused;
  if (days < 0 || days > 3650) return control_problem(400, "The age_days are from 0 to 3650.");
  const auto made = parts.legacy.add(realm, parts.clock.now() - std::chrono::hours{24 * days});
  return json_response(200, {{"realm", made.realm},
                             {"consumer_key", made.app.consumer_key},
                             {"consumer_secret", made.app.consumer_secret},
                             {"token", made.token},
                             {"token_secret", made.token_secret},
                             {"issued_ms", to_ms(made.issued)}});
}

http::Response consent(const ControlParts& parts, const http::Request& request, const json& body) {
  NextConsent next{text_member(body, "error"), text_member(body, "realm")};
  if (request.method == "POST" && !next.realm.empty())
    if (auto refused = refuse_realm(parts.companies, next.realm)) return *refused;
  // With neither it ends as it is answered, which is what DELETE asks for.
  if (request.method == "POST") parts.next_consent.set(std::move(next));
  if (request.method == "DELETE") parts.next_consent.set({});
  const NextConsent now = parts.next_consent.get();
  json told = json::object();
  if (!now.error.empty()) told["error"] = now.error;
  if (!now.realm.empty()) told["realm"] = now.realm;
  return json_response(200, {{"next", std::move(told)}});
}

http::Response limits(const ControlParts& parts, const http::Request& request, const json& body) {
  LimitRules rules = parts.limits.rules();
  if (request.method == "POST") {
    const auto set = [&](const char* name, std::size_t& into) {
      const auto number = number_of(body, name);
      if (number && *number >= 0) into = static_cast<std::size_t>(*number);
      return !body.contains(name) || (number && *number >= 0);
    };
    if (!set("per_minute", rules.per_minute) || !set("per_second", rules.per_second) ||
        !set("batches_per_minute", rules.batches_per_minute))
      return control_problem(400,
                             "Post whole numbers as per_minute, per_second or batches_per_minute; "
                             "0 switches a limit off.");
    parts.limits.set(rules);
  }
  return json_response(200, {{"per_minute", rules.per_minute},
                             {"per_second", rules.per_second},
                             {"batches_per_minute", rules.batches_per_minute}});
}

http::Response rules(const ControlParts& parts, const http::Request& request, const json& body) {
  if (request.method == "POST") {
    const auto changed = change(parts.grants.rules(), body);
    if (!changed) return control_problem(400, changed.error().hint);
    set_rules(parts.grants, parts.legacy, *changed);
  }
  return json_response(200, describe(parts.grants.rules()));
}

http::Response state(const ControlParts& parts, const http::Request&, const json&) {
  return json_response(200, describe_state(parts));
}

/// The members that a request has, as the controls take them.
json body_of(const http::Request& request) {
  if (request.method == "POST") return parse_json(request.body);
  if (request.method == "DELETE") return read_form(request.query).body;
  return json::object();
}

http::Router make_controls(const ControlParts& parts) {
  http::Router controls([](const http::Request&, const Error& error) {
    if (error.code == Code::method_not_allowed) return control_problem(405, error.hint);
    return control_problem(404, "There is no such control. See docs/sandbox.md for what there is.");
  });
  using Control = http::Response (*)(const ControlParts&, const http::Request&, const json&);
  const auto add = [&](const char* path, std::initializer_list<const char*> methods,
                       Control control) {
    const http::Route route = [parts, control](const http::Request& request, const http::Places&) {
      const json body = body_of(request);
      if (!body.is_object())
        return control_problem(400, "The body of this request must be a JSON object.");
      return control(parts, request, body);
    };
    for (const char* method : methods) controls.add(method, path, route);
  };
  add("/sandbox/state", {"GET"}, state);
  add("/sandbox/requests", {"GET", "DELETE"}, requests);
  add("/sandbox/clock", {"GET", "POST"}, clock);
  add("/sandbox/faults", {"GET", "POST", "DELETE"}, faults);
  add("/sandbox/consent", {"GET", "POST", "DELETE"}, consent);
  add("/sandbox/limits", {"GET", "POST"}, limits);
  add("/sandbox/rules", {"GET", "POST"}, rules);
  add("/sandbox/disconnect", {"POST"}, disconnect);
  add("/sandbox/legacy", {"POST"}, legacy);
  add("/sandbox/webhooks", {"GET", "POST"}, control_webhooks);
  add("/sandbox/changes", {"POST"}, control_changes);
  return controls;
}

/// The request that a program would send in place of a form.
http::Request as_of_program(http::Request request, const ControlForm& form) {
  request.method = form.method;
  // A deletion says in its query what it is about.
  if (form.method == "DELETE") request.query = request.body;
  request.body = json_text(form.body);
  return request;
}

http::Response take_form(const ControlParts& parts, const http::Router& controls,
                         const http::Request& request) {
  const ControlForm form = read_form(request.body);
  const http::Response done = controls.handle(as_of_program(request, form));
  if (done.status >= 400) {
    const std::string why = json::parse(done.body).value("detail", "");
    http::Response page = front_page(parts, request, why);
    page.status = done.status;
    return page;
  }
  // Where the person was on the page, and so that loading it again does nothing again.
  return {303, {{"Location", "/#" + form.section}, {"Cache-Control", "no-store"}}, "", {}};
}

}  // namespace

void set_rules(Grants& grants, LegacyConnections& legacy, const GrantRules& rules) {
  grants.set_rules(rules);
  legacy.check_nonces(rules.legacy_nonces);
}

void add_control(http::Router& router, const ControlParts& parts) {
  router.add(http::Router::any_method, "/",
             [parts](const http::Request& request, const http::Places&) {
               return front_page(parts, request);
             });
  router.add("GET", "/sandbox/style.css",
             [](const http::Request&, const http::Places&) { return style_sheet(); });
  router.add(
      http::Router::any_method, "/sandbox/{control...}",
      [parts, controls = make_controls(parts)](const http::Request& request, const http::Places&) {
        if (request.method != "GET" && is_of_another_site(parts.address, request))
          return control_problem(
              403, "A page of another site sent this. Only the sandbox's own page may.");
        return is_form(request) ? take_form(parts, controls, request) : controls.handle(request);
      });
}

}  // namespace rekey::sandbox
