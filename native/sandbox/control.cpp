// What tests and people steer the sandbox by: /sandbox/…, and the page at the front.
#include <charconv>

#include "native/sandbox/answers.hpp"
#include "native/sandbox/pages.hpp"
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

http::Response clock(World& world, const http::Request& request, const json& body) {
  if (request.method == "POST") {
    constexpr std::int64_t a_century = 100LL * 365 * 86400;
    const auto seconds = number_of(body, "advance_s");
    if (!seconds || *seconds < 0 || *seconds > a_century)
      return problem(400,
                     "Post {\"advance_s\": n} with whole seconds from 0 to a hundred years. "
                     "Time does not run backwards here.");
    world.ahead_ms += *seconds * 1000;
  }
  return json_response(200, {{"now", pacific_time(world.now())},
                             {"now_ms", to_ms(world.now())},
                             {"ahead_s", world.ahead_ms.load() / 1000}});
}

http::Response faults(World& world, const http::Request& request, const json& body) {
  if (request.method == "DELETE") world.faults.clear();
  if (request.method == "POST") {
    auto rule = parse_fault(body);
    if (!rule) return problem(400, rule.error().hint);
    world.faults.add(std::move(*rule));
  }
  json list = json::array();
  for (const FaultRule& rule : world.faults.all()) list.push_back(describe(rule));
  return json_response(200, {{"faults", std::move(list)}});
}

http::Response requests(World& world, const http::Request& request) {
  if (request.method == "DELETE") world.ledger.clear();
  const std::string since = request.query_value("since").value_or("0");
  std::uint64_t number = 0;
  std::from_chars(since.data(), since.data() + since.size(), number);
  return json_response(200, {{"requests", world.ledger.after(number)}});
}

http::Response disconnect(World& world, const json& body) {
  const std::string realm = text_of(body, "realm");
  if (!world.company(realm)) return problem(404, "There is no company with this \"realm\" here.");
  return json_response(200, {{"ended", world.grants.end_company(realm)}});
}

http::Response legacy(World& world, const json& body) {
  const std::string realm = text_of(body, "realm");
  const std::int64_t days = number_of(body, "age_days").value_or(0);
  if (!world.company(realm)) return problem(404, "There is no company with this \"realm\" here.");
  if (days < 0 || days > 3650) return problem(400, "The age_days are from 0 to 3650.");
  const auto made = world.legacy.add(realm, world.now() - std::chrono::hours{24 * days});
  return json_response(200, {{"realm", made.realm},
                             {"consumer_key", made.app.consumer_key},
                             {"consumer_secret", made.app.consumer_secret},
                             {"token", made.token},
                             {"token_secret", made.token_secret},
                             {"issued_ms", to_ms(made.issued)}});
}

http::Response consent(World& world, const json& body) {
  NextConsent next{text_of(body, "error"), text_of(body, "realm")};
  if (!next.realm.empty() && !world.company(next.realm))
    return problem(404, "There is no company with this \"realm\" here.");
  const std::lock_guard lock(world.next_mutex);
  world.next_consent = std::move(next);
  return json_response(200, {{"next", body}});
}

http::Response limits(World& world, const http::Request& request, const json& body) {
  LimitRules rules = world.limits.rules();
  if (request.method == "POST") {
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

json describe_state(World& world) {
  json companies = json::array(), grants = json::array(), old = json::array();
  for (const Company& company : world.companies)
    companies.push_back({{"realm", company.spec().id},
                         {"name", company.spec().name},
                         {"customers", company.people().customers()},
                         {"vendors", company.people().vendors()}});
  for (const auto& grant : world.grants.summaries(world.now()))
    grants.push_back({{"client_id", grant.client_id},
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

}  // namespace

http::Response control_api(World& world, const http::Request& request) {
  const std::string what = request.path.substr(std::string_view("/sandbox/").size());
  const bool get = request.method == "GET";
  if (what == "style.css" && get) return style_sheet();
  if (what == "state" && get) return json_response(200, describe_state(world));
  if (what == "requests" && (get || request.method == "DELETE")) return requests(world, request);
  const bool post = request.method == "POST";
  json body = json::object();
  if (post) body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return problem(400, "The body of this request must be a JSON object.");
  if (what == "clock" && (get || post)) return clock(world, request, body);
  if (what == "faults" && (get || post || request.method == "DELETE"))
    return faults(world, request, body);
  if (what == "limits" && (get || post)) return limits(world, request, body);
  if (what == "disconnect" && post) return disconnect(world, body);
  if (what == "legacy" && post) return legacy(world, body);
  if (what == "consent" && post) return consent(world, body);
  return problem(404, "There is no such control. See docs/sandbox.md for what there is.");
}

http::Response front_page(World& world, const http::Request& request) {
  const json state = describe_state(world);
  std::string inside =
      "<p>A local stand-in for Intuit and QuickBooks Online. Its address is <code>" +
      escape_html(world.base(request)) + "</code>, its time " +
      escape_html(state["now"].get<std::string>()) + ".</p><h2>Companies</h2>" +
      "<table><tr><th scope=\"col\">Name</th><th scope=\"col\">Realm</th>"
      "<th scope=\"col\">Customers</th></tr>";
  for (const json& company : state["companies"])
    inside += "<tr><td>" + escape_html(company["name"].get<std::string>()) + "</td><td><code>" +
              escape_html(company["realm"].get<std::string>()) + "</code></td><td>" +
              company["customers"].dump() + "</td></tr>";
  inside += "</table><h2>Connected</h2><ul>";
  for (const json& grant : state["grants"])
    inside += "<li>" + escape_html(grant["client_id"].get<std::string>()) + " with " +
              escape_html(grant["realm"].get<std::string>()) +
              (grant["live"].get<bool>() ? "" : ", ended") + "</li>";
  inside += "</ul><h2>To look at</h2><ul>";
  for (const char* path : {"/.well-known/openid_configuration", "/sandbox/state",
                           "/sandbox/requests", "/sandbox/faults", "/sandbox/clock"})
    inside += "<li><a href=\"" + std::string(path) + "\">" + path + "</a></li>";
  return html_page(200, "Rekey sandbox", inside + "</ul>");
}

}  // namespace rekey::sandbox
