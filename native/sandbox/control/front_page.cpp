#include "native/sandbox/control/front_page.hpp"

#include "native/sandbox/control/control_changes.hpp"
#include "native/sandbox/grants/rules.hpp"
#include "native/sandbox/pages/form.hpp"
#include "native/sandbox/pages/html.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

std::string code(const std::string& text) {
  return "<code>" + escape_html(text) + "</code>";
}

/// "2026-11-02T03:04:05.678-08:00" as people read it.
std::string readable(std::string time) {
  return escape_html(time.substr(0, 10) + " " + time.substr(11, 5));
}

std::string company_name(const Companies& companies, const std::string& realm) {
  const Company* company = companies.find(realm);
  return company ? escape_html(company->spec().name) : "no company";
}

std::string clock_section(const ControlParts& parts) {
  std::string inside = "<p class=\"clock\"><time>" + readable(pacific_time(parts.clock.now())) +
                       "</time> <span class=\"soft small\">Pacific standard time</span></p>";
  const std::int64_t ahead = parts.clock.ahead().count() / 1000;
  inside +=
      "<p class=\"soft\">" +
      (ahead == 0 ? std::string("As on this machine.")
                  : std::to_string(ahead / 86400) + " days and " +
                        std::to_string(ahead % 86400 / 3600) + " hours ahead of this machine.") +
      " Time does not run backwards here: start the sandbox anew for that.</p>"
      "<div class=\"row\">";
  for (const auto& [name, field, value] :
       {std::tuple{"An hour on", "advance_s", "3600"}, std::tuple{"A day on", "advance_days", "1"},
        std::tuple{"A month on", "advance_days", "30"},
        std::tuple{"A hundred days on", "advance_days", "100"},
        std::tuple{"A year on", "advance_years", "1"}})
    inside += deed("clock", {{field, value}}, name);
  return section("clock", "Clock", "narrow", inside + "</div>");
}

std::string consent_section(const ControlParts& parts) {
  const NextConsent next = parts.next_consent.get();
  Choices choices = {{"", "as it is answered"},
                     {"error=access_denied", "refused: access_denied"},
                     {"error=server_error", "fails at Intuit: server_error"},
                     {"error=temporarily_unavailable", "fails at Intuit: temporarily_unavailable"}};
  for (const Company& company : parts.companies.all())
    choices.emplace_back("realm=" + company.spec().id, "with " + company.spec().name);
  const std::string chosen = !next.error.empty()   ? "error=" + next.error
                             : !next.realm.empty() ? "realm=" + next.realm
                                                   : "";
  return section("consent", "Next authorization", "broad",
                 "<p class=\"soft\">How it ends, whatever is pressed on the pages, once. To deny "
                 "stays possible.</p>" +
                     form_start("consent", "consent") + "<div class=\"fields\">" +
                     select("more", "The next authorization ends", choices, chosen) +
                     "<button type=\"submit\">Set</button></div></form>");
}

std::string companies_section(const json& state) {
  Table table{{"Company", "Realm", "Customers", "Vendors", ""}, {}};
  for (const json& company : state["companies"]) {
    const std::string name = company["name"], realm = company["realm"];
    std::string deeds = "<div class=\"row\">";
    deeds += deed("disconnect", {{"realm", realm}}, "Disconnect", name, "companies");
    deeds += deed("faults",
                  {{"route", "api"}, {"kind", "admin_lost"}, {"realm", realm}, {"count", "-1"}},
                  "Take the admin’s rights", name, "faults");
    deeds += deed("legacy", {{"realm", realm}, {"age_days", "160"}}, "Add a legacy connection",
                  name, "legacy");
    table.rows.push_back({escape_html(name), code(realm), company["customers"].dump(),
                          company["vendors"].dump(), deeds + "</div>"});
  }
  return section("companies", "Companies", "",
                 table.html() +
                     "<h3>All of them</h3><p class=\"soft\">Ends every grant and every legacy "
                     "connection, as if each customer disconnected inside QuickBooks.</p>"
                     "<div class=\"row\">" +
                     deed("disconnect", {}, "End everything", "", "companies") + "</div>");
}

std::string grants_section(const ControlParts& parts, const json& state) {
  if (state["grants"].empty())
    return section("grants", "Grants", "", "<p class=\"soft\">Nobody has connected yet.</p>");
  Table table{
      {"Application", "Company", "Person", "Since", "Refresh until", "At most until", "State"}, {}};
  for (const json& grant : state["grants"])
    table.rows.push_back({code(grant["client_id"]), company_name(parts.companies, grant["realm"]),
                          escape_html(grant["user"].get<std::string>()), readable(grant["since"]),
                          readable(grant["refresh_until"]), readable(grant["hard_until"]),
                          grant["live"].get<bool>() ? "<span class=\"good\">lives</span>"
                                                    : "<span class=\"bad\">ended</span>"});
  return section("grants", "Grants", "", table.html());
}

std::string legacy_section(const ControlParts& parts) {
  std::string inside =
      "<p class=\"soft\">OAuth 1.0a. One lives 180 days and is renewed in the last 30 of them.</p>";
  Table table{{"Company", "Since", "Until", "State", "Credential"}, {}};
  for (const LegacyConnection& one : parts.legacy.all()) {
    const bool over = parts.clock.now() >= one.issued + legacy_life;
    table.rows.push_back(
        {company_name(parts.companies, one.realm), readable(pacific_time(one.issued)),
         readable(pacific_time(one.issued + legacy_life)),
         over           ? "<span class=\"bad\">expired</span>"
         : one.migrated ? "<span class=\"good\">lives, migrated</span>"
                        : "<span class=\"good\">lives</span>",
         "<details><summary>Show<span class=\"hidden\"> the credential of this "
         "connection</span></summary><dl><dt>consumer key</dt><dd>" +
             code(one.app.consumer_key) + "</dd><dt>consumer secret</dt><dd>" +
             code(one.app.consumer_secret) + "</dd><dt>token</dt><dd>" + code(one.token) +
             "</dd><dt>token secret</dt><dd>" + code(one.token_secret) + "</dd></dl></details>"});
  }
  if (!table.rows.empty()) inside += table.html();
  Choices companies;
  for (const Company& company : parts.companies.all())
    companies.emplace_back(company.spec().id, company.spec().name);
  inside += "<h3>Make one</h3>" + form_start("legacy", "legacy") + "<div class=\"fields\">" +
            select("realm", "Company", companies, "", "legacy-") +
            number("age_days", "Age in days", "0", "0", "3650", "legacy-") +
            "<button type=\"submit\">Make</button></div></form>";
  return section("legacy", "Legacy connections", "", inside);
}

std::string limits_form(const ControlParts& parts) {
  const LimitRules now = parts.limits.rules();
  const auto field = [](const char* name, const char* text, std::size_t value) {
    return number(name, text, std::to_string(value), "0", "1000000", "limit-");
  };
  return "<h3>Requests before 429 (0: as many as one likes)</h3>" + form_start("limits", "rules") +
         "<div class=\"fields\">" + field("per_minute", "A minute and company", now.per_minute) +
         field("per_second", "A second, company and application", now.per_second) +
         field("batches_per_minute", "Batches a minute", now.batches_per_minute) +
         "<button type=\"submit\">Save limits</button></div></form>";
}

std::string rules_section(const ControlParts& parts) {
  const json now = describe(parts.grants.rules());
  std::string inside = form_start("rules", "rules") + "<div class=\"fields\">";
  for (const TimeRule& rule : time_rules())
    inside += number(rule.name, std::string(rule.meaning) + ", in seconds", now[rule.name].dump(),
                     "0", "3153600000", "rule-");
  inside += "</div><h3>Switches</h3>";
  for (const SwitchRule& rule : switch_rules())
    inside += "<label class=\"switch\"><input type=\"hidden\" name=\"" + std::string(rule.name) +
              "\" value=\"false\"><input type=\"checkbox\" name=\"" + rule.name +
              "\" value=\"true\"" + (now[rule.name].get<bool>() ? " checked" : "") + "><span>" +
              rule.meaning + "</span></label>";
  return section(
      "rules", "Rules", "",
      "<p class=\"soft\">They hold from now on, for tokens that exist too.</p><details><summary>"
      "Show and change</summary>" +
          inside + "<div class=\"plain\"><button type=\"submit\">Save</button></div></form>" +
          limits_form(parts) + "</details>");
}

}  // namespace

nlohmann::json describe_state(const ControlParts& parts) {
  json companies = json::array(), grants = json::array(), old = json::array();
  for (const Company& company : parts.companies.all())
    companies.push_back({{"realm", company.spec().id},
                         {"name", company.spec().name},
                         {"production", company.spec().production},
                         {"customers", company.people().customers()},
                         {"vendors", company.people().vendors()}});
  for (const auto& grant : parts.grants.summaries(parts.clock.now()))
    grants.push_back({{"client_id", grant.client_id},
                      {"user", grant.user},
                      {"realm", grant.realm},
                      {"live", grant.live},
                      {"since", pacific_time(grant.since)},
                      {"refresh_until", pacific_time(grant.refresh_until)},
                      {"hard_until", pacific_time(grant.hard_until)}});
  for (const auto& connection : parts.legacy.all())
    old.push_back({{"realm", connection.realm},
                   {"since", pacific_time(connection.issued)},
                   {"until", pacific_time(connection.issued + legacy_life)},
                   {"migrated", connection.migrated}});
  return {{"now", pacific_time(parts.clock.now())},
          {"companies", std::move(companies)},
          {"grants", std::move(grants)},
          {"legacy", std::move(old)}};
}

http::Response front_page(const ControlParts& parts, const http::Request& request,
                          const std::string& problem) {
  const json state = describe_state(parts);
  std::string below = "<p>A local stand-in for Intuit and QuickBooks Online, at " +
                      code(parts.address.of(request)) +
                      ". No real account, no real books.</p><p class=\"soft small\">For programs: ";
  for (const char* path : {"/.well-known/openid_configuration", "/sandbox/state",
                           "/sandbox/requests", "/sandbox/faults", "/sandbox/rules"})
    below += "<a href=\"" + std::string(path) + "\">" + path + "</a> ";
  std::string sections;
  if (!problem.empty())
    sections += "<p class=\"problem\" role=\"alert\">" + escape_html(problem) + "</p>";
  sections += clock_section(parts) + consent_section(parts) + companies_section(state) +
              grants_section(parts, state) + legacy_section(parts) +
              faults_section(parts.faults, parts.companies) + webhooks_section(parts) +
              rules_section(parts) + requests_section(parts.ledger);
  return wide_page("Rekey sandbox", below + "</p>", sections);
}

}  // namespace rekey::sandbox
