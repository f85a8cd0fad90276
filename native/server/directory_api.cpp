#include "native/server/directory_api.hpp"

#include <array>
#include <unordered_set>

#include "native/server/directory_records.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/connections.hpp"
#include "native/store/directory.hpp"
#include "native/store/matching.hpp"
#include "native/store/records.hpp"
#include "native/words/words.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

using mapping::Section;
using wire::field;
using wire::Json;

constexpr int page_of_records = 1000;
/// So many go without being asked about.
constexpr std::int64_t few_records = 3;

struct DirectoryBody {
  using Section = std::optional<std::vector<RecordBody>>;
  Section accounts, tax_codes, items, customers, suppliers, classes, locations;
  std::optional<bool> replace;
  static constexpr auto fields() {
    return std::tuple{field("accounts", &DirectoryBody::accounts),
                      field("tax_codes", &DirectoryBody::tax_codes),
                      field("items", &DirectoryBody::items),
                      field("customers", &DirectoryBody::customers),
                      field("suppliers", &DirectoryBody::suppliers),
                      field("classes", &DirectoryBody::classes),
                      field("locations", &DirectoryBody::locations),
                      field("replace", &DirectoryBody::replace)};
  }
  static constexpr auto also_called() { return section_aliases; }
};

// Replaced as a whole ----------------------------------------------------------------------------

bool is_too_much(std::int64_t removed, std::int64_t there) {
  return removed > few_records && removed * 2 > there;
}

/// The sections of which more than half would go, with how many; where more than half of the whole
/// directory would go, every section that loses some. Empty: neither.
Json would_remove(store::Database& db, const std::string& tenant, const mapping::Records& records) {
  Json too_much = Json::object(), all = Json::object();
  std::int64_t removed_in_all = 0, there_in_all = 0;
  for (const auto section : mapping::all_sections) {
    const auto there = store::directory_count(db, tenant, section);
    std::unordered_set<std::string_view> ids;
    for (const auto& each : records.of(section)) ids.insert(each.id);
    const auto removed = store::directory_count_beside(db, tenant, section, ids);
    const std::string name(wire::name_of(section));
    const Json counts = {{"there", there}, {"would_be_removed", removed}};
    if (removed > 0) all[name] = counts;
    if (is_too_much(removed, there)) too_much[name] = counts;
    removed_in_all += removed;
    there_in_all += there;
  }
  return is_too_much(removed_in_all, there_in_all) ? all : too_much;
}

http::Response removes_too_much(const Json& sections) {
  std::string what;
  for (const auto& [name, counts] : sections.items())
    what += (what.empty() ? "" : ", ") +
            words::say("removes_too_much.section", {{"removed", counts["would_be_removed"].dump()},
                                                    {"there", counts["there"].dump()},
                                                    {"section", name}});
  return problem({Code::removes_too_much, words::say("removes_too_much", {{"what", what}}), {}},
                 {{"would_remove", sections}});
}

Result<mapping::Records> all_records_of(const DirectoryBody& body) {
  mapping::Records out;
  for (const auto section : mapping::all_sections) {
    auto records = records_of(section, mapping::part_of(body, section));
    if (!records) return tl::unexpected(records.error());
    out.of(section) = std::move(*records);
  }
  return out;
}

http::Response put_directory(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor) {
  const auto body = body_as<DirectoryBody>(request, "The directory");
  if (!body) return problem(body.error());
  const auto records = all_records_of(*body);
  if (!records) return problem(records.error());
  const auto& tenant = places.at("tenant");
  auto db = service.driver.databases().borrow();
  Json too_much;
  const bool known = store::in_transaction(*db, [&] {
    if (!store::tenant_name(*db, tenant)) return false;
    too_much = body->replace.value_or(false) ? Json::object() : would_remove(*db, tenant, *records);
    if (!too_much.empty()) return true;
    store::put_directory(*db, tenant, *records);
    store::ask_matching_of_tenant(*db, tenant, service.driver.now());
    return true;
  });
  if (!known) return problem(no_such_tenant(tenant));
  if (!too_much.empty()) return removes_too_much(too_much);
  service.driver.wake_workers();
  audit::note(service.driver.databases(), {audit::Event::directory_replaced, actor, tenant},
              service.driver.now());
  return json_answer(200, counts_of([&](Section section) {
                       return static_cast<std::int64_t>(records->of(section).size());
                     }));
}

// Read back --------------------------------------------------------------------------------------

/// Put together as text: as JSON values, a hundred thousand records would take ten times as much.
void append_records(std::string& body, const std::vector<mapping::Record>& records) {
  body += '[';
  for (const auto& each : records) {
    if (&each != &records.front()) body += ',';
    body += wire::dump(as_given(each));
  }
  body += ']';
}

http::Response whole_directory(store::Database& db, const std::string& tenant) {
  auto response = json_answer(200, Json::object());
  auto& body = response.body;
  const auto records = store::directory(db, tenant);
  body = "{";
  for (const auto section : mapping::all_sections) {
    if (!is_told(section, !records.of(section).empty())) continue;
    if (body.size() > 1) body += ',';
    body += '"';
    body += wire::name_of(section);
    body += "\":";
    append_records(body, records.of(section));
  }
  body += '}';
  return response;
}

http::Response section_page(store::Database& db, const std::string& tenant, Section section,
                            const std::string& after) {
  const auto records = store::directory_page(db, tenant, section, after, page_of_records);
  const bool more = records.size() == page_of_records;
  auto response = json_answer(200, Json::object());
  response.body = "{\"section\":\"" + std::string(wire::name_of(section)) + "\",\"records\":";
  append_records(response.body, records);
  response.body +=
      ",\"next\":" + wire::dump(cursor_after(more ? records.back().id : std::string())) + "}";
  return response;
}

http::Response get_directory(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor&) {
  const auto named = request.query_value("section");
  std::optional<Section> section;
  for (const auto each : mapping::all_sections)
    if (named && *named == wire::name_of(each)) section = each;
  if (named && !section) return problem({Code::bad_input, words::say("bad_input.section"), {}});
  const auto given = request.query_value("after");
  if (given && !section)
    return problem({Code::bad_input, words::say("bad_input.after_without_section"), {}});
  const auto after = after_cursor(given);
  if (!after) return problem(after.error());
  const auto& tenant = places.at("tenant");
  auto db = service.driver.databases().borrow();
  if (!store::tenant_name(*db, tenant)) return problem(no_such_tenant(tenant));
  auto response =
      section ? section_page(*db, tenant, *section, *after) : whole_directory(*db, tenant);
  return unless_known(std::move(response), request);
}

}  // namespace

void add_directory_api(Router& router, Service& service) {
  constexpr const char* path = "/v1/tenants/{tenant}/directory";
  router.add("GET", path, with_key(service, Scope::directory, get_directory));
  router.add("PUT", path, with_key(service, Scope::directory, put_directory));
  router.add("PATCH", path, with_key(service, Scope::directory, patch_directory));
}

}  // namespace rekey::server