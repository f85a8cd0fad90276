#include "native/sandbox/control/control_changes.hpp"

#include "native/sandbox/books/moving.hpp"
#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/pages/form.hpp"
#include "native/sandbox/pages/html.hpp"
#include "native/sandbox/pages/json_response.hpp"
#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

/// A member that is a whole number, or a text of one.
std::string id_member(const json& body) {
  const auto found = body.find("id");
  return found != body.end() && found->is_number_integer() ? found->dump()
                                                           : text_member(body, "id");
}

std::int64_t number_or(const json& body, const char* name, std::int64_t otherwise) {
  const auto found = body.find(name);
  return found != body.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

}  // namespace

http::Response control_problem(int status, const std::string& what) {
  http::Response response =
      json_response(status, {{"type", "about:blank"}, {"status", status}, {"detail", what}});
  response.headers.set("Content-Type", "application/problem+json");
  return response;
}

http::Response control_webhooks(const ControlParts& parts, const http::Request& request,
                                const json& body) {
  if (request.method == "POST") {
    auto changed = change(parts.webhooks.rules(), body);
    if (!changed) return control_problem(400, changed.error().hint);
    parts.webhooks.set(std::move(*changed));
  }
  json out = describe(parts.webhooks.rules());
  out["attempts"] = parts.webhooks.attempts();
  return json_response(200, out);
}

http::Response control_changes(const ControlParts& parts, const http::Request&, const json& body) {
  Company* company = parts.companies.find(text_member(body, "realm"));
  if (!company) return control_problem(404, "There is no company with this \"realm\" here.");
  const auto entity = entity_named(text_member(body, "entity"));
  const auto move = row_move_named(body.contains("what") ? text_member(body, "what") : "change");
  const std::int64_t times = number_or(body, "times", 1);
  if (!entity || !move || times < 1 || times > 100'000)
    return control_problem(400,
                           "Post {\"realm\", \"entity\", \"what\"}, where what is insert, remove, "
                           "rename, merge, reorder or change; with \"id\" of one record, or "
                           "\"seed\" and \"times\" from 1 to 100000.");
  const auto seed = static_cast<std::uint64_t>(number_or(body, "seed", 1));
  // Without a seed, asking twice does two things.
  const auto dice = mix(seed, body.contains("seed") ? 0 : company->written().revision(*entity));
  json done = json::array();
  for (std::int64_t i = 0; i < times; ++i) {
    const auto moved = move_row(*company, *entity, *move, mix(dice, static_cast<std::uint64_t>(i)),
                                parts.clock.now(), id_member(body));
    if (!moved) break;
    done.push_back({{"id", moved->id}});
    if (!moved->into.empty()) done.back()["into"] = moved->into;
  }
  if (done.empty()) return control_problem(404, "There is no such record to do this to.");
  return json_response(200, {{"changed", std::move(done)}});
}

std::string webhooks_section(const ControlParts& parts) {
  const HookRules rules = parts.webhooks.rules();
  std::string inside = "<p class=\"soft\">" +
                       (rules.url.empty() ? std::string("None are sent: there is no address.")
                                          : "To <code>" + escape_html(rules.url) + "</code>.") +
                       "</p>";
  Table table{{"Changes", "Attempt", "Signature", "Answer"}, {}};
  const json attempts = parts.webhooks.attempts();
  for (auto each = attempts.rbegin(); each != attempts.rend() && table.rows.size() < 10; ++each)
    table.rows.push_back({(*each)["changes"].dump(), (*each)["attempt"].dump(),
                          (*each)["wrong_signature"].get<bool>() ? "wrong" : "right",
                          (*each)["status"] == 0 ? "none" : (*each)["status"].dump()});
  if (!table.rows.empty()) inside += table.html();
  inside += form_start("webhooks", "webhooks") + "<div class=\"fields\">" +
            select("form", "Form",
                   {{"cloudevents", "CloudEvents"}, {"notifications", "eventNotifications"}},
                   rules.form == HookForm::cloudevents ? "cloudevents" : "notifications", "hook-") +
            number("duplicates", "Once more each", std::to_string(rules.duplicates), "0", "100",
                   "hook-") +
            number("wrong_signatures", "Signed wrongly", std::to_string(rules.wrong_signatures),
                   "0", "1000000", "hook-") +
            "<button type=\"submit\">Save webhooks</button></div></form>";
  Choices companies, entities, moves;
  for (const Company& company : parts.companies.all())
    companies.emplace_back(company.spec().id, company.spec().name);
  for (const char* each : {"Customer", "Vendor", "Account", "Item", "TaxCode", "Class"})
    entities.emplace_back(each, each);
  for (const auto name : row_move_names) moves.emplace_back(name, name);
  return section("webhooks", "Changes and webhooks", "",
                 inside + "<h3>Change a record</h3>" + form_start("changes", "webhooks") +
                     "<div class=\"fields\">" +
                     select("realm", "Company", companies, "", "change-") +
                     select("entity", "List", entities, "Customer", "change-") +
                     select("what", "What", moves, "change", "change-") +
                     number("times", "How often", "1", "1", "1000", "change-") +
                     "<button type=\"submit\">Do it</button></div></form>");
}

}  // namespace rekey::sandbox
