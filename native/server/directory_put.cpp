// A directory that is put as a whole: in one body, or line by line in one transaction.
#include <array>
#include <unordered_set>

#include "native/server/body_lines.hpp"
#include "native/server/directory_records.hpp"
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

// What it would remove ---------------------------------------------------------------------------

bool is_too_much(std::int64_t removed, std::int64_t there) {
  return removed > few_records && removed * 2 > there;
}

struct Removal {
  std::int64_t there = 0, removed = 0;
};
/// The sections of which more than half would go, with how many; where more than half of the whole
/// directory would go, every section that loses some. Empty: neither.
Json would_remove(const std::function<Removal(Section)>& removal_of) {
  Json too_much = Json::object(), all = Json::object();
  std::int64_t removed_in_all = 0, there_in_all = 0;
  for (const auto section : mapping::all_sections) {
    const auto [there, removed] = removal_of(section);
    const std::string name(wire::name_of(section));
    const Json counts = {{"there", there}, {"would_be_removed", removed}};
    if (removed > 0) all[name] = counts;
    if (is_too_much(removed, there)) too_much[name] = counts;
    removed_in_all += removed;
    there_in_all += there;
  }
  return is_too_much(removed_in_all, there_in_all) ? all : too_much;
}

Json would_remove(store::Database& db, const std::string& tenant, const mapping::Records& records) {
  return would_remove([&](Section section) {
    std::unordered_set<std::string_view> ids;
    for (const auto& each : records.of(section)) ids.insert(each.id);
    return Removal{store::directory_count(db, tenant, section),
                   store::directory_count_beside(db, tenant, section, ids)};
  });
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

// In one body ------------------------------------------------------------------------------------

void note_replaced(Service& service, const std::string& tenant, const wire::Actor& actor) {
  service.driver.wake_workers();
  audit::note(service.driver.databases(), {audit::Event::directory_replaced, actor, tenant},
              service.driver.now());
}

http::Response put_at_once(Service& service, const http::Request& request,
                           const std::string& tenant, const wire::Actor& actor) {
  const auto body = body_as<DirectoryBody>(request, "The directory");
  if (!body) return problem(body.error());
  const auto records = all_records_of(*body);
  if (!records) return problem(records.error());
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
  note_replaced(service, tenant, actor);
  return json_answer(200, counts_of([&](Section section) {
                       return static_cast<std::int64_t>(records->of(section).size());
                     }));
}

// Line by line -----------------------------------------------------------------------------------

struct WholeLine : RecordDetails {
  Section section = Section::accounts;
  std::string id, name;
  static constexpr auto fields() {
    return std::tuple_cat(std::tuple{field("section", &WholeLine::section),
                                     field("id", &WholeLine::id), field("name", &WholeLine::name)},
                          details());
  }
  static constexpr auto also_called() { return record_aliases; }
};

/// Thrown within the transaction, so that nothing of it is stored.
struct RemovesTooMuch {
  Json sections;
};

/// Puts all lines. Throws BadLine.
void put_lines(store::DirectoryReplacement& replacement, const http::Request& request) {
  BodyLines lines(request);
  for (auto some = lines.next(); !some.empty(); some = lines.next())
    for (const auto& each : some) {
      const auto line = BodyLines::read<WholeLine>(each);
      const auto record = record_of(line.id, line.name, line);
      if (auto wrong = complaint_about(record); !wrong.empty())
        throw BadLine{each.number, std::move(wrong)};
      if (!replacement.put(line.section, record))
        throw BadLine{each.number, words::say("line.named_twice")};
    }
}

http::Response put_by_lines(Service& service, const http::Request& request,
                            const std::string& tenant, const wire::Actor& actor) {
  const bool meant = request.query_value("replace").value_or("") == "true";
  Json counts;
  auto db = service.driver.databases().borrow();
  try {
    const bool known = store::in_transaction(*db, [&] {
      if (!store::tenant_name(*db, tenant)) return false;
      store::DirectoryReplacement replacement(*db, tenant);
      put_lines(replacement, request);
      auto too_much = meant ? Json::object() : would_remove([&](Section section) {
        return Removal{replacement.there(section), replacement.removed(section)};
      });
      if (!too_much.empty()) throw RemovesTooMuch{std::move(too_much)};
      replacement.finish();
      counts = counts_of([&](Section section) { return replacement.put_so_far(section); });
      store::ask_matching_of_tenant(*db, tenant, service.driver.now());
      return true;
    });
    if (!known) return problem(no_such_tenant(tenant));
  } catch (const BadLine& line) {
    return bad_line(line);
  } catch (const RemovesTooMuch& too_much) {
    return removes_too_much(too_much.sections);
  }
  note_replaced(service, tenant, actor);
  return json_answer(200, counts);
}

}  // namespace

http::Response put_directory(Service& service, const http::Request& request, const Places& places,
                             const wire::Actor& actor) {
  if (check_type(request, "application/x-ndjson"))
    return put_by_lines(service, request, places.at("tenant"), actor);
  return put_at_once(service, request, places.at("tenant"), actor);
}

}  // namespace rekey::server
