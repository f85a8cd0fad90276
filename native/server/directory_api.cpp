#include "native/server/directory_api.hpp"

#include "native/server/directory_records.hpp"
#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/connections.hpp"
#include "native/store/directory.hpp"
#include "native/store/records.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

using mapping::Section;
using wire::Json;

constexpr int page_of_records = 1000;

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