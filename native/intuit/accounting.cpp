#include "native/intuit/accounting.hpp"

#include "core/oauth/authorization.hpp"
#include "core/wire/fields.hpp"
#include "native/http/ask.hpp"
#include "native/http/retry_after.hpp"
#include "native/intuit/facts.hpp"
#include "native/intuit/fault.hpp"
#include "native/intuit/legacy.hpp"
#include "native/intuit/record.hpp"
#include "native/intuit/rows.hpp"
#include "native/intuit/tax.hpp"
#include "native/system/rfc3339.hpp"

namespace rekey::intuit {

namespace {

using wire::Json;

using oauth::Failure;
using oauth::Meaning;

tl::unexpected<Failure> unreadable(std::string debug) {
  return tl::unexpected(Failure{Meaning::unreadable, false, {}, std::move(debug)});
}

const Json* member(const Json* json, const char* name) {
  if (!json || !json->is_object()) return nullptr;
  const auto at = json->find(name);
  return at == json->end() ? nullptr : &*at;
}

std::string text_of(const Json* json) {
  return json && json->is_string() ? json->get<std::string>() : std::string();
}

bool is_single(imports::Entity entity) {
  return entity == imports::Entity::company_info || entity == imports::Entity::preferences;
}

std::string where_all(imports::Entity entity) {
  // Name lists give active rows only unless asked for both.
  return is_single(entity) ? "" : " where Active in (true, false)";
}

/// Positions mean something only in an order that does not change between two questions.
std::string in_order(imports::Entity entity) {
  return is_single(entity) ? "" : " orderby Id";
}

}  // namespace

Accounting::Accounting(oauth::Provider provider, std::shared_ptr<http::Client> client,
                       std::function<Instant()> clock)
    : provider_(std::move(provider)), client_(std::move(client)), clock_(std::move(clock)) {}

async::Task<Read<wire::Mended>> Accounting::get(std::string url, Secret access_token) const {
  http::ClientRequest request;
  request.url = std::move(url);
  request.headers = {{"Authorization", "Bearer " + access_token.reveal()},
                     {"Accept", "application/json"}};
  const auto response = co_await http::ask(*client_, std::move(request));
  if (!response)
    co_return tl::unexpected(Failure{Meaning::unavailable, false, {}, response.error().what});
  auto body = wire::parse_mended(response->body, "The answer");
  const auto* json = body ? &body->json : nullptr;
  const auto fault = fault_in(json, response->body);
  const auto meaning = meaning_of(response->status, json, fault);
  if (meaning == Meaning::alive) co_return std::move(*body);
  co_return tl::unexpected(Failure{meaning, false, http::retry_after_of(*response, clock_()),
                                   "status " + std::to_string(response->status) + ", fault " +
                                       (fault ? fault->code : "none") + ", intuit_tid " +
                                       response->headers.get("intuit_tid").value_or("none")});
}

// (Not a coroutine: what it is given need not last.)
async::Task<Read<wire::Mended>> Accounting::query(const std::string& realm_id,
                                                  const Secret& access_token,
                                                  const std::string& statement) const {
  return get(provider_.accounting_base + "/v3/company/" + oauth::encode(realm_id) +
                 "/query?query=" + oauth::encode(statement) + "&minorversion=75",
             access_token);
}

async::Task<Read<connect::Company>> Accounting::company(std::string realm_id,
                                                        Secret access_token) const {
  connect::Company out{realm_id, ""};
  if (out.realm_id.empty()) {
    const auto user = co_await get(provider_.userinfo_endpoint, access_token);
    if (!user) co_return tl::unexpected(user.error());
    out.realm_id = text_of(member(&user->json, "realmid"));
    if (out.realm_id.empty()) out.realm_id = text_of(member(&user->json, "sub"));
    out.name = text_of(member(&user->json, "name"));
    if (out.realm_id.empty()) co_return unreadable("userinfo names no company");
    if (provider_.accounting_base.empty()) co_return out;
  }
  const auto id = oauth::encode(out.realm_id);
  const auto url =
      provider_.accounting_base + "/v3/company/" + id + "/companyinfo/" + id + "?minorversion=75";
  const auto info = co_await get(url, access_token);
  if (!info) co_return tl::unexpected(info.error());
  const auto* company = member(&info->json, "CompanyInfo");
  out.name = text_of(member(company, "CompanyName"));
  if (out.name.empty()) co_return unreadable("CompanyInfo has no CompanyName");
  co_return out;
}

async::Task<Read<accounting::Page>> Accounting::page(imports::Entity entity, std::string realm_id,
                                                     Secret access_token, std::int64_t start,
                                                     std::int64_t most) const {
  const std::string name(wire::name_of(entity));
  const auto part =
      " startposition " + std::to_string(start) + " maxresults " + std::to_string(most);
  const auto all = "select * from " + name + where_all(entity);
  auto answer = co_await query(realm_id, access_token, all + in_order(entity) + part);
  // A list that cannot be put in order is read as it comes, rather than left out.
  if (!answer && answer.error().meaning == Meaning::list_refused && !in_order(entity).empty())
    answer = co_await query(realm_id, access_token, all + part);
  if (!answer) co_return tl::unexpected(answer.error());
  const auto* response = member_in_any_case(&answer->json, "QueryResponse");
  if (!response || !response->is_object()) co_return unreadable("no QueryResponse for " + name);
  auto out = page_of(member_in_any_case(response, name), answer->mended);
  if (!out) co_return unreadable("rows of " + name + " are not a list");
  out->time = time_of(answer->json);
  co_return std::move(*out);
}

bool Accounting::is_counted(imports::Entity entity) const {
  return !is_single(entity);
}

async::Task<Read<std::int64_t>> Accounting::count(imports::Entity entity, std::string realm_id,
                                                  Secret access_token) const {
  if (is_single(entity)) co_return 1;
  const auto statement =
      "select count(*) from " + std::string(wire::name_of(entity)) + where_all(entity);
  const auto answer = co_await query(realm_id, access_token, statement);
  if (!answer) co_return tl::unexpected(answer.error());
  const auto* total =
      member_in_any_case(member_in_any_case(&answer->json, "QueryResponse"), "totalCount");
  if (!total || !total->is_number_unsigned())
    co_return unreadable("no totalCount for " + std::string(wire::name_of(entity)));
  co_return total->get<std::int64_t>();
}

Millis Accounting::tells_changes(imports::Entity entity) const {
  using imports::Entity;
  const bool is_told = !is_single(entity) && entity != Entity::tax_code &&
                       entity != Entity::tax_rate && entity != Entity::tax_agency;
  return is_told ? Millis{std::chrono::hours{24 * 30}} : Millis{0};
}

async::Task<Read<accounting::Changes>> Accounting::changes(std::vector<imports::Entity> entities,
                                                           std::string realm_id,
                                                           Secret access_token,
                                                           Instant since) const {
  std::string names;
  for (const auto each : entities)
    names += (names.empty() ? "" : ",") + std::string(wire::name_of(each));
  const auto answer =
      co_await get(provider_.accounting_base + "/v3/company/" + oauth::encode(realm_id) +
                       "/cdc?entities=" + oauth::encode(names) +
                       "&changedSince=" + oauth::encode(rfc3339(since)) + "&minorversion=75",
                   access_token);
  if (!answer) co_return tl::unexpected(answer.error());
  auto out = changes_of(answer->json, entities);
  if (!out) co_return unreadable("no CDCResponse");
  co_return std::move(*out);
}

std::vector<imports::Entity> Accounting::small_lists() const {
  return {imports::Entity::company_info, imports::Entity::preferences, imports::Entity::tax_rate};
}

mapping::Record Accounting::record_of(imports::Entity entity, const Json& row,
                                      const accounting::SmallLists& lists) const {
  return intuit::record_of(entity, row, lists);
}

std::vector<mapping::Record> Accounting::records_beside(imports::Entity entity,
                                                        const accounting::SmallLists& lists) const {
  if (entity != imports::Entity::tax_code || !has_automated_sales_tax(lists)) return {};
  return automated_tax_codes();
}

mapping::CompanyFacts Accounting::facts_of(const accounting::SmallLists& lists) const {
  return intuit::facts_of(lists);
}

async::Task<bool> Accounting::disconnect_legacy(const oauth::Credential& credential,
                                                Instant now) const {
  return intuit::disconnect_legacy(provider_, *client_, credential, now);
}

}  // namespace rekey::intuit
