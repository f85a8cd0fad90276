#include "native/server/directory_api.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "native/server/paging.hpp"
#include "native/server/problem.hpp"
#include "native/store/connections.hpp"
#include "native/store/directory.hpp"
#include "native/store/records.hpp"
#include "native/work/audit.hpp"

namespace rekey::server {

namespace {

using mapping::Section;
using wire::field;
using wire::Json;

constexpr int page_of_records = 1000;
/// Fewer than these go without being asked about.
constexpr std::int64_t few_records = 10;
constexpr std::size_t lines_at_once = 500;
constexpr std::size_t most_refusals_told = 100;

/// What accounting people and other systems call the sections and their records.
constexpr std::array section_aliases = {
    wire::Alias{"vendors", "suppliers"}, wire::Alias{"creditors", "suppliers"},
    wire::Alias{"clients", "customers"}, wire::Alias{"debtors", "customers"},
    wire::Alias{"taxes", "tax_codes"},   wire::Alias{"tax_rates", "tax_codes"},
    wire::Alias{"ledger", "accounts"},   wire::Alias{"chart_of_accounts", "accounts"}};
constexpr std::array record_aliases = {
    wire::Alias{"display_name", "name"}, wire::Alias{"title", "name"},
    wire::Alias{"description", "detail"}, wire::Alias{"number", "detail"},
    wire::Alias{"email", "detail"}};

/// A record as a host sends it: only id and name are needed.
struct RecordBody {
  std::string id, name;
  std::optional<std::string> detail;
  static constexpr auto fields() {
    return std::tuple{field("id", &RecordBody::id), field("name", &RecordBody::name),
                      field("detail", &RecordBody::detail)};
  }
  static constexpr auto also_called() { return record_aliases; }
};

struct DirectoryBody {
  std::optional<std::vector<RecordBody>> accounts, tax_codes, customers, suppliers;
  std::optional<bool> replace;
  static constexpr auto fields() {
    return std::tuple{
        field("accounts", &DirectoryBody::accounts), field("tax_codes", &DirectoryBody::tax_codes),
        field("customers", &DirectoryBody::customers),
        field("suppliers", &DirectoryBody::suppliers), field("replace", &DirectoryBody::replace)};
  }
  static constexpr auto also_called() { return section_aliases; }
};

http::Response no_tenant(const std::string& id) {
  return problem({Code::not_found,
                  "There is no tenant \"" + id + "\". Make it with PUT /v1/tenants/{tenant} first.",
                  {}});
}

/// What is wrong with a record; empty: nothing.
std::string complaint_about(const std::string& id, const std::string& name,
                            const std::string& detail) {
  if (id.empty() || id.size() > 128) return "an id is 1 to 128 bytes long";
  if (name.empty() || name.size() > 1024) return "a name is 1 to 1024 bytes long";
  if (detail.size() > 1024) return "a detail is at most 1024 bytes long";
  return {};
}

/// The records of a section, each named at most once and of a reasonable size.
Result<std::vector<mapping::Record>> records_of(
    Section section, const std::optional<std::vector<RecordBody>>& bodies) {
  std::vector<mapping::Record> out;
  if (!bodies) return out;
  const std::string where = std::string(wire::name_of(section)) + "[";
  std::unordered_set<std::string_view> ids;
  out.reserve(bodies->size());
  for (const auto& each : *bodies) {
    const auto at = where + std::to_string(out.size()) + "]: ";
    const auto wrong = complaint_about(each.id, each.name, each.detail.value_or(""));
    if (!wrong.empty()) return fail(Code::bad_input, at + wrong + ". Nothing was changed.");
    if (!ids.insert(each.id).second)
      return fail(Code::bad_input, at + "another record of " + std::string(wire::name_of(section)) +
                                       " has the same id. Nothing was changed.");
    out.push_back({each.id, each.name, each.detail.value_or(""), true});
  }
  return out;
}

Json counts_of(store::Database& db, const std::string& tenant) {
  Json out = Json::object();
  for (const auto section : mapping::all_sections)
    out[std::string(wire::name_of(section))] = store::directory_count(db, tenant, section);
  return out;
}

// Replaced as a whole ----------------------------------------------------------------------------

/// The sections of which more than half would go, with how many; empty: none.
Json would_remove(store::Database& db, const std::string& tenant, const mapping::Records& records) {
  Json out = Json::object();
  for (const auto section : mapping::all_sections) {
    const auto there = store::directory_count(db, tenant, section);
    if (there <= few_records) continue;
    std::unordered_set<std::string_view> ids;
    for (const auto& each : records.of(section)) ids.insert(each.id);
    const auto removed = store::directory_count_beside(db, tenant, section, ids);
    if (removed > few_records && removed * 2 > there)
      out[std::string(wire::name_of(section))] = {{"there", there}, {"would_be_removed", removed}};
  }
  return out;
}

http::Response removes_too_much(const Json& sections) {
  std::string what;
  for (const auto& [name, counts] : sections.items())
    what += (what.empty() ? "" : " and ") + counts["would_be_removed"].dump() + " of the " +
            counts["there"].dump() + " " + name;
  return problem({Code::removes_too_much,
                  "This directory would remove " + what +
                      ". Nothing was changed. If that is meant, send it with \"replace\": true; "
                      "to change some records only, use PATCH.",
                  {}},
                 {{"would_remove", sections}});
}

Result<mapping::Records> all_records_of(const DirectoryBody& body) {
  mapping::Records out;
  const std::array bodies = {&body.accounts, &body.tax_codes, &body.customers, &body.suppliers};
  for (const auto section : mapping::all_sections) {
    auto records = records_of(section, *bodies[static_cast<std::size_t>(section)]);
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
    if (too_much.empty()) store::put_directory(*db, tenant, *records);
    return true;
  });
  if (!known) return no_tenant(tenant);
  if (!too_much.empty()) return removes_too_much(too_much);
  audit::note(service.driver.databases(), {audit::Event::directory_replaced, actor, tenant},
              service.driver.now());
  return json_answer(200, {{"accounts", records->accounts.size()},
                           {"tax_codes", records->tax_codes.size()},
                           {"customers", records->customers.size()},
                           {"suppliers", records->suppliers.size()}});
}

// Read back --------------------------------------------------------------------------------------

/// Put together as text: as JSON values, a hundred thousand records would take ten times as much.
void append_records(std::string& body, const std::vector<mapping::Record>& records) {
  body += '[';
  for (const auto& each : records) {
    if (&each != &records.front()) body += ',';
    body += wire::dump({{"id", each.id}, {"name", each.name}, {"detail", each.detail}});
  }
  body += ']';
}

http::Response whole_directory(store::Database& db, const std::string& tenant) {
  auto response = json_answer(200, Json::object());
  auto& body = response.body;
  const auto records = store::directory(db, tenant);
  body = "{";
  for (const auto section : mapping::all_sections) {
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
  if (named && !section)
    return problem({Code::bad_input,
                    "There is no such section. There are: accounts, tax_codes, customers, "
                    "suppliers.",
                    {}});
  const auto given = request.query_value("after");
  if (given && !section)
    return problem({Code::bad_input,
                    "\"after\" goes on in one section: name it too (?section=customers).",
                    {}});
  const auto after = after_cursor(given);
  if (!after) return problem(after.error());
  const auto& tenant = places.at("tenant");
  auto db = service.driver.databases().borrow();
  if (!store::tenant_name(*db, tenant)) return no_tenant(tenant);
  auto response =
      section ? section_page(*db, tenant, *section, *after) : whole_directory(*db, tenant);
  return unless_known(std::move(response), request);
}

// Changed in part --------------------------------------------------------------------------------

struct SectionPatch {
  std::optional<std::vector<RecordBody>> put;
  std::optional<std::vector<std::string>> remove;
  static constexpr auto fields() {
    return std::tuple{field("put", &SectionPatch::put), field("remove", &SectionPatch::remove)};
  }
  static constexpr auto also_called() {
    return std::array{wire::Alias{"add", "put"}, wire::Alias{"upsert", "put"},
                      wire::Alias{"set", "put"}, wire::Alias{"delete", "remove"}};
  }
};
struct PatchBody {
  std::optional<SectionPatch> accounts, tax_codes, customers, suppliers;
  static constexpr auto fields() {
    return std::tuple{
        field("accounts", &PatchBody::accounts), field("tax_codes", &PatchBody::tax_codes),
        field("customers", &PatchBody::customers), field("suppliers", &PatchBody::suppliers)};
  }
  static constexpr auto also_called() { return section_aliases; }
};

/// What came of a change.
struct Tally {
  std::array<std::int64_t, 5> outcomes{};  ///< by DirectoryEditor::Outcome
  std::int64_t lines = 0, refused = 0;
  Json refusals = Json::array();

  void count(store::DirectoryEditor::Outcome outcome) {
    ++outcomes[static_cast<std::size_t>(outcome)];
  }
  void refuse(std::int64_t line, const std::string& reason) {
    if (++refused <= static_cast<std::int64_t>(most_refusals_told))
      refusals.push_back({{"line", line}, {"reason", reason}});
  }
  http::Response answer(const Json& counts) const {
    Json out = {{"refused", refused}, {"refusals", refusals}, {"directory", counts}};
    const auto names = names_of(store::DirectoryEditor::Outcome{});
    for (std::size_t i = 0; i < outcomes.size(); ++i) out[std::string(names[i])] = outcomes[i];
    return json_answer(200, out);
  }
};

/// One change to a section.
struct CheckedPatch {
  Section section = Section::accounts;
  std::vector<mapping::Record> put;
  std::vector<std::string> remove;
};

Result<std::vector<CheckedPatch>> checked_patches(const PatchBody& body) {
  std::vector<CheckedPatch> out;
  const std::array bodies = {&body.accounts, &body.tax_codes, &body.customers, &body.suppliers};
  for (const auto section : mapping::all_sections) {
    const auto& patch = *bodies[static_cast<std::size_t>(section)];
    if (!patch) continue;
    auto records = records_of(section, patch->put);
    if (!records) return tl::unexpected(records.error());
    out.push_back(
        {section, std::move(*records), patch->remove.value_or(std::vector<std::string>{})});
    const std::set<std::string_view> removed(out.back().remove.begin(), out.back().remove.end());
    for (const auto& each : out.back().put)
      if (removed.contains(each.id))
        return fail(Code::bad_input, "A record of " + std::string(wire::name_of(section)) +
                                         " is both put and removed. Nothing was changed.");
  }
  return out;
}

http::Response patch_at_once(Service& service, const http::Request& request,
                             const std::string& tenant) {
  const auto body = body_as<PatchBody>(request, "The change");
  if (!body) return problem(body.error());
  const auto patches = checked_patches(*body);
  if (!patches) return problem(patches.error());
  auto db = service.driver.databases().borrow();
  Tally tally;
  Json counts;
  const bool known = store::in_transaction(*db, [&] {
    tally = {};
    if (!store::tenant_name(*db, tenant)) return false;
    store::DirectoryEditor editor(*db, tenant);
    for (const auto& patch : *patches) {
      for (const auto& each : patch.put) tally.count(editor.put(patch.section, each));
      for (const auto& each : patch.remove) tally.count(editor.remove(patch.section, each));
    }
    counts = counts_of(*db, tenant);
    return true;
  });
  return known ? tally.answer(counts) : no_tenant(tenant);
}

/// One line: a record as it is to be, or one that is gone.
struct RecordLine {
  Section section = Section::accounts;
  std::string id;
  std::optional<std::string> name, detail;
  std::optional<bool> removed;
  static constexpr auto fields() {
    return std::tuple{field("section", &RecordLine::section), field("id", &RecordLine::id),
                      field("name", &RecordLine::name), field("detail", &RecordLine::detail),
                      field("removed", &RecordLine::removed)};
  }
  static constexpr auto also_called() { return record_aliases; }
};

/// Takes a line; gives why it was refused, or nothing.
std::string take_record(store::DirectoryEditor& editor, std::string_view text, Tally& tally) {
  const auto json = wire::parse(text, "The line");
  if (!json) return json.error().hint;
  const auto line = wire::read_strictly_as<RecordLine>(*json, "The line");
  if (!line) return line.error().hint;
  const bool removed = line->removed.value_or(false);
  if (!removed && !line->name) return "A record needs its name, or \"removed\": true.";
  if (const auto wrong =
          complaint_about(line->id, removed ? "-" : *line->name, line->detail.value_or(""));
      !wrong.empty())
    return "The record cannot be used: " + wrong + ".";
  tally.count(removed ? editor.remove(line->section, line->id)
                      : editor.put(line->section,
                                   {line->id, *line->name, line->detail.value_or(""), true}));
  return {};
}

std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Line by line, some hundred to a transaction, so that neither memory nor other writers wait for
/// the last of many. What was taken before a line that is refused stays.
http::Response patch_by_lines(Service& service, const http::Request& request,
                              const std::string& tenant) {
  auto db = service.driver.databases().borrow();
  Tally tally;
  std::string_view rest = request.body;
  while (!rest.empty()) {
    Tally next;
    std::string_view after;
    const bool known = store::in_transaction(*db, [&] {
      next = tally;
      after = rest;
      if (!store::tenant_name(*db, tenant)) return false;
      store::DirectoryEditor editor(*db, tenant);
      for (std::size_t taken = 0; taken < lines_at_once && !after.empty(); ++taken) {
        const auto line = next_line(after);
        ++next.lines;
        if (line.empty()) continue;
        if (const auto why = take_record(editor, line, next); !why.empty())
          next.refuse(next.lines, why);
      }
      return true;
    });
    if (!known) return no_tenant(tenant);
    tally = std::move(next);
    rest = after;
  }
  if (!store::tenant_name(*db, tenant)) return no_tenant(tenant);
  return tally.answer(counts_of(*db, tenant));
}

http::Response patch_directory(Service& service, const http::Request& request, const Places& places,
                               const wire::Actor&) {
  if (check_type(request, "application/x-ndjson"))
    return patch_by_lines(service, request, places.at("tenant"));
  return patch_at_once(service, request, places.at("tenant"));
}

}  // namespace

void add_directory_api(Router& router, Service& service) {
  constexpr const char* path = "/v1/tenants/{tenant}/directory";
  router.add("GET", path, with_key(service, Scope::directory, get_directory));
  router.add("PUT", path, with_key(service, Scope::directory, put_directory));
  router.add("PATCH", path, with_key(service, Scope::directory, patch_directory));
}

}  // namespace rekey::server
