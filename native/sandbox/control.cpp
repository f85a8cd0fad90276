// What tests and people steer the sandbox by: /sandbox/…, as JSON or as the forms of the front
// page.
#include <charconv>

#include "native/sandbox/answers.hpp"
#include "native/sandbox/control_form.hpp"
#include "native/sandbox/pages.hpp"
#include "native/sandbox/rules.hpp"
#include "native/sandbox/times.hpp"
#include "native/sandbox/world.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

http::Response problem(int status, const std::string& what) {
  http::Response response =
      json_response(status, {{"type", "about:blank"}, {"status", status}, {"detail", what}});
  response.headers.set("Content-Type", "application/problem+json");
  return response;
}

std::string text_of(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::int64_t> number_of(const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

/// A company that a body names and that is not here.
std::optional<http::Response> refuse_realm(const World& world, const std::string& realm) {
  if (world.company(realm)) return std::nullopt;
  return problem(404, "There is no company with this \"realm\" here.");
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

http::Response clock(World& world, const std::string& method, const json& body) {
  if (method == "POST") {
    const auto seconds = seconds_asked(body);
    if (!seconds)
      return problem(400,
                     "Post {\"advance_s\": n}, or advance_days or advance_years of 365 days, with "
                     "whole numbers up to a hundred years. Time does not run backwards here.");
    if (world.ahead_ms.load() / 1000 + *seconds > 1000LL * 365 * 86400)
      return problem(400, "The clock would be a thousand years ahead. Start the sandbox anew.");
    world.advance(std::chrono::seconds{*seconds});
  }
  return json_response(200, {{"now", pacific_time(world.now())},
                             {"now_ms", to_ms(world.now())},
                             {"ahead_s", world.ahead_ms.load() / 1000}});
}

http::Response faults(World& world, const std::string& method, const json& body) {
  if (method == "DELETE" && body.contains("id")) {
    if (!world.faults.remove(static_cast<std::uint64_t>(number_of(body, "id").value_or(0))))
      return problem(404, "There is no fault of this \"id\": it is used up or was removed.");
  } else if (method == "DELETE") {
    world.faults.clear();
  }
  if (method == "POST") {
    auto rule = parse_fault(body);
    if (!rule) return problem(400, rule.error().hint);
    world.faults.add(std::move(*rule));
  }
  json list = json::array();
  for (const FaultRule& rule : world.faults.all()) list.push_back(describe(rule));
  return json_response(200, {{"faults", std::move(list)}});
}

http::Response requests(World& world, const std::string& method, const http::Request& request) {
  if (method == "DELETE") world.ledger.clear();
  const std::string since = request.query_value("since").value_or("0");
  std::uint64_t number = 0;
  std::from_chars(since.data(), since.data() + since.size(), number);
  return json_response(200, {{"requests", world.ledger.after(number)}});
}

http::Response disconnect(World& world, const json& body) {
  const std::string realm = text_of(body, "realm");
  if (body.contains("realm")) {
    if (auto refused = refuse_realm(world, realm)) return *refused;
    const auto ended = world.grants.end_company(realm);
    return json_response(200,
                         {{"ended", ended}, {"legacy_ended", world.legacy.end_company(realm)}});
  }
  const auto ended = world.grants.end_all();
  return json_response(200, {{"ended", ended}, {"legacy_ended", world.legacy.end_company()}});
}

http::Response legacy(World& world, const json& body) {
  const std::string realm = text_of(body, "realm");
  const std::int64_t days = number_of(body, "age_days").value_or(0);
  if (auto refused = refuse_realm(world, realm)) return *refused;
  if (days < 0 || days > 3650) return problem(400, "The age_days are from 0 to 3650.");
  const auto made = world.legacy.add(realm, world.now() - std::chrono::hours{24 * days});
  return json_response(200, {{"realm", made.realm},
                             {"consumer_key", made.app.consumer_key},
                             {"consumer_secret", made.app.consumer_secret},
                             {"token", made.token},
                             {"token_secret", made.token_secret},
                             {"issued_ms", to_ms(made.issued)}});
}

http::Response consent(World& world, const std::string& method, const json& body) {
  NextConsent next{text_of(body, "error"), text_of(body, "realm")};
  if (method == "POST" && !next.realm.empty())
    if (auto refused = refuse_realm(world, next.realm)) return *refused;
  const std::lock_guard lock(world.next_mutex);
  const bool asked = !next.error.empty() || !next.realm.empty();
  if (method == "DELETE" || (method == "POST" && !asked)) world.next_consent.reset();
  if (method == "POST" && asked) world.next_consent = std::move(next);
  json told = json::object();
  if (world.next_consent && !world.next_consent->error.empty())
    told["error"] = world.next_consent->error;
  if (world.next_consent && !world.next_consent->realm.empty())
    told["realm"] = world.next_consent->realm;
  return json_response(200, {{"next", std::move(told)}});
}

http::Response limits(World& world, const std::string& method, const json& body) {
  LimitRules rules = world.limits.rules();
  if (method == "POST") {
    const auto set = [&](const char* name, std::size_t& into) {
      const auto number = number_of(body, name);
      if (number && *number >= 0) into = static_cast<std::size_t>(*number);
      return !body.contains(name) || (number && *number >= 0);
    };
    if (!set("per_minute", rules.per_minute) || !set("per_second", rules.per_second) ||
        !set("batches_per_minute", rules.batches_per_minute))
      return problem(400,
                     "Post whole numbers as per_minute, per_second or batches_per_minute; "
                     "0 switches a limit off.");
    world.limits.set(rules);
  }
  return json_response(200, {{"per_minute", rules.per_minute},
                             {"per_second", rules.per_second},
                             {"batches_per_minute", rules.batches_per_minute}});
}

http::Response rules(World& world, const std::string& method, const json& body) {
  if (method == "POST") {
    const auto changed = change(world.grants.rules(), body);
    if (!changed) return problem(400, changed.error().hint);
    world.set_rules(*changed);
  }
  return json_response(200, describe(world.grants.rules()));
}

http::Response control(World& world, const http::Request& request, const std::string& method,
                       const json& body) {
  const std::string what = request.path.substr(std::string_view("/sandbox/").size());
  const bool get = method == "GET", post = method == "POST", remove = method == "DELETE";
  if (!body.is_object()) return problem(400, "The body of this request must be a JSON object.");
  if (what == "state" && get) return json_response(200, describe_state(world));
  if (what == "requests" && (get || remove)) return requests(world, method, request);
  if (what == "clock" && (get || post)) return clock(world, method, body);
  if (what == "faults" && (get || post || remove)) return faults(world, method, body);
  if (what == "consent" && (get || post || remove)) return consent(world, method, body);
  if (what == "limits" && (get || post)) return limits(world, method, body);
  if (what == "rules" && (get || post)) return rules(world, method, body);
  if (what == "disconnect" && post) return disconnect(world, body);
  if (what == "legacy" && post) return legacy(world, body);
  return problem(404, "There is no such control. See docs/sandbox.md for what there is.");
}

}  // namespace

nlohmann::json describe_state(const World& world) {
  json companies = json::array(), grants = json::array(), old = json::array();
  for (const Company& company : world.companies)
    companies.push_back({{"realm", company.spec().id},
                         {"name", company.spec().name},
                         {"production", company.spec().production},
                         {"customers", company.people().customers()},
                         {"vendors", company.people().vendors()}});
  for (const auto& grant : world.grants.summaries(world.now()))
    grants.push_back({{"client_id", grant.client_id},
                      {"user", grant.user},
                      {"realm", grant.realm},
                      {"live", grant.live},
                      {"since", pacific_time(grant.since)},
                      {"refresh_until", pacific_time(grant.refresh_until)},
                      {"hard_until", pacific_time(grant.hard_until)}});
  for (const auto& connection : world.legacy.all())
    old.push_back({{"realm", connection.realm},
                   {"since", pacific_time(connection.issued)},
                   {"until", pacific_time(connection.issued + legacy_life)},
                   {"migrated", connection.migrated}});
  return {{"now", pacific_time(world.now())},
          {"companies", std::move(companies)},
          {"grants", std::move(grants)},
          {"legacy", std::move(old)}};
}

http::Response control_api(World& world, const http::Request& request) {
  if (request.path == "/sandbox/style.css" && request.method == "GET") return style_sheet();
  if (request.method != "GET" && is_of_another_site(world, request))
    return problem(403, "A page of another site sent this. Only the sandbox's own page may.");
  if (is_form(request)) {
    const ControlForm form = read_form(request.body);
    const http::Response done = control(world, request, form.method, form.body);
    if (done.status >= 400) {
      const std::string why = json::parse(done.body).value("detail", "");
      http::Response page = front_page(world, request, why);
      page.status = done.status;
      return page;
    }
    // Where the person was on the page, and so that loading it again does nothing again.
    return {303, {{"Location", "/#" + form.section}, {"Cache-Control", "no-store"}}, "", {}};
  }
  json body = json::object();
  if (request.method == "POST") body = parse_json(request.body);
  if (request.method == "DELETE") body = read_form(request.query).body;
  return control(world, request, request.method, body);
}

}  // namespace rekey::sandbox
