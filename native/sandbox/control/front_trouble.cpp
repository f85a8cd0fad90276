// The sections of the front page on trouble asked for, and on what has been received.
#include "native/sandbox/control/front_page.hpp"
#include "native/sandbox/pages/form.hpp"
#include "native/sandbox/pages/html.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

constexpr std::int64_t shown_requests = 25;

const Choices routes = {{"*", "everything"},
                        {"discovery", "discovery"},
                        {"authorize", "authorization"},
                        {"token", "tokens: both"},
                        {"token.authorization_code", "tokens: code exchange"},
                        {"token.refresh_token", "tokens: refresh"},
                        {"revoke", "revocation"},
                        {"userinfo", "userinfo"},
                        {"jwks", "keys"},
                        {"migrate", "migration"},
                        {"legacy", "legacy: both"},
                        {"reconnect", "legacy: reconnect"},
                        {"disconnect", "legacy: disconnect"},
                        {"api", "accounting: everything"},
                        {"companyinfo", "accounting: company"},
                        {"preferences", "accounting: preferences"},
                        {"query", "accounting: queries"},
                        {"read", "accounting: single reads"},
                        {"write", "accounting: writing"},
                        {"cdc", "accounting: changes since"},
                        {"batch", "accounting: batches"}};

const Choices kinds = {{"status", "answer the status"},
                       {"slow", "answer late"},
                       {"html", "answer a web page"},
                       {"truncated", "answer half"},
                       {"content_type", "call the answer HTML"},
                       {"cut", "cut the connection, no answer"},
                       {"cut_body", "cut the connection half-way"},
                       {"admin_lost", "code 120: admin’s rights lost"},
                       {"expired", "code 3200: token expired"},
                       {"wrong_company", "code 3100: wrong company"},
                       {"rows_move", "rows move after each query"},
                       {"ignore_orderby", "ignore ORDERBY"},
                       {"ignore_startposition", "ignore STARTPOSITION"},
                       {"wrong_case", "call the list by a small letter"},
                       {"short_page", "answer half of the page’s rows"},
                       {"bad_records", "one record in ten is bad"}};

std::string shown(const Choices& choices, const std::string& value) {
  for (const auto& [known, text] : choices)
    if (known == value) return escape_html(text);
  return escape_html(value);
}

std::string how(const FaultRule& rule) {
  std::string out = shown(kinds, rule.kind);
  if (rule.kind == "status" || rule.kind == "html") out += " " + std::to_string(rule.status);
  if (!rule.error.empty()) out += " " + escape_html(rule.error);
  if (rule.after && (rule.kind == "status" || rule.kind == "cut")) out += ", after the work";
  if (rule.delay_ms > 0) out += ", after " + std::to_string(rule.delay_ms) + " ms";
  return out;
}

std::string how_often(const FaultRule& rule) {
  std::string out = rule.count < 0 ? "every time" : std::to_string(rule.count) + " more";
  if (rule.probability < 1)
    out += ", one in " + std::to_string(static_cast<int>(1 / std::max(rule.probability, 1e-6)));
  return out;
}

std::string fault_form(const Companies& here) {
  Choices companies = {{"", "all, or not accounting"}};
  for (const Company& company : here.all())
    companies.emplace_back(company.spec().id, company.spec().name);
  return "<h3>Ask for trouble</h3>" + form_start("faults", "faults") + "<div class=\"fields\">" +
         select("route", "Where", routes, "*", "fault-") +
         select("realm", "Company", companies, "", "fault-") +
         select("kind", "What", kinds, "status", "fault-") +
         number("status", "Status", "500", "200", "599", "fault-") +
         select("when", "When", {{"before", "instead of the work"}, {"after", "after the work"}},
                "before", "fault-") +
         number("count", "How often (−1: always)", "1", "-1", "1000000", "fault-") +
         number("probability", "Probability", "1", "0", "1", "fault-", "any") +
         number("delay_ms", "Wait, in ms", "0", "0", "600000", "fault-") +
         "<button type=\"submit\">Add</button></div></form>";
}

std::string outcome(const json& entry) {
  const int status = entry["status"];
  if (entry.contains("cut")) return "<span class=\"bad\">cut</span>";
  const char* kind = status < 400 ? "good" : "bad";
  return "<span class=\"" + std::string(kind) + "\">" + std::to_string(status) + "</span>";
}

std::string sent_with(const json& entry) {
  const json& parameters = entry["parameters"];
  if (parameters.empty()) return "";
  std::string out = "<details><summary>" + std::to_string(parameters.size()) +
                    (parameters.size() == 1 ? " value" : " values") +
                    "<span class=\"hidden\"> of request " + entry["number"].dump() +
                    "</span></summary><dl>";
  for (const auto& [name, value] : parameters.items())
    out += "<dt>" + escape_html(name) + "</dt><dd><code>" +
           escape_html(value.is_string() ? value.get<std::string>() : value.dump()) +
           "</code></dd>";
  return out + "</dl></details>";
}

}  // namespace

std::string faults_section(const Faults& faults, const Companies& companies) {
  Table table{{"Where", "Company", "What", "How often", ""}, {}};
  for (const FaultRule& rule : faults.all()) {
    const Company* company = companies.find(rule.realm);
    table.rows.push_back({shown(routes, rule.route),
                          rule.realm.empty() ? "all"
                          : company          ? escape_html(company->spec().name)
                                             : escape_html(rule.realm),
                          how(rule), how_often(rule),
                          deed("faults", {{"method", "DELETE"}, {"id", std::to_string(rule.id)}},
                               "Remove", "fault " + std::to_string(rule.id))});
  }
  std::string inside = table.rows.empty()
                           ? "<p class=\"soft\">Nothing is asked to go wrong.</p>"
                           : table.html() + "<div class=\"row\">" +
                                 deed("faults", {{"method", "DELETE"}}, "Remove all") + "</div>";
  return section("faults", "Trouble", "", inside + fault_form(companies));
}

std::string requests_section(const Ledger& ledger) {
  const json all = ledger.after(0);
  if (all.empty())
    return section("requests", "Latest requests", "",
                   "<p class=\"soft\">None yet. Those for this page are not counted.</p>");
  Table table{{"Number", "Time", "Request", "Answer", "Sent with it"}, {}};
  for (auto entry = all.rbegin(); entry != all.rend(); ++entry) {
    if (static_cast<std::int64_t>(table.rows.size()) == shown_requests) break;
    table.rows.push_back({(*entry)["number"].dump(),
                          escape_html((*entry)["at"].get<std::string>().substr(11, 8)),
                          escape_html((*entry)["method"].get<std::string>()) + " " +
                              escape_html((*entry)["path"].get<std::string>()),
                          outcome(*entry), sent_with(*entry)});
  }
  return section("requests", "Latest requests", "",
                 "<p class=\"soft\">The newest first. Secrets are shown as digests. <a "
                 "href=\"/sandbox/requests\">All of them</a></p>" +
                     table.html() + "<div class=\"row\">" +
                     deed("requests", {{"method", "DELETE"}}, "Clear the list") + "</div>");
}

}  // namespace rekey::sandbox
